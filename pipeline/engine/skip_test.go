package engine_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"pipe/pipeline"
	"pipe/pipeline/engine"
)

// An item that a step skips is done, with its reason, and has neither a file nor
// a record; no run takes it up again.
func TestSkip(t *testing.T) {
	t.Parallel()
	n := newTestRun(t, newSite(t, good), 2, "download:\n", `download:
  - {if: 'item.ref == "D"', capture: {url: /D, as: "${{ item.ref }}-first.txt"}}
  - {if: 'item.ref in ["B", "D"]', then: [{log: "at ${{ item.ref }}"}, {skip: "${{ item.ref }} has no report"}]}
`)
	var log bytes.Buffer
	n.cfg.Log = slog.New(slog.NewTextHandler(&log, nil))
	n.cfg.Redact = func(text string) string { return strings.ReplaceAll(text, "report", "***") }
	n.want(n.run(), pipeline.Totals{In: 6, Done: 4, Skipped: 2})
	for key, want := range map[string]string{"A": "", "B": "B has no ***", "D": "D has no ***"} {
		row := n.items()[key]
		if !row.Status.Well() || row.Attempts != 1 || row.Reason != want || (row.Status == pipeline.Skipped) != (want != "") {
			t.Errorf("%s: %+v", key, row)
		}
	}
	recorded := func() (keys string) {
		for row, err := range n.ledger.Records(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			keys += row.Key
		}
		return keys
	}
	if records := recorded(); records != "ACEF" || n.site.attempts["B"] != 0 {
		t.Errorf("the records are %s", records)
	}
	if !strings.Contains(log.String(), `msg="at B" item=B step=download[1].then[0].log`) {
		t.Error(log.String())
	}
	again := n.run()
	n.want(again, pipeline.Totals{In: 6, Done: 4, Skipped: 2})
	if row := n.items()["B"]; again.Done+again.Skipped != 0 || row.Reason != "B has no ***" || recorded() != "ACEF" {
		t.Errorf("the second run did %d and skipped %d; B: %+v; the records are %s", again.Done, again.Skipped, row, recorded())
	}
}

// What a rescue knows of a failure, and files of several rounds in one item.
func TestRescueAndRounds(t *testing.T) {
	t.Parallel()
	s := newSite(t, good)
	n := newTestRun(t, s, 1, "[{ref: A}, {ref: B}, {ref: C}, {ref: D}, {ref: E}, {ref: F}]", "[{ref: A}]", "download:\n", `download:
  - try:
      - fail: {class: not_found, reason: gone}
    rescue:
      - set: {why: "${{ error.class }}: ${{ error.message }}"}
  - each: {in: [x, y], as: part, do: [{capture: {url: "/${{ vars.part }}", as: "${{ item.ref }}-${{ vars.part }}.txt", expect: {type: any, contains: "file of ${{ vars.part }}"}}}]}
`, "{name: ", `{why: "${{ vars.why }}", name: `)
	n.want(n.run(), pipeline.Totals{In: 1, Done: 1})
	for row, err := range n.ledger.Records(t.Context()) {
		if err != nil || row.Fields[0].Value != "not_found: gone" || strings.Join(row.Files, " ") != "A-x.txt A-y.txt A.txt" {
			t.Errorf("%+v, %v", row, err)
		}
	}
	// Each file is held against the values that it was caught with.
	asked := 0
	for row, err := range n.ledger.Placed(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		err := engine.Recheck(t.Context(), n.cfg.Spec, row, func(_ context.Context, want pipeline.Expectation) (pipeline.Proof, error) {
			part := strings.TrimSuffix(strings.TrimPrefix(row.File.Name, "A-"), ".txt")
			if len(want.Contains) != 1 || want.Contains[0] != "file of "+part {
				return pipeline.Proof{}, errors.New(row.File.Name + " is held against " + strings.Join(want.Contains, ", "))
			}
			asked++
			return pipeline.Proof{}, nil
		})
		if err != nil {
			t.Error(err)
		}
	}
	if asked != 3 {
		t.Errorf("%d files are held against the spec", asked)
	}
}
