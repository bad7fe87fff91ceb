package engine_test

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"testing"

	"pipe/pipeline"
	"pipe/pipeline/engine"
)

// table gives made-up rows in place of a file's.
func table(rows ...any) pipeline.RowReader {
	return func(context.Context, pipeline.Table) iter.Seq2[pipeline.Row, error] {
		return func(yield func(pipeline.Row, error) bool) {
			for i, one := range rows {
				row := pipeline.Row{Line: i + 2}
				err, bad := one.(error)
				if !bad {
					ref, price, _ := strings.Cut(one.(string), " ")
					row.Fields = map[string]any{"ref": ref, "price": price}
				}
				if !yield(row, err) {
					return
				}
			}
		}
	}
}

const inlineRows = "items: [{ref: A}, {ref: B}, {ref: C}, {ref: D}, {ref: E}, {ref: F}]"

// TestRefinedRows makes of a source's rows what the spec says, in its order.
func TestRefinedRows(t *testing.T) {
	t.Parallel()
	broken := &pipeline.RowError{Line: 4, Reason: "has 1 field"}
	for name, c := range map[string]struct {
		source string
		want   string
		bad    []string
	}{
		"as it is":      {"", "A B C", []string{"rows.csv line 4: has 1 field"}},
		"where":         {`where: int(item.price) > 5`, "B C", []string{"rows.csv line 4: has 1 field"}},
		"map":           {`map: {ref: "${{ lower(item.ref) }}", twice: "${{ 2 * int(item.price) }}"}, order: "${{ int(item.twice) }}"`, "a c b", []string{"rows.csv line 4: has 1 field"}},
		"dedupe":        {`dedupe: "${{ int(item.price) > 5 }}"`, "A B", []string{"rows.csv line 4: has 1 field"}},
		"order":         {`order: {by: "${{ int(item.price) }}", descending: true}`, "B C A", []string{"rows.csv line 4: has 1 field"}},
		"order of text": {`order: "${{ item.price }}"`, "B A C", []string{"rows.csv line 4: has 1 field"}},
		"limit":         {`limit: 2`, "A B", nil},
		"limit of few":  {`where: item.ref != "B", limit: 9`, "A C", []string{"rows.csv line 4: has 1 field"}},
		"a bad where":   {`where: 'int(item.price + (item.ref == "B" ? "x" : "")) > 0'`, "A C", []string{`rows.csv line 3: source.where: evaluating`, "rows.csv line 4: has 1 field"}},
		"a bad map":     {`map: {n: "${{ int(item.price + (item.ref == \"B\" ? \"x\" : \"\")) }}"}`, "A C", []string{`rows.csv line 3: source.map: evaluating`, "rows.csv line 4: has 1 field"}},
		"a bad order":   {`order: "${{ int(item.price + (item.ref == \"B\" ? \"x\" : \"\")) }}"`, "A C", []string{`rows.csv line 3: source.order: evaluating`, "rows.csv line 4: has 1 field"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			source := strings.TrimSuffix("csv: {path: rows.csv, columns: [ref, price]}, "+c.source, ", ")
			n := newTestRun(t, newSite(t, good), 1, "source: {"+inlineRows+"}", "source: {"+source+"}")
			n.cfg.ReadRows = table("A 5", "B 10", broken, "C 7")
			n.run()
			rows := n.items()
			done := slices.SortedFunc(maps.Keys(rows), func(a, b string) int { return rows[a].Seq - rows[b].Seq })
			if got := strings.Join(done, " "); got != c.want {
				t.Errorf("did %s, want %s", got, c.want)
			}
			same := func(e pipeline.Event, want string) bool { return strings.HasPrefix(e.Reason, want) }
			if bad := n.kinds(pipeline.BadRow); !slices.EqualFunc(bad, c.bad, same) {
				t.Errorf("bad rows told: %v, want %q", bad, c.bad)
			}
		})
	}
}

// Rows that share their key and differ in what the spec uses are two items, of
// which one would be lost.
func TestRowsOfOneKey(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		source, record string
		bad            int
	}{
		"the record uses what differs": {record: "price: ${{ item.price }}", bad: 1},
		"nothing uses what differs":    {},
		"they are said to be one":      {source: `, dedupe: "${{ item.ref }}"`, record: "price: ${{ item.price }}"},
		"what is mapped differs":       {source: `, map: {dear: "${{ int(item.price) > 8 }}"}`, record: "dear: ${{ item.dear }}", bad: 1},
		"what is mapped is the same":   {source: `, map: {dear: "${{ int(item.price) > 80 }}"}`, record: "dear: ${{ item.dear }}"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := newTestRun(t, newSite(t, good), 1, "source: {"+inlineRows+"}", "source: {csv: {path: rows.csv, columns: [ref, price]}"+c.source+"}",
				"size: \"${{ file.size }}\"", "size: \"${{ file.size }}\", "+strings.Replace(c.record, "${{", "\"${{", 1)+strings.Repeat("\"", min(1, len(c.record))))
			n.cfg.ReadRows = table("A 5", "B 6", "A 5", "A 9")
			n.run()
			bad := n.kinds(pipeline.BadRow)
			if len(bad) != c.bad || c.bad > 0 && !strings.HasPrefix(bad[0].Reason, `rows.csv line 5: its key "A" is that of line 2 too, which has another `) {
				t.Errorf("bad rows told: %v", bad)
			}
		})
	}
}

func TestStrictSource(t *testing.T) {
	t.Parallel()
	for name, rows := range map[string][]any{
		"a bad row": {"A 1", &pipeline.RowError{Line: 3, Reason: "has 1 field"}, "C 1"}, "a bad key": {"A 1", " 1", "C 1"}, "a bad where": {"A 1", "B x", "C 1"},
	} {
		n := newTestRun(t, newSite(t, good), 1, "source: {"+inlineRows+"}", "source: {csv: {path: rows.csv, columns: [ref, price]}, where: int(item.price) > 0, strict: true}")
		n.cfg.ReadRows = table(rows...)
		_, err := engine.Run(t.Context(), n.cfg)
		if err == nil || !strings.Contains(err.Error(), "the source is strict and has a bad row: rows.csv line 3: ") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// manyRows gives rows with the prices 0 to 99 over and over, and a bad one.
func manyRows(rows int) pipeline.RowReader {
	return func(context.Context, pipeline.Table) iter.Seq2[pipeline.Row, error] {
		return func(yield func(pipeline.Row, error) bool) {
			for i := range rows {
				row, err := pipeline.Row{Line: i + 2, Fields: map[string]any{"ref": fmt.Sprint(i), "price": fmt.Sprint(i % 100)}}, error(nil)
				if i == rows/2 {
					err = &pipeline.RowError{Line: i + 2, Reason: "has 1 field"}
				}
				if !yield(row, err) {
					return
				}
			}
		}
	}
}

// TestManyRowsInOrder sorts more rows than are held in memory: those of the same
// rank stay as they came.
func TestManyRowsInOrder(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ order, want string }{
		{`{by: "${{ int(item.price) }}", descending: true}`, "99 199 299 399"},
		{`"${{ int(item.price) }}"`, "0 100 200 300"},
		{`"${{ item.ref }}"`, "0 1 10 100"},
		{`{by: "${{ int(item.price) < 50 ? item.price : 0 }}", descending: true}`, "9 109 209 309"},
	} {
		n := newTestRun(t, newSite(t, good), 1, "source: {"+inlineRows+"}", "source: {csv: {path: rows.csv, columns: [ref, price]}, limit: 4, order: "+c.order+"}")
		n.cfg.ReadRows = manyRows(12_000)
		n.run()
		rows := n.items()
		done := slices.SortedFunc(maps.Keys(rows), func(a, b string) int { return rows[a].Seq - rows[b].Seq })
		if got := strings.Join(done, " "); got != c.want {
			t.Errorf("order: %s: did %s, want %s", c.order, got, c.want)
		}
		if bad := n.kinds(pipeline.BadRow); len(bad) != 1 || bad[0].Reason != "rows.csv line 6002: has 1 field" {
			t.Errorf("order: %s: bad rows told: %v", c.order, bad)
		}
	}
}

// Not parallel: it sets the folder of temporary files.
func TestNowhereToSort(t *testing.T) {
	n := newTestRun(t, newSite(t, good), 1, "source: {"+inlineRows+"}", `source: {csv: {path: rows.csv, columns: [ref, price]}, order: "${{ item.ref }}"}`)
	n.cfg.ReadRows = manyRows(12_000)
	t.Setenv("TMPDIR", "/dev/null/nowhere")
	if _, err := engine.Run(t.Context(), n.cfg); err == nil || !strings.Contains(err.Error(), "source.order: sorting the rows in /dev/null/nowhere (TMPDIR names another folder): ") {
		t.Errorf("got %v", err)
	}
}
