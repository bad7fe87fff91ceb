package engine_test

import (
	"context"
	"errors"
	"iter"
	"strings"
	"testing"

	"pipe/pipeline"
	"pipe/pipeline/engine"
	"pipe/specs/document"
)

// objects are the rows of a list of objects.
func objects(rows ...map[string]any) pipeline.RowReader {
	return func(context.Context, pipeline.Table) iter.Seq2[pipeline.Row, error] {
		return func(yield func(pipeline.Row, error) bool) {
			for _, fields := range rows {
				if !yield(pipeline.Row{Line: 1, Fields: fields}, nil) {
					return
				}
			}
		}
	}
}

// A column that no row has is a fault of the spec, before any item is begun. One
// that some rows leave out is empty in these.
func TestNoSuchColumn(t *testing.T) {
	t.Parallel()
	for extra, want := range map[string]string{
		`where: item.note != "x"`:   "",
		`where: item.naem != "x"`:   `source.where: the source has no column "naem" (did you mean item.name?); it has item.name, item.note, item.ref`,
		`map: {a: "${{ item.b }}"}`: `source.map.a: the source has no column "b"`,
		`dedupe: "${{ item.b }}"`:   `source.dedupe: the source has no column "b"`,
	} {
		n := newTestRun(t, newSite(t, good), 1, "source: {"+inlineRows+"}", "source: {json: {path: list.json}, "+extra+"}")
		n.cfg.ReadRows = objects(map[string]any{"ref": "A", "name": "a"}, map[string]any{"ref": "B", "note": "y"})
		_, err := engine.Run(t.Context(), n.cfg)
		var faults document.Faults
		if errors.As(err, &faults) != (want != "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", extra, err, want)
		}
		if begun := n.begun(); (begun > 0) != (want == "") {
			t.Errorf("%s: %d items were begun", extra, begun)
		}
	}
}

// A key that cannot be made of its row makes that a bad one.
func TestBadKeys(t *testing.T) {
	t.Parallel()
	n := newTestRun(t, newSite(t, good), 1, "source: {"+inlineRows+"}", csvRows+"}", "key: ${{ item.ref }}", "key: ${{ item.ref + string(int(item.price)) }}")
	n.cfg.ReadRows = table("A 1", "B x", "C 3")
	n.want(n.run(), pipeline.Totals{In: 3, Done: 2, Bad: 1})
	bad := n.kinds(pipeline.BadRow)
	if len(bad) != 1 || bad[0].Row == nil || bad[0].Row.Number != 2 || bad[0].Row.Row != "line 3" || !strings.HasPrefix(bad[0].Reason, "rows.csv line 3: its key: evaluating") || strings.Contains(bad[0].Reason, "\n") {
		t.Errorf("bad rows told: %+v", bad)
	}
}
