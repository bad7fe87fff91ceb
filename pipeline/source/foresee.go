package source

import (
	"iter"
	"maps"

	"pipe/pipeline"
)

// foreseen tells Foresee of the rows that look like items, before the first rows have
// been looked at as a whole: there will be something to do.
func (s *Source) foreseen(rows iter.Seq2[found, error]) iter.Seq2[found, error] {
	if s.Foresee == nil {
		return rows
	}
	// One of its own: it must not remember these rows when they come again.
	r := &refinery{spec: s.Spec, src: &s.Spec.Source, values: s.Spec.Values}
	more := true
	return func(yield func(found, error) bool) {
		for one, err := range rows {
			if more && err == nil {
				if item, is := s.looksLike(r, one); is {
					more = s.Foresee(item)
				}
			}
			if !yield(one, err) {
				return
			}
		}
	}
}

// looksLike gives the item that a row seems to be.
func (s *Source) looksLike(r *refinery, one found) (pipeline.Item, bool) {
	if one.bad != nil {
		return pipeline.Item{}, false
	}
	row := one.row
	row.Fields = maps.Clone(row.Fields) // what is made of them is made again
	row, wanted, err := r.row(row)
	if err != nil || !wanted {
		return pipeline.Item{}, false
	}
	item, bad := s.item(row)
	return item, bad == nil
}
