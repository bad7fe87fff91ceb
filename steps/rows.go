package steps

import (
	"context"
	_ "embed"
	"errors"
	"fmt"

	"github.com/playwright-community/playwright-go"

	"pipe/specs"
)

// rowsSnapshotJS reads all rows at one moment: a script of the page cannot come
// between.
//
//go:embed rows_snapshot.js
var rowsSnapshotJS string

// Rows are what was read of a table, or of what is like one.
type Rows struct {
	Values []map[string]any
	// Skipped is how many elements were none by the spec's skip.
	Skipped int
}

// ReadRows reads the rows that are there, all as they are at one moment. absent says
// whether it is a failure when there is none.
func (s *StepContext) ReadRows(ctx context.Context, of *specs.RowsOf, absent string) (Rows, error) {
	if absent != "empty" {
		if err := s.withStepLimit(ctx, func(ctx context.Context) error { return s.awaitAttached(ctx, of.Rows) }); err != nil {
			return Rows{}, err
		}
	}
	loc, err := s.locate(of.Rows)
	if err != nil {
		return Rows{}, err
	}
	if s.static() != nil {
		return s.staticRows(ctx, loc, of)
	}
	s.foundColumns(ctx, loc, of)
	// All elements may be skipped: there was a table, of no rows.
	if plan, plain := s.planRows(of, true); plain {
		rows, done, err := s.snapshotRows(ctx, loc, of, plan)
		if done || err != nil {
			return rows, err
		}
	}
	return s.unchangedRows(ctx, loc, of)
}

// ColumnError is a field of rows that could not be read.
type ColumnError struct {
	Field specs.Field
	Err   error
}

func (e *ColumnError) Error() string { return e.Err.Error() }

// Unwrap gives the cause.
func (e *ColumnError) Unwrap() error { return e.Err }

// rowsMissing is a value of a row that is not there yet.
type rowsMissing struct{ row, field, target string }

// error says what is missing, and of which of the fields.
func (m *rowsMissing) error(fields specs.Fields) error {
	err := fmt.Errorf("reading %s of %s: waiting for %s: %w (a row that is none, as one of totals, can be left out by skip)", m.field, m.row, m.target, ErrTimeout)
	for _, f := range fields {
		if f.Name == m.field {
			return &ColumnError{f, err}
		}
	}
	return err
}

// snapshotRows reads by one script, again as long as a value is missing. It tells
// whether the script can read these rows.
func (s *StepContext) snapshotRows(ctx context.Context, loc playwright.Locator, of *specs.RowsOf, plan map[string]any) (rows Rows, done bool, err error) {
	var missing *rowsMissing
	err = s.withStepLimit(ctx, func(ctx context.Context) error {
		return s.waitUntil(ctx, "reading "+of.Rows.String(), func() (bool, error) {
			answer, err := loc.EvaluateAll(rowsSnapshotJS, plan)
			got, _ := answer.(map[string]any)
			if err != nil || got["hidden"] == true {
				return true, err
			}
			if failed, is := got["failed"].(string); is {
				return false, errors.New(failed)
			}
			missing = nil
			if m, is := got["missing"].(map[string]any); is {
				missing = &rowsMissing{fmt.Sprint(m["row"]), fmt.Sprint(m["field"]), fmt.Sprint(m["target"])}
				return false, nil
			}
			done = true
			rows, err = s.namedRows(got, of.Fields)
			return true, err
		})
	})
	if errors.Is(err, ErrTimeout) && missing != nil {
		err = missing.error(of.Fields)
	}
	return rows, done, err
}

// namedRows gives the values of a snapshot their names, and adds those that are not
// of the page.
func (s *StepContext) namedRows(table map[string]any, fields specs.Fields) (rows Rows, err error) {
	list, _ := table["rows"].([]any)
	rows.Skipped, _ = table["skipped"].(int)
	for _, one := range list {
		values, _ := one.([]any)
		row := make(map[string]any, len(fields))
		for _, f := range fields {
			if !f.Read.OnPage() {
				if row[f.Name], err = f.Read.Value.Value(s.Values); err != nil {
					return rows, fmt.Errorf("reading %s: %w", f.Name, err)
				}
				continue
			}
			row[f.Name], values = values[0], values[1:]
			if inner, is := row[f.Name].(map[string]any); is {
				nested, err := s.namedRows(inner, f.Read.RowsOf.Fields)
				if err != nil {
					return rows, err
				}
				row[f.Name] = listOf(nested.Values)
			}
		}
		rows.Values = append(rows.Values, row)
	}
	return rows, nil
}

// changingMost is how often rows are read that change meanwhile.
const changingMost = 10

// unchangedRows reads value by value, which is right only if nothing has changed from
// the first to the last.
func (s *StepContext) unchangedRows(ctx context.Context, loc playwright.Locator, of *specs.RowsOf) (Rows, error) {
	hash := func() (any, error) {
		return Call(ctx, "looking at "+of.Rows.String(), func() (any, error) { return loc.EvaluateAll(contentHashJS) })
	}
	for range changingMost {
		before, err := hash()
		if err != nil {
			return Rows{}, err
		}
		rows, failed := s.eachRow(ctx, loc, of)
		after, err := hash()
		if err != nil {
			return Rows{}, err
		}
		if before == after {
			return rows, failed
		}
	}
	return Rows{}, fmt.Errorf("the rows %s change while they are read; name what is in them by plain CSS, then they are read at one moment", of.Rows)
}

// staticRows reads the rows of a page that does not change.
func (s *StepContext) staticRows(ctx context.Context, loc playwright.Locator, of *specs.RowsOf) (Rows, error) {
	rows, err := s.eachRow(ctx, loc, of)
	if err == nil && len(rows.Values) == 0 && rows.Skipped == 0 {
		err = s.absentWithout("reading " + of.Rows.With(s.Values))
	}
	return rows, err
}

func (s *StepContext) eachRow(ctx context.Context, loc playwright.Locator, of *specs.RowsOf) (Rows, error) {
	outer := s.root
	defer func() { s.root = outer }()
	elements, skipped, err := s.keptRows(ctx, loc, of.Skip)
	if err != nil {
		return Rows{}, err
	}
	if len(elements)%of.Span != 0 {
		return Rows{}, fmt.Errorf("%d elements %s are no rows of %d", len(elements), of.Rows, of.Span)
	}
	rows := Rows{Values: make([]map[string]any, len(elements)/of.Span), Skipped: skipped}
	for i := range rows.Values {
		s.root = elements[i*of.Span]
		for _, more := range elements[i*of.Span+1 : (i+1)*of.Span] {
			s.root = s.root.Or(more)
		}
		row := make(map[string]any, len(of.Fields))
		for _, f := range of.Fields {
			err := s.withStepLimit(ctx, func(ctx context.Context) (err error) {
				row[f.Name], err = s.ReadValue(ctx, f.Read)
				return err
			})
			if err != nil {
				return rows, &ColumnError{f, fmt.Errorf("reading %s of row %d: %w", f.Name, i+1, err)}
			}
		}
		rows.Values[i] = row
	}
	return rows, nil
}

// keptRows gives the elements that skip does not mark, and how many it does.
func (s *StepContext) keptRows(ctx context.Context, loc playwright.Locator, skip specs.Target) (kept []playwright.Locator, skipped int, err error) {
	n, err := Call(ctx, "counting rows", loc.Count)
	if err != nil {
		return nil, 0, err
	}
	outer := s.root
	defer func() { s.root = outer }()
	for i := range n {
		one := loc.Nth(i)
		if skip.Given() {
			s.root = outer
			self, err := s.locate(skip)
			if err != nil {
				return nil, 0, err
			}
			s.root = one
			within, err := s.locate(skip)
			if err != nil {
				return nil, 0, err
			}
			marks, err := Call(ctx, "looking for "+skip.String(), one.And(self).Or(within).Count)
			if err != nil {
				return nil, 0, err
			}
			if marks > 0 {
				skipped++
				continue
			}
		}
		kept = append(kept, one)
	}
	return kept, skipped, nil
}
