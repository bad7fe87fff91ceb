package engine_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pipe/pipeline"
	"pipe/pipeline/engine"
	"pipe/specs"
	"pipe/steps"
)

// Names that some file system takes for the same fail the item that comes
// second, with the reason, and nothing is written for it.
func TestNamesThatClash(t *testing.T) {
	t.Parallel()
	var n *testRun
	before := map[string]string{"a": "A", "C.txt/x": "C"}
	n = newTestRun(t, newSite(t, func(ctx context.Context, key string, attempt int) (string, error) {
		if first := before[key]; first != "" {
			n.waitDone(ctx, first)
		}
		return good(ctx, key, attempt)
	}), 1, "{ref: B}", "{ref: a}", "{ref: F}", "{ref: C.txt/x}")
	n.want(n.run(), pipeline.Totals{In: 6, Done: 4, Failed: 2})
	items := n.items()
	if row := items["a"]; row.Class != pipeline.ProofFailed || !strings.Contains(row.Reason, `is to be named "a.txt", which is the same as "A.txt" but for upper and lower case`) {
		t.Errorf("a: %+v", row)
	}
	if row := items["C.txt/x"]; !strings.Contains(row.Reason, `and "C.txt" is a file and no folder`) {
		t.Errorf("C.txt/x: %+v", row)
	}
	n.files("A.txt", "C.txt", "D.txt", "E.txt")
}

func TestTwoFilesOfOneName(t *testing.T) {
	t.Parallel()
	n := newTestRun(t, newSite(t, good), 1, "source: {items: [{ref: A}, {ref: B}, {ref: C}, {ref: D}, {ref: E}, {ref: F}]}", "source: {items: [{ref: A}]}",
		"download:\n", "download:\n  - capture: {url: \"/other\", as: \"${{ upper(item.ref) }}.TXT\", expect: {type: any}}\n")
	n.want(n.run(), pipeline.Totals{In: 1, Failed: 1})
	if row := n.items()["A"]; !strings.Contains(row.Reason, "is to be named \"A.txt\", as another file of the item is: give each capture an `as` of its own") || !strings.HasPrefix(row.Step, "download[1].capture") {
		t.Errorf("%+v", row)
	}
	n.files()
}

// files wants just these files to be in place.
func (n *testRun) files(want ...string) {
	n.Helper()
	entries, err := os.ReadDir(filepath.Join(n.cfg.Dir, "files"))
	if err != nil {
		n.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, e.Name())
	}
	if strings.Join(got, " ") != strings.Join(want, " ") {
		n.Errorf("the files are %v, want %v", got, want)
	}
}

// dying is a ledger that fails when it is to note that C is done, as a program
// that dies there would.
type dying struct{ pipeline.Ledger }

var errDied = errors.New("died")

func (d dying) Commit(ctx context.Context, run int64, out pipeline.Outcome) error {
	if out.Item.Key == "C" && out.Status == pipeline.Done {
		return errDied
	}
	return d.Ledger.Commit(ctx, run, out)
}

// A file that is in place and not on record is replaced by what its item's next
// attempt brings.
func TestDiesBetweenPlaceAndCommit(t *testing.T) {
	t.Parallel()
	n := newTestRun(t, newSite(t, func(_ context.Context, key string, attempt int) (string, error) {
		return fmt.Sprintf("try %d at the file of %s", attempt, key), nil
	}), 1)
	led := n.cfg.Ledger
	n.cfg.Ledger = dying{led}
	if _, err := engine.Run(t.Context(), n.cfg); !errors.Is(err, errDied) {
		t.Fatalf("got %v", err)
	}
	if _, err := os.Stat(filepath.Join(n.cfg.Dir, "files", "C.txt")); err != nil || n.items()["C"].Status == pipeline.Done {
		t.Fatalf("%v, C is %s", err, n.items()["C"].Status)
	}
	n.cfg.Ledger = led
	n.want(n.run(), pipeline.Totals{In: 6, Done: 6})
	text, err := os.ReadFile(filepath.Join(n.cfg.Dir, "files", "C.txt"))
	if err != nil || string(text) != "try 2 at the file of C" {
		t.Errorf("%q, %v", text, err)
	}
	for row, err := range n.ledger.Placed(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if row.File.Step != "download[0].capture" || row.Item["ref"] != row.Key {
			t.Errorf("%+v", row)
		}
		if row.Key == "C" && row.File.Size != int64(len(text)) {
			t.Errorf("on record are %d bytes, there are %d", row.File.Size, len(text))
		}
	}
}

// What a file must be is evaluated with what was known of its item.
func TestRecheck(t *testing.T) {
	t.Parallel()
	spec, err := specs.Parse("x.yaml", []byte(`
name: x
key: ${{ item.ref }}
vars: {mark: final}
login:
  accounts: [{branch: north}, {branch: south}]
  steps: [{goto: /}]
  success: {visible: a}
source: {items: [{ref: A}]}
navigate: {steps: [{extract: {name: page, fields: {vin: {text_of: a}}}}]}
download:
  - capture: {url: /a, as: "${{ item.ref }}", expect: {type: pdf, min_size: 1KB, contains: ["${{ item.ref }}", "${{ steps.page.vin }}", "${{ account.branch }}", "${{ vars.mark }}"]}}
  - capture: {url: /b, as: b, expect: {type: csv, not_contains: "${{ split(steps.page.vin, '-')[1] }}"}}
`), specs.Options{Verbs: steps.Verbs()})
	if err != nil {
		t.Fatal(err)
	}
	row := pipeline.PlacedRow{
		Key: "A", File: pipeline.File{Step: "download[0].capture"}, Item: map[string]any{"ref": "A"}, Account: 1,
		Found: map[string]any{"page": map[string]any{"vin": "V1"}},
	}
	var want pipeline.Expectation
	refused := &pipeline.ProofError{Check: "type", Reason: "is no PDF"}
	prove := func(_ context.Context, w pipeline.Expectation) (pipeline.Proof, error) {
		want = w
		return pipeline.Proof{}, refused
	}
	if err := engine.Recheck(t.Context(), spec, row, prove); !errors.Is(err, refused) {
		t.Errorf("got %v", err)
	}
	if want.Type != "pdf" || want.MinSize != 1024 || strings.Join(want.Contains, " ") != "A V1 south final" {
		t.Errorf("it was to be %+v", want)
	}
	for step, text := range map[string]string{"download[7].capture": "no download[7].capture any more", "download[1].capture": "index out of range"} {
		row.File.Step = step
		var unchecked *engine.UncheckedError
		if err := engine.Recheck(t.Context(), spec, row, prove); !errors.As(err, &unchecked) || !strings.Contains(err.Error(), text) {
			t.Errorf("%s: %v", step, err)
		}
	}
}
