package source

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"pipe/pipeline"
	"pipe/specs"
)

// reasonsShown is how many bad rows an error names.
const reasonsShown = 3

// counted numbers the rows as the source has them, and keeps apart what is wrong
// with one of them from what ends them all.
func (s *Source) counted(rows iter.Seq2[pipeline.Row, error]) iter.Seq2[found, error] {
	return func(yield func(found, error) bool) {
		for row, err := range rows {
			var bad *pipeline.RowError
			if err != nil && !errors.As(err, &bad) {
				yield(found{}, err)
				return
			}
			s.rows++
			row.Number = s.rows
			if bad != nil {
				numbered := *bad
				numbered.Number = s.rows
				bad = &numbered
			}
			if most := s.most(); most > 0 && s.rows > most {
				yield(found{}, fmt.Errorf("the source has more than the %d rows that source.expect.rows allows: is it the list that is meant?", most))
				return
			}
			if !yield(found{row: row, bad: bad}, nil) {
				return
			}
		}
	}
}

func (s *Source) most() int {
	if e := s.Spec.Source.Expect; e != nil && e.Rows != nil {
		return e.Rows.Max
	}
	return 0
}

// inspected looks at the first rows as the source has them, before anything is
// made of them, and notes when the list was read to its end.
func (s *Source) inspected(rows iter.Seq2[found, error]) iter.Seq2[found, error] {
	looked := lookAhead(rows, func(first []found, whole bool) error {
		s.ended = s.ended || whole
		return s.columns(first)
	})
	return func(yield func(found, error) bool) {
		for one, err := range looked {
			if !yield(one, err) || err != nil {
				return
			}
		}
		s.ended = true
	}
}

// tellLength tells Length, once, of a list that was read to its end and is one of
// items.
func (s *Source) tellLength(ctx context.Context) error {
	if !s.ended || s.told || s.Length == nil {
		return nil
	}
	s.told = true
	return s.Length(ctx, s.rows)
}

// columns holds the columns that the first rows have against those that the spec
// takes, and those that it expects.
func (s *Source) columns(first []found) error {
	var have []string
	known := map[string]bool{}
	for _, one := range first {
		for name := range one.row.Fields {
			if !known[name] {
				known[name] = true
				have = append(have, name)
			}
		}
	}
	e := s.Spec.Source.Expect
	if len(have) == 0 {
		// Nothing is read of a list without rows; what it must have is to be seen.
		if e == nil || len(e.Columns) == 0 || len(first) > 0 {
			return nil
		}
		return e.Missing(s.header)
	}
	slices.Sort(have)
	if faults := s.Spec.MissingColumns(have); len(faults) > 0 {
		return faults
	}
	if e != nil {
		return e.Missing(have)
	}
	return nil
}

// judge ends a source of which most rows are no items. Whole lists are judged
// before any item is begun.
type judge struct {
	// rows are those of the source by now, bad those of them that are no items,
	// keyless those that were wanted and have no key; good are items.
	rows               *int
	good, bad, keyless int
	reasons            []string
}

func (j *judge) add(one found, from string) {
	switch {
	case one.bad == nil:
		j.good++
		return
	case one.keyless:
		j.keyless++
	}
	j.bad++
	if len(j.reasons) < reasonsShown {
		j.reasons = append(j.reasons, rejected(one.bad, from).String())
	}
}

func (j *judge) verdict() error {
	if j.bad*2 <= *j.rows && j.keyless <= j.good {
		return nil
	}
	which := fmt.Sprintf("%d of the %d rows of the source are no items, which is more than half", j.bad, *j.rows)
	if j.bad == *j.rows {
		which = fmt.Sprintf("none of the %d rows of the source is an item", j.bad)
		if j.bad == 1 {
			which = "the only row of the source is no item"
		}
	}
	more := ""
	if n := j.bad - len(j.reasons); n > 0 {
		more = fmt.Sprintf("; and %d more", n)
	}
	return fmt.Errorf("%s: is it the list that the spec means? %s%s", which, strings.Join(j.reasons, "; "), more)
}

// Shortfall tells what is wrong with the length of a list that was read to its
// end, "" when nothing: before is how many rows it had in the last run that read
// all of it and had no complaint, below 0 when there is none. With accept any
// length that source.expect.rows allows is right.
func Shortfall(e *specs.ExpectRows, rows, before int, accept bool) string {
	share := specs.Share{Percent: 50}
	var told *specs.Span
	if e != nil {
		told = e.Rows
		if e.Shrink != nil {
			share = *e.Shrink
		}
	}
	lost := before - rows
	few := share.Count > 0 && lost > share.Count || share.Percent > 0 && float64(lost)*100 > share.Percent*float64(before)
	switch {
	case told != nil && rows < told.Min:
		return fmt.Sprintf("the source has %s, and source.expect.rows wants %d at least", rowsInWords(rows), told.Min)
	case accept:
		return ""
	case before > 0 && lost > 0 && few:
		return fmt.Sprintf("the source has %s, and had %d before", rowsInWords(rows), before) + ": has the list lost some? If it is right so, take it once by `pipe run --accept-shrink`, or say by source.expect.shrink how much it may lose"
	case before < 0 && rows == 0 && told == nil && share.Percent < 100:
		return "the source has no rows: is it the list that the spec means? If it may be empty, say so by source.expect: {rows: {min: 0}}"
	default:
		return ""
	}
}

func rowsInWords(n int) string {
	switch n {
	case 0:
		return "no rows"
	case 1:
		return "1 row"
	default:
		return fmt.Sprintf("%d rows", n)
	}
}
