package source

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"pipe/pipeline"
	"pipe/specs"
	"pipe/specs/document"
	"pipe/specs/expr"
	"pipe/steps"
)

// siteTable reads the rows of the site's table, on all its pages.
func (s *Source) siteTable(ctx context.Context, t *specs.Table) (iter.Seq2[pipeline.Row, error], error) {
	s.name = "the site's table"
	rows, err := attempted(ctx, s, func(ctx context.Context) ([]pipeline.Row, error) { return s.tableOnce(ctx, t) })
	return made(each(ctx, rows), t.Fields), err
}

// made gives the rows with each value made what its field says; a row with one
// that is not that is bad.
func made(rows iter.Seq2[pipeline.Row, error], fields specs.Fields) iter.Seq2[pipeline.Row, error] {
	return func(yield func(pipeline.Row, error) bool) {
		for row, err := range rows {
			if err == nil {
				var values map[string]any
				if values, err = fields.Make(row.Fields); err != nil {
					err = row.Errorf("%v", err)
				} else {
					row.Fields = asTexts(values)
				}
			}
			if !yield(row, err) {
				return
			}
		}
	}
}

func (s *Source) tableOnce(ctx context.Context, t *specs.Table) (rows []pipeline.Row, err error) {
	limit := cmp.Or(t.Timeout.Std(), s.Spec.Timeouts.Source.Std())
	err = s.onSite(ctx, readingsMost*limit, func(ctx context.Context, page pipeline.Page, on *steps.StepContext) error {
		r := &tableReader{Table: t, spec: s.Spec, on: on, reporter: s.Reporter, limit: limit, firstPage: s.FirstPage}
		err := pipeline.WhileWatched(ctx, page, on, func(ctx context.Context) (err error) {
			rows, err = r.all(ctx)
			return err
		})
		if err != nil {
			return fmt.Errorf("table: %w", r.placed(err))
		}
		return nil
	})
	return rows, err
}

// placed puts the place in the spec before an error, where one is known.
func (r *tableReader) placed(err error) error {
	var step *steps.Error
	var column *steps.ColumnError
	var absent *steps.AbsentError
	var path string
	var pos document.Pos
	switch {
	case errors.As(err, &step):
		return pipeline.Located(err)
	case errors.As(err, &column):
		path, pos = "source.table.fields."+column.Field.Name, column.Field.Pos
	case errors.As(err, &absent) && absent.Target.String() == r.Rows.String():
		path, pos = "source.table.rows", r.spec.PlaceOf("source.table.rows")
	default:
		return err
	}
	at := &pipeline.PlaceError{At: fmt.Sprintf("%s (%s)", path, pos), Err: err}
	return fmt.Errorf("%s: %w", at.At, at)
}

// tableReader reads a site's table, or one for each value of a list.
type tableReader struct {
	*specs.Table
	spec     *specs.Spec
	on       *steps.StepContext
	reporter *pipeline.Reporter
	// limit is for one reading of a list.
	limit time.Duration
	// firstPage reads no more than the first page.
	firstPage bool
}

func (r *tableReader) all(ctx context.Context) ([]pipeline.Row, error) {
	if r.Each == nil {
		return r.settled(ctx)
	}
	if err := r.on.Run(ctx, r.Each.Steps); err != nil {
		return nil, err
	}
	values, err := expr.ListOf(r.Each.In, r.on.Values, "for each")
	if err != nil {
		return nil, err
	}
	if len(values) == 0 && r.Absent != "empty" {
		return nil, errors.New("each has no values: there is no list to read")
	}
	var rows []pipeline.Row
	for _, value := range values {
		r.on.SetVar(r.Each.As, value)
		more, err := r.settled(ctx)
		if err != nil {
			return nil, fmt.Errorf("with %s = %.100v: %w", r.Each.As, value, err)
		}
		rows = append(rows, more...)
	}
	return rows, nil
}

func (r *tableReader) newSet() *rowSet {
	return newRowSet(func(row pipeline.Row) string { return rowKey(r.spec, row) })
}

// totalPatience is how long a total of a list on one page may be without a number.
const totalPatience = 2 * time.Second

// paging is how the pages are turned, with the table's own total.
func (r *tableReader) paging() *specs.Paging {
	paging := specs.Paging{Patience: specs.Duration(totalPatience)}
	if r.Paginate != nil {
		paging = *r.Paginate
	}
	if r.Total != nil {
		paging.Total = r.Total
	}
	if r.firstPage && r.Paginate != nil {
		paging.Most = 1
	}
	return &paging
}

// page reads what a page shows.
func (r *tableReader) page(ctx context.Context, skipped *int) ([]pipeline.Row, error) {
	found, err := r.on.ReadRows(ctx, &r.RowsOf, r.Absent)
	rows := make([]pipeline.Row, len(found.Values))
	for i, fields := range found.Values {
		rows[i].Fields = asTexts(fields)
	}
	*skipped += found.Skipped
	return rows, err
}

// tell says what was left out because the spec says so.
func (r *tableReader) tell(ctx context.Context, pages steps.PagesRead, skipped int) {
	if pages.Left && !r.firstPage {
		r.reporter.Warn(ctx, "the source has more rows, which are left: source.table.paginate.most is reached", "pages", pages.Pages)
	}
	if skipped > 0 {
		r.reporter.Info(ctx, "rows are left out, as source.table.skip says", "rows", skipped)
	}
}

// open goes to the list's first page.
func (r *tableReader) open(ctx context.Context) error {
	r.on.ExpectedAfter = r.Rows
	defer func() { r.on.ExpectedAfter = specs.Target{} }()
	if !r.Goto.Empty() {
		url, err := r.Goto.Text(r.on.Values)
		if err != nil {
			return err
		}
		limited, cancel := context.WithTimeout(ctx, r.spec.Timeouts.Step.Std())
		defer cancel()
		if err := r.on.Goto(limited, url, r.Until, r.Steps); err != nil {
			return err
		}
	}
	return r.on.Run(ctx, r.Steps)
}

// asTexts gives a row as a file would: all its values are texts.
func asTexts(fields map[string]any) map[string]any {
	for name, v := range fields {
		switch v := v.(type) {
		case string:
		case nil:
			fields[name] = ""
		default:
			fields[name] = expr.PlainText(v)
		}
	}
	return fields
}
