package source

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"

	"pipe/pipeline"
	"pipe/specs/document"
)

// Entry is one row of the source: an item, or what is wrong with it.
type Entry struct {
	Item pipeline.Item
	// Bad says why the row is no item; nil when it is one.
	Bad *pipeline.RejectedRow
}

// Items reads the source to its end. An error ends it; what is wrong with one
// row does not, unless most rows are so.
func (s *Source) Items(ctx context.Context) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		rows, done, err := s.open(ctx)
		if err != nil {
			yield(Entry{}, fmt.Errorf("reading the source: %w", err))
			return
		}
		defer done()
		j := &judge{rows: &s.rows}
		looked := lookAhead(s.keyed(rows), func(first []found, _ bool) error {
			for _, one := range first {
				j.add(one, s.name)
			}
			if err := j.verdict(); err != nil || j.bad > 0 && s.Spec.Source.Strict {
				return err
			}
			return s.tellLength(ctx)
		})
		passed := 0
		for one, err := range looked {
			if err != nil {
				yield(Entry{}, reading(err))
				return
			}
			if passed++; passed > j.good+j.bad {
				j.add(one, s.name)
			}
			e := Entry{Item: one.item}
			if one.bad != nil {
				e.Bad = rejected(one.bad, s.name)
			}
			if !yield(e, nil) {
				return
			}
		}
		err = j.verdict()
		if err == nil {
			err = s.tellLength(ctx)
		}
		if err != nil {
			yield(Entry{}, fmt.Errorf("reading the source: %w", err))
		}
	}
}

// reading says what was being done when it failed; faults of the spec tell their
// own place.
func reading(err error) error {
	var faults document.Faults
	if errors.As(err, &faults) {
		return faults
	}
	return fmt.Errorf("reading the source: %w", err)
}

// rejected tells of a row that is no item; from is what the source reads.
func rejected(bad *pipeline.RowError, from string) *pipeline.RejectedRow {
	reason, _, _ := strings.Cut(bad.Reason, "\n |") // where in the expression it failed takes lines of its own
	return &pipeline.RejectedRow{Number: bad.Number, File: cmp.Or(bad.File, from), Row: bad.Where(), Reason: reason}
}

// keyed gives the rows their keys.
func (s *Source) keyed(rows iter.Seq2[pipeline.Row, error]) iter.Seq2[found, error] {
	return func(yield func(found, error) bool) {
		same := newSameKeys(s.Spec.UsedColumns())
		for row, err := range rows {
			s.seq++
			one := found{row: row}
			switch {
			case errors.As(err, &one.bad):
			case err != nil:
				yield(one, err)
				return
			default:
				one.item, one.bad = s.item(row)
				if one.keyless = one.bad != nil; !one.keyless {
					one.bad = same.check(one.item.Key, row)
				}
			}
			if !yield(one, nil) {
				return
			}
		}
	}
}

// item makes an item of a row, if it has a key.
func (s *Source) item(row pipeline.Row) (pipeline.Item, *pipeline.RowError) {
	key, err := s.Spec.Key.Text(s.Spec.Values.With("item", row.Fields))
	switch {
	case err != nil:
		return pipeline.Item{}, row.Errorf("its key: %v", err)
	case key == "":
		return pipeline.Item{}, row.Errorf("its key is empty")
	default:
		return pipeline.Item{Key: key, Seq: s.seq, Fields: row.Fields}, nil
	}
}
