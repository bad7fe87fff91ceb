package engine_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pipe/pipeline"
	"pipe/pipeline/engine"
	"pipe/specs"
	"pipe/steps"
)

// A file may have the site's name for it, which is known when it has come.
func TestSiteName(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ capture, file, reason string }{
		"as it is":        {`{url: /A, as: "${{ file.site_name }}"}`, "Übersicht 2024.txt", ""},
		"with the key":    {`{url: /A, as: "${{ item.ref }}/${{ file.site_name }}"}`, "A/Übersicht 2024.txt", ""},
		"its ending":      {`{url: /A, as: "${{ item.ref }}${{ file.ext }}"}`, "A.txt", ""},
		"proved by it":    {`{url: /A, as: A.txt, expect: {matches: 'file.site_name contains "2024"'}}`, "A.txt", ""},
		"not the one":     {`{url: /A, as: A.txt, expect: {matches: 'file.site_name contains "2023"'}}`, "", "of which `file.site_name contains \"2023\"` does not hold"},
		"none":            {`{url: /B, as: "${{ file.site_name }}"}`, "", "file cannot be named: the site gives the file no name: use something of the item's in `as` in place of file.site_name"},
		"the type by it":  {`{url: /C, as: "${{ file.site_name }}"}`, "", `file is plain text that begins "the file of C", not a PDF`},
		"made safe":       {`{url: /D, as: "${{ file.site_name }}"}`, "a_b_.txt", ""},
		"with no such":    {`{url: /B, as: "A${{ file.ext }}"}`, "A", ""},
		"in the record":   {`{url: /A, as: A.txt}`, "A.txt", ""},
		"a try, then one": {`{url: /A, as: "${{ upper(file.site_name) }}"}`, "ÜBERSICHT 2024.TXT", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, good)
			s.names = map[string]string{"A": "Übersicht 2024.txt", "C": "report.pdf", "D": "a:b?.txt"}
			n := only(t, s, c.capture)
			n.run()
			if row := n.items()["A"]; !strings.HasSuffix(row.Reason, c.reason) || (row.Status == pipeline.Done) != (c.reason == "") {
				t.Errorf("it is %s: %s", row.Status, row.Reason)
			}
			if placed := files(t, n, "files"); c.file != "" && !slices.Equal(placed, []string{c.file}) {
				t.Errorf("in place: %q", placed)
			}
		})
	}
}

// What is proved by the site's name can be proved once more.
func TestSiteNameIsProvedAgain(t *testing.T) {
	t.Parallel()
	s := newSite(t, good)
	s.names = map[string]string{"A": "A-2024.txt"}
	n := only(t, s, `{url: /A, as: "${{ item.ref }}-${{ file.site_name }}", expect: {matches: 'file.site_name == item.ref + "-2024.txt"'}}`)
	n.want(n.run(), pipeline.Totals{In: 1, Done: 1})
	proof := func(context.Context, pipeline.Expectation) (pipeline.Proof, error) { return pipeline.Proof{}, nil }
	for row, err := range n.ledger.Placed(t.Context()) {
		if err == nil {
			err = engine.Recheck(t.Context(), n.cfg.Spec, row, proof)
		}
		if err != nil {
			t.Error(err)
		}
	}
}

// An item that has left the source does not hold the bytes of its file.
func TestOwnerThatLeft(t *testing.T) {
	t.Parallel()
	n := newTestRun(t, newSite(t, always("the file of A")), 1, `, contains: "file of ${{ item.ref }}"`, "", allItems, "[{ref: A}]")
	n.want(n.run(), pipeline.Totals{In: 1, Done: 1})
	spec, err := specs.Parse("night.yaml", []byte(strings.NewReplacer(`, contains: "file of ${{ item.ref }}"`, "", allItems, "[{ref: G}]").Replace(plan)),
		specs.Options{Verbs: steps.Verbs()})
	if err != nil {
		t.Fatal(err)
	}
	n.cfg.Spec = spec
	n.want(n.run(), pipeline.Totals{In: 1, Done: 1})
	if reason := n.items()["G"].Reason; reason != "" {
		t.Error(reason)
	}
}

// So it is when the other stands far below in a long source.
func TestNamesInLaterNames(t *testing.T) {
	t.Parallel()
	rows := []string{"{ref: A, name: North Bay}"}
	for i := range 700 {
		rows = append(rows, fmt.Sprintf("{ref: N%d, name: n%d}", i, i))
	}
	rows = append(rows, "{ref: Z, name: North Bay Shore}")
	n := newTestRun(t, newSite(t, func(_ context.Context, key string, _ int) (string, error) {
		if number, is := strings.CutPrefix(key, "N"); is {
			return "Branch n" + number, nil
		}
		return "Branch North Bay Shore of " + key, nil
	}), 1, allItems, "["+strings.Join(rows, ", ")+"]", `contains: "file of ${{ item.ref }}"`, `contains: "${{ item.name }}"`, "attempts: 3", "attempts: 1")
	n.want(n.run(), pipeline.Totals{In: 702, Done: 701, Failed: 1})
	if row := n.items()["A"]; !strings.HasSuffix(row.Reason, `it holds "North Bay Shore", which is another item's`) {
		t.Error(row.Reason)
	}
}

// Where another item's name holds the one of this, a file of the other is not
// this one's.
func TestNamesInNames(t *testing.T) {
	t.Parallel()
	branches := map[string]string{
		"A": "Branch North", "B": "Branch North Shore", "C": "Branch North Shore", "D": "Branch 東京都 12", "E": "North Shore, and North",
	}
	n := newTestRun(t, newSite(t, func(_ context.Context, key string, _ int) (string, error) { return branches[key] + " " + key[:0], nil }), 1,
		allItems, `[{ref: A, name: North}, {ref: B, name: North Shore}, {ref: C, name: North}, {ref: D, name: 東京}, {ref: E, name: North}, {ref: F, name: 東京都}]`,
		`contains: "file of ${{ item.ref }}"`, `unique: false, contains: "${{ item.name }}"`, "attempts: 3", "attempts: 1")
	n.run()
	want := map[string]string{
		"C": `without "North" in its text; it holds "North Shore", which is another item's`,
		"D": `without "東京" in its text; it holds "東京都", which is another item's`,
		"F": `so without "東京都"`,
	}
	for key, row := range n.items() {
		if !strings.HasSuffix(row.Reason, want[key]) || (row.Status == pipeline.Done) != (want[key] == "") {
			t.Errorf("%s is %s: %s", key, row.Status, row.Reason)
		}
	}
}

// A run that joins another knows the items that the other has done already.
func TestNamesInNamesOfOthers(t *testing.T) {
	t.Parallel()
	n := newTestRun(t, newSite(t, func(context.Context, string, int) (string, error) { return "Branch North Shore", nil }), 1,
		allItems, "[{ref: B, name: North Shore}, {ref: A, name: North}]", `contains: "file of ${{ item.ref }}"`, `contains: "${{ item.name }}"`, "attempts: 3", "attempts: 1")
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	first, err := n.ledger.BeginRun(t.Context(), pipeline.RunInfo{Spec: "night", Started: time.Now(), Shared: true})
	check(err)
	_, err = n.ledger.Admit(t.Context(), first, []pipeline.Item{
		{Key: "B", Seq: 1, Fields: map[string]any{"ref": "B", "name": "North Shore"}},
		{Key: "A", Seq: 2, Fields: map[string]any{"ref": "A", "name": "North"}},
	}, pipeline.Refresh{})
	check(err)
	_, err = n.ledger.BeginAttempt(t.Context(), first, "B", "1", time.Now())
	check(err)
	check(n.ledger.Commit(t.Context(), first, pipeline.Outcome{Item: pipeline.Item{Key: "B"}, Attempt: 1, Status: pipeline.Done, Ended: time.Now()}))
	check(n.ledger.SourceRead(t.Context(), first))
	n.cfg.Shared, n.cfg.Join = true, true
	n.run()
	if row := n.items()["A"]; !strings.HasSuffix(row.Reason, `it holds "North Shore", which is another item's`) {
		t.Errorf("A is %s: %s", row.Status, row.Reason)
	}
}
