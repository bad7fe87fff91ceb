package evidence_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pipe/pipeline"
)

// entriesOf are the parts of a trace, inflated.
func entriesOf(t *testing.T, path string) map[string][]byte {
	t.Helper()
	in, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = in.Close() }()
	entries := map[string][]byte{}
	for _, f := range in.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if entries[f.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
	return entries
}

// A trace of a failed attempt has what was done and what the network carried, and no secret:
// neither what was filled in, nor cookies, nor what pages showed.
func TestTrace(t *testing.T) {
	t.Parallel()
	page := show(t, leaky)
	n := newNight(t, bounds)
	n.trace = true
	n.taker = n.begin(bounds)
	f := failure(page)
	if f.Trace = n.taker.Trace(t.Context(), page); f.Trace == nil {
		t.Fatal("there is no trace: ", n.log.String())
	}
	f.Trace.BeginStep(t.Context(), "navigate.steps[1].click")
	for _, do := range []func() error{
		func() error { _, err := page.Reload(); return err },
		func() error { return page.Locator("input[type=password]").Fill("by hand in the night") },
		func() error { return page.Locator("#plain").Fill("is " + password) },
		func() error { return page.Locator("#plain").PressSequentially(password) },
	} {
		if err := do(); err != nil {
			t.Fatal(err)
		}
	}
	f.Trace.EndStep(t.Context())
	at := filepath.Join(n.dir, n.taker.Take(t.Context(), f))
	f.Trace.Drop(t.Context()) // it is over
	entries := entriesOf(t, filepath.Join(at, pipeline.EvidenceTrace))
	for name, data := range entries {
		for _, value := range []string{password, "pass/w", cookie, "typed by hand", "by hand in the night"} {
			if how := holds(data, value); how != "" {
				t.Errorf("%s holds %q %s: %.1000s", name, value, how, data[max(0, bytes.Index(data, []byte(value))-700):])
			}
		}
	}
	events := bytes.Split(bytes.TrimSpace(entries["trace.trace"]), []byte("\n"))
	if len(events) < 10 {
		t.Errorf("there are %d events", len(events))
	}
	for _, line := range events {
		if !json.Valid(line) {
			t.Errorf("no JSON: %s", line)
		}
	}
	all := string(entries["trace.trace"])
	if !strings.Contains(all, `"method":"fill"`) || !strings.Contains(all, `is ***`) || !strings.Contains(all, "item 4711") || !strings.Contains(all, `"apiName":"navigate.steps[1].click"`) {
		t.Error("it has not what was done, or not what was shown")
	}
	if network := string(entries["trace.network"]); !strings.Contains(network, "/style.css") || !strings.Contains(network, `"value":"***"`) {
		t.Errorf("the network has carried %.500s", network)
	}
	if left, err := filepath.Glob(filepath.Join(n.dir, "evidence", ".trace-*")); err != nil || len(left) > 0 {
		t.Errorf("left: %v, %v", left, err)
	}
	if _, err := os.Stat(filepath.Join(at, pipeline.EvidenceScreenshot)); err != nil {
		t.Error(err)
	}
	// The next attempt begins anew, and nothing is left of one that went well.
	again := n.taker.Trace(t.Context(), page)
	if again == nil {
		t.Fatal("there is no second trace: ", n.log.String())
	}
	again.Drop(t.Context())
}
