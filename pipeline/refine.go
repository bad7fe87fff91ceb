package pipeline

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"iter"
	"slices"

	"pipe/specs"
)

// orderMost bounds the rows that are held in memory to be sorted. More are
// refused: a source of that size can sort itself.
const orderMost = 100_000

// refinery makes of a source's rows what the spec says, in this order: where,
// map, dedupe, order, limit.
type refinery struct {
	src    *specs.Source
	values specs.Values
	// seen holds the start of the hash of each value of dedupe.
	seen map[[16]byte]struct{}
}

func (r *refinery) refine(rows iter.Seq2[Row, error]) iter.Seq2[Row, error] {
	rows = r.each(rows)
	if r.src.Order != nil {
		rows = r.sorted(rows)
	}
	if r.src.Limit == 0 {
		return rows
	}
	return func(yield func(Row, error) bool) {
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
func (r *refinery) each(rows iter.Seq2[Row, error]) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
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

func (r *refinery) row(row Row) (out Row, wanted bool, err error) {
	bad := func(what string, err error) (Row, bool, error) {
		return row, false, row.wrong("source.%s: %v", what, err)
	}
	r.src.Complete(row.Fields)
	values := r.values.With("item", row.Fields)
	if holds, err := r.src.Where.Holds(values); err != nil || !holds {
		if err != nil {
			return bad("where", err)
		}
		return row, false, nil
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

// ranked is a row and what it is sorted by.
type ranked struct {
	row Row
	by  any
}

func (r *refinery) sorted(rows iter.Seq2[Row, error]) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		var all []ranked
		for row, err := range rows {
			var by any
			if err == nil {
				if by, err = r.src.Order.By.Value(r.values.With("item", row.Fields)); err != nil {
					err = row.wrong("source.order: %v", err)
				}
			}
			if err != nil {
				if !yield(row, err) {
					return
				}
				continue
			}
			if all = append(all, ranked{row, by}); len(all) > orderMost {
				yield(row, fmt.Errorf("source.order sorts %d rows at most and there are more: have the source sort them (a query's ORDER BY), or let where leave some out", orderMost))
				return
			}
		}
		slices.SortStableFunc(all, func(a, b ranked) int {
			if r.src.Order.Descending {
				a, b = b, a
			}
			return compare(a.by, b.by)
		})
		for _, one := range all {
			if !yield(one.row, nil) {
				return
			}
		}
	}
}

// compare puts numbers before texts.
func compare(a, b any) int {
	x, isX := number(a)
	y, isY := number(b)
	switch {
	case isX && isY:
		return cmp.Compare(x, y)
	case isX != isY:
		return map[bool]int{true: -1, false: 1}[isX]
	default:
		return cmp.Compare(fmt.Sprint(a), fmt.Sprint(b))
	}
}

func number(v any) (float64, bool) {
	switch v := v.(type) {
	case int:
		return float64(v), true
	case float64:
		return v, true
	default:
		return 0, false
	}
}
