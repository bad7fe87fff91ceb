package engine_test

import (
	"context"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pipe/pipeline"
	"pipe/pipeline/engine"
	"pipe/pipeline/source/file"
	"pipe/specs"
)

const csvRows = "source: {csv: {path: rows.csv, columns: [ref, price]}"

// lines are so many rows of a file.
func lines(n int) pipeline.RowReader {
	rows := make([]any, n)
	for i := range rows {
		rows[i] = fmt.Sprintf("K%d %d", i, i)
	}
	return table(rows...)
}

// begun is how many items were begun.
func (n *testRun) begun() int { return len(n.kinds(pipeline.AttemptStarted)) }

// A source of which most rows are no items is none, and no item is begun of one
// that is not too long to be looked at as a whole.
func TestMostRowsBad(t *testing.T) {
	t.Parallel()
	bad := func(line int) error { return &pipeline.RowError{Line: line, Reason: "has 1 field"} }
	for name, c := range map[string]struct {
		source string
		rows   []any
		want   string
		items  int
	}{
		"half of them":      {"", []any{"A 1", "B 1", bad(4), bad(5)}, "", 2},
		"more than half":    {"", []any{"A 1", bad(3), bad(4)}, "2 of the 3 rows of the source are no items, which is more than half: is it the list that the spec means? rows.csv line 3: has 1 field; rows.csv line 4: has 1 field", 0},
		"all":               {"", []any{bad(2), bad(3), bad(4), bad(5)}, "none of the 4 rows of the source is an item: is it the list that the spec means? rows.csv line 2: has 1 field; rows.csv line 3: has 1 field; rows.csv line 4: has 1 field; and 1 more", 0},
		"the only one":      {"", []any{bad(2)}, "the only row of the source is no item", 0},
		"keys are empty":    {"", []any{" 1", " 2", "C 3"}, "rows.csv line 2: its key is empty", 0},
		"where fails":       {", where: int(item.price) > 0", []any{"A x", "B y", "C 3"}, "rows.csv line 2: source.where: evaluating", 0},
		"all that is meant": {`, where: item.price == "7"`, []any{"A 1", "B 1", "C 1", " 7"}, "rows.csv line 5: its key is empty", 0},
		"with an order":     {`, order: "${{ item.price }}"`, []any{"A 1", bad(3), bad(4)}, "2 of the 3 rows", 0},
		"with a limit":      {", limit: 1", []any{bad(2), bad(3), "A 1"}, "2 of the 3 rows", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := newTestRun(t, newSite(t, good), 1, "source: {"+inlineRows+"}", csvRows+c.source+"}")
			n.cfg.ReadRows = table(c.rows...)
			_, err := engine.Run(t.Context(), n.cfg)
			if (c.want == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
			if got := n.begun(); got != c.items {
				t.Errorf("%d items were begun, want %d", got, c.items)
			}
			if told := len(n.kinds(pipeline.BadRow)); told == 0 {
				t.Error("no bad row is told")
			}
		})
	}
}

// A list that is not to be looked at as a whole is judged when it has been read.
func TestMostOfManyRowsBad(t *testing.T) {
	t.Parallel()
	n := newTestRun(t, newSite(t, good), 1, "source: {"+inlineRows+"}", csvRows+"}")
	n.cfg.Limit = 1
	n.cfg.ReadRows = func(context.Context, pipeline.Table) iter.Seq2[pipeline.Row, error] {
		return func(yield func(pipeline.Row, error) bool) {
			for i := range 14_000 {
				var err error
				if i > 6_000 {
					err = &pipeline.RowError{Line: i, Reason: "has 1 field"}
				}
				if !yield(pipeline.Row{Line: i, Fields: map[string]any{"ref": fmt.Sprint(i), "price": fmt.Sprint(i)}}, err) {
					return
				}
			}
		}
	}
	_, err := engine.Run(t.Context(), n.cfg)
	if err == nil || !strings.Contains(err.Error(), "7999 of the 14000 rows of the source are no items") {
		t.Errorf("got %v", err)
	}
	if n.begun() == 0 {
		t.Error("no item was begun")
	}
}

// after is a run over so many rows, after others.
type after struct {
	rows   int
	change func(cfg *engine.Config)
	// short is what is told of the list's length.
	short string
}

// A list that has lost more than it may is told in every run until it is long
// enough again, or is accepted; what a run leaves out for itself is no loss.
func TestShrunkLists(t *testing.T) {
	t.Parallel()
	expects := func(e specs.ExpectRows) func(*engine.Config) {
		return func(cfg *engine.Config) { cfg.Spec.Source.Expect = &e }
	}
	accepted := func(cfg *engine.Config) { cfg.AcceptShrink = true }
	for name, runs := range map[string][]after{
		"half is gone":            {{rows: 10}, {rows: 5}},
		"more than half is gone":  {{rows: 10}, {rows: 4, short: "the source has 4 rows, and had 10 before"}},
		"all is gone":             {{rows: 1}, {rows: 0, short: "the source has no rows, and had 1 before"}},
		"it was always empty":     {{rows: 0, short: "the source has no rows: is it the list"}, {rows: 0, short: "has no rows"}, {rows: 1}},
		"it may be empty":         {{rows: 0, change: expects(specs.ExpectRows{Rows: &specs.Span{}})}, {rows: 0, change: expects(specs.ExpectRows{Rows: &specs.Span{Max: 9}})}},
		"empty is accepted":       {{rows: 0, change: accepted}, {rows: 0}},
		"it stays short":          {{rows: 10}, {rows: 2, short: "had 10 before"}, {rows: 2, short: "had 10 before"}, {rows: 6}, {rows: 3}},
		"it is accepted":          {{rows: 10}, {rows: 2, change: accepted}, {rows: 2}, {rows: 0, short: "had 2 before"}},
		"a fifth may be gone":     {{rows: 10}, {rows: 8, change: expects(specs.ExpectRows{Shrink: &specs.Share{Percent: 20}})}, {rows: 6, short: "had 8 before", change: expects(specs.ExpectRows{Shrink: &specs.Share{Percent: 20}})}},
		"one may be gone":         {{rows: 3}, {rows: 2, change: expects(specs.ExpectRows{Shrink: &specs.Share{Count: 1}})}, {rows: 0, short: "no rows", change: expects(specs.ExpectRows{Shrink: &specs.Share{Count: 1}})}},
		"all may be gone":         {{rows: 10}, {rows: 0, change: expects(specs.ExpectRows{Shrink: &specs.Share{Percent: 100}})}},
		"too few":                 {{rows: 3, short: "the source has 3 rows, and source.expect.rows wants 4 at least", change: expects(specs.ExpectRows{Rows: &specs.Span{Min: 4}})}},
		"limit is no loss":        {{rows: 10}, {rows: 10, change: func(cfg *engine.Config) { cfg.Spec.Source.Limit = 1 }}},
		"--limit is no loss":      {{rows: 10}, {rows: 10, change: func(cfg *engine.Config) { cfg.Limit = 1 }}},
		"--only is no loss":       {{rows: 10}, {rows: 10, change: func(cfg *engine.Config) { cfg.Only = []string{"K1"} }}},
		"a limit hides no loss":   {{rows: 10}, {rows: 4, short: "had 10 before", change: func(cfg *engine.Config) { cfg.Spec.Source.Limit = 1 }}},
		"a limit sets the length": {{rows: 10, change: func(cfg *engine.Config) { cfg.Limit = 1 }}, {rows: 4, short: "had 10 before"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := newTestRun(t, newSite(t, good), 1, "source: {"+inlineRows+"}", csvRows+"}")
			for i, run := range runs {
				spec := *n.cfg.Spec
				cfg := n.cfg
				cfg.Spec, cfg.ReadRows = &spec, lines(run.rows)
				if run.change != nil {
					run.change(&cfg)
				}
				before := len(n.kinds(pipeline.ShortList))
				result, err := engine.Run(t.Context(), cfg)
				if err != nil {
					t.Fatal(err)
				}
				if (run.short == "") != (result.Short == "") || !strings.Contains(result.Short, run.short) {
					t.Errorf("run %d: got %q, want %q", i+1, result.Short, run.short)
				}
				if told := len(n.kinds(pipeline.ShortList)) > before; told != (run.short != "") {
					t.Errorf("run %d: told is %v", i+1, told)
				}
			}
		})
	}
}

// A list that was refused for its rows has no length: what comes after it is
// held against the last one that was a list of items.
func TestLengthOfRefusedList(t *testing.T) {
	t.Parallel()
	bad := func(line int) error { return &pipeline.RowError{Line: line, Reason: "has 1 field"} }
	for name, c := range map[string]struct {
		source string
		rows   []any
	}{
		"most rows are bad": {"", []any{"K0 0", bad(3), bad(4), bad(5)}},
		"it is strict":      {", strict: true", []any{"K0 0", "K1 1", "K2 2", bad(5)}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := newTestRun(t, newSite(t, good), 1, "source: {"+inlineRows+"}", csvRows+c.source+"}")
			n.cfg.ReadRows, n.cfg.AcceptShrink = lines(10), true
			n.run()
			n.cfg.ReadRows = table(c.rows...)
			if _, err := engine.Run(t.Context(), n.cfg); err == nil {
				t.Fatal("the list is not refused")
			}
			n.cfg.ReadRows, n.cfg.AcceptShrink = lines(4), false
			if result := n.run(); !strings.Contains(result.Short, "had 10 before") {
				t.Errorf("got %q", result.Short)
			}
		})
	}
}

// Filters and the order are no loss either: what counts is what the source has.
func TestRefinedIsNotShrunk(t *testing.T) {
	t.Parallel()
	n := newTestRun(t, newSite(t, good), 1, "source: {"+inlineRows+"}", csvRows+`, where: int(item.price) < 2, dedupe: "${{ item.price }}", order: "${{ item.ref }}"}`)
	n.cfg.ReadRows = lines(10)
	for range 2 {
		if result := n.run(); result.Short != "" {
			t.Error(result.Short)
		}
	}
	n.cfg.ReadRows = lines(3) // all that where lets through is there
	if result := n.run(); !strings.Contains(result.Short, "has 3 rows, and had 10 before") {
		t.Errorf("got %q", result.Short)
	}
}

// A run that has not come to the end of the list does not know its length.
func TestStoppedIsNotShrunk(t *testing.T) {
	t.Parallel()
	n := newTestRun(t, newSite(t, good), 1, "source: {"+inlineRows+"}", csvRows+", limit: 2}")
	n.cfg.ReadRows = manyRows(12_000)
	n.run()
	n.cfg.ReadRows = lines(3)
	if result := n.run(); result.Short != "" {
		t.Error(result.Short)
	}
}

// More rows than there may be, and columns that are missing, end the run before
// it begins an item.
func TestExpectedRows(t *testing.T) {
	t.Parallel()
	for expect, want := range map[string]string{
		"rows: {max: 2}":                 "the source has more than the 2 rows that source.expect.rows allows",
		"rows: 2":                        "the source has more than the 2 rows",
		"columns: [ref, cost]":           `the source has no column "cost", which source.expect.columns wants; it has price, ref`,
		"columns: [Price]":               `no column "Price" (did you mean "price"?)`,
		"columns: [ref], rows: {max: 3}": "",
	} {
		n := newTestRun(t, newSite(t, good), 1, "source: {"+inlineRows+"}", csvRows+", expect: {"+expect+"}}")
		n.cfg.ReadRows = lines(3)
		_, err := engine.Run(t.Context(), n.cfg)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", expect, err, want)
		}
		if begun := n.begun(); (begun > 0) != (want == "") {
			t.Errorf("%s: %d items were begun", expect, begun)
		}
	}
}

// What a list must have is seen in its header where it has no rows; where it has
// none either, that it has it is not taken for granted.
func TestExpectedColumnsOfEmptyLists(t *testing.T) {
	t.Parallel()
	const unseen = `the source has no rows, and nothing else that shows its columns: whether it has "price", which source.expect.columns wants, is not known`
	for _, c := range []struct{ name, text, expect, want string }{
		{"rows.csv", "ref,price\n", "columns: [ref, price]", ""},
		{"rows.csv", "ref,price\n", "columns: [ref, cost]", `no column "cost", which source.expect.columns wants; it has ref, price`},
		{"rows.csv", "There are no vehicles.\n", "columns: [price]", `no column "price"`},
		{"rows.csv", "There are no vehicles.\n", "shrink: 100%", ""},
		{"rows.xlsx", "ref;price\n", "columns: [price]", ""},
		{"rows.json", "[]", "columns: [price]", unseen},
		{"rows.json", "[]", "shrink: 100%", ""},
		{"rows.jsonl", "", "columns: [price]", unseen},
	} {
		path := filepath.Join(t.TempDir(), c.name)
		if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		kind := strings.TrimPrefix(filepath.Ext(path), ".")
		n := newTestRun(t, newSite(t, good), 1, "source: {"+inlineRows+"}", fmt.Sprintf("source: {%s: {path: %s}, expect: {rows: {min: 0}, %s}}", kind, path, c.expect))
		n.cfg.ReadRows = file.Read
		_, err := engine.Run(t.Context(), n.cfg)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s with %q, %s: got %v, want %q", c.name, c.text, c.expect, err, c.want)
		}
	}
}
