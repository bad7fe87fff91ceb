package source

import (
	"context"
	"fmt"
	"iter"

	"pipe/pipeline"
	"pipe/specs"
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
		n := 0
		for row, err := range rows {
			n++
			if err == nil {
				var values map[string]any
				if values, err = fields.Make(row.Fields); err != nil {
					err = row.Errorf("row %d: %v", n, err)
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
	err = s.onSite(ctx, t.Timeout.Std(), func(ctx context.Context, page pipeline.Page, on *steps.StepContext) error {
		err := pipeline.WhileWatched(ctx, page, on, func(ctx context.Context) (err error) {
			rows, err = readSiteTable(ctx, on, t, s.Spec.Timeouts)
			return err
		})
		if err != nil {
			page.Discard()
			return fmt.Errorf("table: %w", pipeline.Located(err))
		}
		return nil
	})
	return rows, err
}

func readSiteTable(ctx context.Context, on *steps.StepContext, t *specs.Table, limits specs.Timeouts) ([]pipeline.Row, error) {
	if !t.Goto.Empty() {
		url, err := t.Goto.Text(on.Values)
		if err != nil {
			return nil, err
		}
		limited, cancel := context.WithTimeout(ctx, limits.Step.Std())
		defer cancel()
		if err := on.Goto(limited, url, "load"); err != nil {
			return nil, err
		}
	}
	if err := on.Run(ctx, t.Steps); err != nil {
		return nil, err
	}
	var rows []pipeline.Row
	read := func(int) error {
		found, err := on.ReadRows(ctx, t.Rows, t.Fields, t.Absent)
		for _, fields := range found {
			rows = append(rows, pipeline.Row{Fields: asTexts(fields)})
		}
		return err
	}
	if t.Paginate == nil {
		err := read(1)
		return rows, err
	}
	_, err := on.EachPage(ctx, t.Paginate, t.Rows, "", read)
	return rows, err
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
