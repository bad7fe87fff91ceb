package source

import (
	"context"
	"crypto/sha256"
	"iter"

	"pipe/pipeline"
	"pipe/specs"
	"pipe/specs/expr"
)

// refinery makes of a source's rows what the spec says, in this order: where,
// map, dedupe, order, limit.
type refinery struct {
	spec   *specs.Spec
	src    *specs.Source
	values expr.Values
	// seen holds the start of the hash of each value of dedupe.
	seen map[[16]byte]struct{}
}

func (r *refinery) refine(ctx context.Context, rows iter.Seq2[pipeline.Row, error]) iter.Seq2[pipeline.Row, error] {
	rows = r.each(rows)
	if r.src.Order != nil {
		rows = r.sorted(ctx, rows)
	}
	if r.src.Limit == 0 {
		return rows
	}
	return func(yield func(pipeline.Row, error) bool) {
		left := r.src.Limit
		for row, err := range rows {
			if err == nil {
				left--
			}
			if !yield(row, err) || left == 0 {
				return
			}
		}
	}
}

// each does what needs no other rows.
func (r *refinery) each(rows iter.Seq2[pipeline.Row, error]) iter.Seq2[pipeline.Row, error] {
	return func(yield func(pipeline.Row, error) bool) {
		for row, err := range rows {
			wanted := err != nil
			if err == nil {
				row, wanted, err = r.row(row)
			}
			if (wanted || err != nil) && !yield(row, err) {
				return
			}
		}
	}
}

func (r *refinery) row(row pipeline.Row) (out pipeline.Row, wanted bool, err error) {
	bad := func(what string, err error) (pipeline.Row, bool, error) {
		return row, false, row.Errorf("source.%s: %v", what, err)
	}
	r.spec.Complete(row.Fields)
	values := r.values.With("item", row.Fields)
	if holds, err := r.src.Where.Holds(values); err != nil || !holds {
		if err != nil {
			return bad("where", err)
		}
		return row, false, nil
	}
	if row.Doubt != "" {
		return row, false, row.Errorf("%s", row.Doubt)
	}
	if row.Fields, err = r.src.Map.Row(row.Fields, values); err != nil {
		return bad("map", err)
	}
	if r.src.Dedupe.Empty() {
		return row, true, nil
	}
	value, err := r.src.Dedupe.Text(r.values.With("item", row.Fields))
	if err != nil {
		return bad("dedupe", err)
	}
	sum := sha256.Sum256([]byte(value))
	short := [16]byte(sum[:16])
	if _, again := r.seen[short]; again {
		return row, false, nil
	}
	if r.seen == nil {
		r.seen = map[[16]byte]struct{}{}
	}
	r.seen[short] = struct{}{}
	return row, true, nil
}
