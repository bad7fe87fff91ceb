package steps_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"testing"

	"pipe/pipeline"
	"pipe/steps"
)

const twoFiles = `<script>let clicks = 0;
	const save = (name, text) => { const a = document.createElement('a'); a.download = name; a.href = URL.createObjectURL(new Blob([text])); a.click(); };</script>
	<button id=both onclick="clicks++; save('a.xml', '<x>xml A1</x>'); setTimeout(() => save('a.pdf', '%PDF-1.4 pdf A1'), 300)">both</button>
	<button id=one onclick="clicks++; save('a.pdf', '%PDF-1.4 one A1')">one</button>
	<button id=none onclick="clicks++; alert('The archive is closed'); document.body.append('nothing')">none</button>`

// looks has the files looked at as the engine would.
func (s *testPage) looks() *testPage {
	s.Look = func(_ context.Context, c *steps.CapturedFile, file *os.File, _ steps.Receipt) error {
		text, err := io.ReadAll(io.NewSectionReader(file, 0, 1<<20))
		if err != nil {
			return err
		}
		if want := c.Proof.Kind(c.Name); want == "pdf" && !bytes.HasPrefix(text, []byte("%PDF")) || want == "" && bytes.HasPrefix(text, []byte("%PDF")) {
			return &pipeline.ProofError{Check: "type", Reason: "is no " + want}
		}
		return nil
	}
	return s
}

// received gives the names and texts of the files that steps captured, and forgets
// them.
func (s *testPage) received() string {
	s.t.Helper()
	var all []string
	for _, c := range s.Captures {
		var to bytes.Buffer
		if _, err := c.Delivery.Receive(s.ctx, &to); err != nil {
			s.t.Errorf("%s: %v", c.Name, err)
		}
		all = append(all, c.Name+" "+to.String())
	}
	s.Captures = nil
	return strings.Join(all, ", ")
}

// Captures that have the very same trigger share one run of it, as long as nothing
// stands between.
func TestCapturesShareTrigger(t *testing.T) {
	t.Parallel()
	s := show(t, twoFiles).looks()
	pdf := `capture: {on: {click: "#both"}, as: "${{ item.ref }}.pdf"}`
	xml := `capture: {on: {click: "#both"}, as: "${{ item.ref }}.xml"}`
	const both = "A1.pdf %PDF-1.4 pdf A1, A1.xml <x>xml A1</x>"
	s.do(pdf, xml)
	s.is("clicks", 1)
	if got := s.received(); got != both {
		t.Errorf("got %s", got)
	}
	s.do(pdf, `{if: "false", capture: {on: {click: "#both"}, as: b.pdf}}`, xml, `set: {n: 1}`, xml)
	s.is("clicks", 3)
	if got := s.received(); got != both+", A1.xml <x>xml A1</x>" {
		t.Errorf("with a step between: got %s", got)
	}
	s.fails("no file came", `capture: {on: {click: "#one"}, as: a.pdf}`, `{timeout: 2s, capture: {on: {click: "#one"}, as: a.xml}}`)
	s.is("clicks", 4)
	s.Captures[0].Delivery.Discard()
	s.Captures = nil
	// What a trigger has left is no later one's.
	s.do(`capture: {on: {click: "#one"}, as: c.pdf}`)
	if got := s.received(); got != "c.pdf %PDF-1.4 one A1" {
		t.Errorf("after a failure: got %s", got)
	}
}

// An item for which the site has no file is done without it where the spec says so,
// and only where nothing speaks of one.
func TestCaptureIfNone(t *testing.T) {
	t.Parallel()
	s := show(t, twoFiles+`<button id=gone onclick="fetch('/gone/A1')">gone</button><button id=broken onclick="fetch('/broken')">broken</button>`).looks()
	none := func(id string) string {
		return `{timeout: 2s, capture: {on: {click: "#` + id + `"}, as: "A1.xml", if_none: skip}}`
	}
	s.do(none("none"), none("gone"), `capture: {on: {click: "#one"}, as: "A1.pdf"}`, none("one"))
	if got := s.received(); got != "A1.pdf %PDF-1.4 one A1" || len(s.Missing) != 3 {
		t.Errorf("got %s, missing %+v", got, s.Missing)
	}
	for i, want := range []string{"no file came", "answered 404", "no file came"} {
		if !strings.Contains(s.Missing[i].Reason, want) {
			t.Errorf("missing for %q, want %q", s.Missing[i].Reason, want)
		}
	}
	s.fails("answered 502", none("broken"))
	var seen *steps.NoFileError
	err := s.try(`{timeout: 2s, capture: {on: {click: "#none"}, as: "A1.xml"}}`)
	if !errors.As(err, &seen) || !strings.Contains(err.Error(), `a dialog said "The archive is closed"`) {
		t.Errorf("got %v", err)
	}
}

// What a site says is made fit for a terminal, and cut between words.
func TestPrintable(t *testing.T) {
	t.Parallel()
	if got := steps.Printable(" closed\x1b[31m\n on\u202e  \u2067Saturdays\x00 "); got != "closed[31m on Saturdays" {
		t.Errorf("got %q", got)
	}
	long := strings.Repeat("word ", 39) + "secret-of-many-letters"
	if got := steps.Printable(long); strings.Contains(got, "secret") || !strings.HasSuffix(got, "word …") {
		t.Errorf("got %q", got)
	}
}
