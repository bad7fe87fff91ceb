package evidence_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"pipe/pipeline"
	"pipe/pipeline/evidence"
	"pipe/specs"
)

// refused is a failure without a page.
func refused(n, step int) pipeline.Failure {
	return pipeline.Failure{
		Of: pipeline.EvidenceOfItem, Key: fmt.Sprint("item ", n), Attempt: 1, Class: pipeline.ProofFailed, Step: fmt.Sprintf("download[%d].capture", step),
		Reason: "file is no PDF", File: "evidence/x.pdf",
	}
}

// However many failures there are, at once and by several runs that share a folder, no
// more is kept than the spec says.
func TestBounds(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		bounds      specs.Evidence
		causes      int
		most, least int
	}{
		"per cause": {specs.Evidence{Keep: "page", PerCause: 3, PerRun: 50, Bytes: 1 << 20}, 4, 12, 12},
		"per run":   {specs.Evidence{Keep: "page", PerCause: 3, PerRun: 10, Bytes: 1 << 20}, 100, 10, 10},
		"bytes":     {specs.Evidence{Keep: "page", PerCause: 3, PerRun: 50, Bytes: 1500}, 100, 6, 3},
		"off":       {specs.Evidence{Keep: "off", PerCause: 3, PerRun: 50, Bytes: 1 << 20}, 4, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := newNight(t, c.bounds)
			var all sync.WaitGroup
			for i := range 500 {
				all.Go(func() { n.taker.Take(t.Context(), refused(i, i%c.causes)) })
			}
			all.Wait()
			kept, bytes := n.kept(), int64(0)
			for _, e := range kept {
				for _, f := range e.Files {
					bytes += f.Size
				}
			}
			if len(kept) > c.most || len(kept) < c.least || bytes > int64(c.bounds.Bytes) {
				t.Errorf("of 500 failures %d are kept, with %d bytes", len(kept), bytes)
			}
			folders, err := filepath.Glob(filepath.Join(n.dir, "evidence", "run-1", "*"))
			if err != nil || len(folders) != len(kept) {
				t.Errorf("there are %d folders of %d, %v", len(folders), len(kept), err)
			}
			// One that joined this run adds nothing of causes that are known, and a run
			// after it begins anew.
			joined := n.begin(c.bounds)
			for i := range 500 {
				joined.Take(t.Context(), refused(i, i%c.causes))
			}
			if now := len(n.kept()); now > c.most {
				t.Errorf("with a run beside it, %d are kept", now)
			}
		})
	}
}

// A disk that takes no more costs a warning, and leaves nothing behind.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	n := newNight(t, bounds)
	if err := os.WriteFile(filepath.Join(n.dir, "evidence"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if folder := n.taker.Take(t.Context(), refused(1, 1)); folder != "" {
		t.Errorf("it is in %q", folder)
	}
	if !strings.Contains(n.log.String(), "no evidence could be kept") || len(n.kept()) != 0 {
		t.Errorf("the log has %q, the ledger %v", n.log.String(), n.kept())
	}
}

// A failure of which nothing could be kept leaves its place to the next of the cause, as often
// as failures of it are kept, and no more.
func TestMissed(t *testing.T) {
	t.Parallel()
	bounds := bounds
	bounds.Bytes = 600 // room for one or two
	n := newNight(t, bounds)
	blocked := filepath.Join(n.dir, "evidence")
	miss := func(times int) {
		t.Helper()
		if err := errors.Join(os.RemoveAll(blocked), os.WriteFile(blocked, nil, 0o600)); err != nil {
			t.Fatal(err)
		}
		for i := range times {
			n.taker.Take(t.Context(), refused(i, 1))
		}
		if err := os.Remove(blocked); err != nil {
			t.Fatal(err)
		}
	}
	miss(bounds.PerCause)
	if n.taker.Take(t.Context(), refused(7, 1)) == "" {
		t.Fatalf("nothing is kept after %d that were missed", bounds.PerCause)
	}
	miss(2 * bounds.PerCause)
	if folder := n.taker.Take(t.Context(), refused(8, 1)); folder != "" {
		t.Errorf("one more is looked at for each that is missed: %s", folder)
	}
}

// One that is interrupted keeps nothing, and says nothing.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	n := newNight(t, bounds)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if folder := n.taker.Take(ctx, refused(1, 1)); folder != "" || n.log.Len() > 0 || len(n.kept()) > 0 {
		t.Errorf("it is in %q, the log has %q", folder, n.log.String())
	}
}

// What a run that was killed has left is removed, and what the ledger knows of stays, as do
// the files that were refused.
func TestSweep(t *testing.T) {
	t.Parallel()
	n := newNight(t, bounds)
	folder := n.taker.Take(t.Context(), refused(1, 1))
	left := filepath.Join(n.dir, "evidence", "run-1", "002-B-1")
	if err := os.MkdirAll(left, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{filepath.Join(left, "page.mhtml"), filepath.Join(n.dir, "evidence", "x.pdf")} {
		if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := evidence.Sweep(t.Context(), n.dir, n.ledger); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]bool{left: false, filepath.Join(n.dir, folder, "messages.json"): true, filepath.Join(n.dir, "evidence", "x.pdf"): true} {
		if _, err := os.Stat(path); (err == nil) != want {
			t.Errorf("%s is there: %v, want %v", path, err == nil, want)
		}
	}
}

// A key is never a path.
func TestFolderNames(t *testing.T) {
	t.Parallel()
	n := newNight(t, bounds)
	for i, key := range []string{"../../up", "/etc/passwd", "CON", `a\b`, strings.Repeat("ü", 300), "", password} {
		f := refused(1, i)
		f.Key = key
		folder := n.taker.Take(t.Context(), f)
		if matched, err := filepath.Match("evidence/run-1/00[0-9]-*-1", folder); err != nil || !matched || strings.Contains(folder, "..") || strings.Contains(folder, "pass") && key == password {
			t.Errorf("evidence of %q is in %q", key, folder)
		}
		if _, err := os.Stat(filepath.Join(n.dir, folder, "messages.json")); err != nil {
			t.Error(err)
		}
	}
}
