package engine_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pipe/pipeline"
	"pipe/pipeline/artifact"
	"pipe/pipeline/engine"
)

// Two runs that share a folder place no files whose names differ by case alone,
// though neither has placed the other's: where names have no case, the one would
// be in place of the other.
func TestNamesOfJoinedRuns(t *testing.T) {
	t.Parallel()
	s := newSite(t, good)
	n := newTestRun(t, s, 1, "[{ref: A}, {ref: B}, {ref: C}, {ref: D}, {ref: E}, {ref: F}]", "[{ref: Car}, {ref: caR}]")
	free := func(context.Context) (func(), error) { return func() {}, nil }
	n.cfg.Shared, n.cfg.Exclusive = true, free
	mine, err := artifact.Open(t.Context(), n.cfg.Dir, artifact.Options{Shared: true})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = mine.Close() }()
	if err := mine.Claim(t.Context(), "none.txt"); err != nil { // it has read what was there
		t.Fatal(err)
	}
	other := n.cfg
	other.Only = []string{"Car"}
	if _, err := engine.Run(t.Context(), other); err != nil {
		t.Fatal(err)
	}
	n.cfg.Store = mine
	n.want(n.run(), pipeline.Totals{In: 2, Done: 1, Failed: 1})
	if row := n.items()["caR"]; row.Class != pipeline.ProofFailed || !strings.Contains(row.Reason, `the same as "Car.txt"`) {
		t.Errorf("got %s: %s", row.Class, row.Reason)
	}
	if text, err := os.ReadFile(filepath.Join(n.cfg.Dir, "files", "Car.txt")); string(text) != "the file of Car" || err != nil {
		t.Errorf("%q, %v", text, err)
	}
	if all, _ := os.ReadDir(filepath.Join(n.cfg.Dir, "files")); len(all) != 1 {
		t.Errorf("there are %v", all)
	}
}
