package source

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"

	"pipe/pipeline"
)

// Entry is one row of the source: an item, or what is wrong with it.
type Entry struct {
	Item pipeline.Item
	// Bad says why the row is no item; nil when it is one.
	Bad *pipeline.RowError
	// From is what the row is read from, for people; "" when there is no file.
	From string
}

// Reason tells what is wrong with a bad row, and where that is.
func (e Entry) Reason() string {
	if e.From != "" && e.Bad.Line > 0 {
		return e.From + " " + e.Bad.Error()
	}
	return e.Bad.Error()
}

// Items reads the source to its end. An error ends it; what is wrong with one
// row does not.
func (s *Source) Items(ctx context.Context) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		rows, done, err := s.rows(ctx)
		if err != nil {
			yield(Entry{}, fmt.Errorf("reading the source: %w", err))
			return
		}
		defer done()
		for row, err := range rows {
			s.seq++
			var e Entry
			switch {
			case errors.As(err, &e.Bad):
			case err != nil:
				yield(e, fmt.Errorf("reading the source: %w", err))
				return
			default:
				e.Item, e.Bad = s.item(row)
			}
			if e.Bad != nil {
				e.From = cmp.Or(e.Bad.File, s.name)
			}
			if !yield(e, nil) {
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
