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
	limit := cmp.Or(t.Timeout.Std(), s.Spec.Timeouts.Source.Std())
	err = s.onSite(ctx, readingsMost*limit, func(ctx context.Context, page pipeline.Page, on *steps.StepContext) error {
		r := &tableReader{Table: t, spec: s.Spec, on: on, reporter: s.Reporter, limit: limit}
		err := pipeline.WhileWatched(ctx, page, on, func(ctx context.Context) (err error) {
			rows, err = r.all(ctx)
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

// tableReader reads a site's table, or one for each value of a list.
type tableReader struct {
	*specs.Table
	spec     *specs.Spec
	on       *steps.StepContext
	reporter *pipeline.Reporter
	// limit is for one reading of a list.
	limit time.Duration
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

// readingsMost is how often a list is read that is not the same twice.
const readingsMost = 5

// settled reads a list until a reading is proved: by the site's own total, or as the
// next reading has the same items. A list in which nothing new comes, though it goes
// on changing, is all that the readings had.
func (r *tableReader) settled(ctx context.Context) ([]pipeline.Row, error) {
	all := r.newSet()
	var before *rowSet
	for n := 1; ; n++ {
		rows, now, err := r.reading(ctx)
		if errors.Is(err, steps.ErrListMoved) {
			now.moved, err = err.Error(), nil
		}
		if err != nil {
			return nil, err
		}
		if now.moved == "" && (now.proved || before != nil && before.sameItems(rows)) {
			return rows.list, nil
		}
		fresh := all.merge(rows.list)
		switch {
		case n > 1 && fresh == 0 && (now.moved != "" || n == readingsMost):
			return all.list, nil
		case now.moved == "" && n > 1:
			now.moved = fmt.Sprintf("%d rows have come since the last reading, and there are %d now", fresh, len(rows.list))
		}
		if n == readingsMost {
			return nil, fmt.Errorf("%w: each of %d readings had rows that none before had (%s)", steps.ErrListMoved, n, now.moved)
		}
		before = rows
		if now.moved == "" {
			r.reporter.Info(ctx, "reading the list once more, to see whether it has changed meanwhile; source.table.total would prove one reading", "rows", len(rows.list))
		} else {
			r.reporter.Warn(ctx, "the list changes while it is read, reading it again", "found", now.moved)
		}
	}
}

// listReading is what one reading of a list has shown.
type listReading struct {
	// moved says what shows that the list changed meanwhile, "" for nothing.
	moved string
	// proved is a list that cannot have changed unseen.
	proved bool
}

// reading reads the list once.
func (r *tableReader) reading(ctx context.Context) (rows *rowSet, now listReading, err error) {
	ctx, cancel := context.WithTimeout(ctx, r.limit)
	defer cancel()
	rows = r.newSet()
	if err := r.open(ctx); err != nil {
		return rows, now, err
	}
	disjoint := r.Paginate != nil && r.Paginate.Scroll == nil && !r.Paginate.More.Given()
	var first []pipeline.Row
	skipped := 0
	read := func(n int) error {
		found, err := r.page(ctx, &skipped)
		if err != nil {
			return err
		}
		if n == 1 {
			first = found
		}
		if !disjoint {
			rows.merge(found)
			return nil
		}
		if again := rows.known(found); again > 0 && now.moved == "" {
			now.moved = fmt.Sprintf("page %d has %d rows of a page before", n, again)
		}
		rows.append(found)
		return nil
	}
	list := &steps.PageList{Paging: r.paging(), Rows: r.Rows, First: "process", Count: func() int { return len(rows.list) }}
	pages, err := r.on.EachPage(ctx, list, read)
	if err != nil {
		return rows, now, err
	}
	r.tell(ctx, pages, skipped)
	now.proved = pages.Pages <= 1 || pages.Left || !r.opens() || list.Paging.Total != nil
	if now.moved == "" && now.proved && disjoint && pages.Pages > 1 && !pages.Left && r.opens() {
		now.moved, err = r.firstPageAgain(ctx, first)
	}
	return rows, now, err
}

// opens tells whether the way to the list begins with an address, so that it leads
// there from its last page too.
func (r *tableReader) opens() bool {
	if !r.Goto.Empty() {
		return true
	}
	if len(r.Steps) == 0 {
		return false
	}
	_, is := r.Steps[0].Do.(*steps.Goto)
	return is
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

// firstPageAgain looks whether the first page shows what it did: if not, rows have
// moved from one page to another.
func (r *tableReader) firstPageAgain(ctx context.Context, before []pipeline.Row) (moved string, err error) {
	if err := r.open(ctx); err != nil {
		r.reporter.Warn(ctx, "the list's first page cannot be opened again, to see whether the list has changed", "error", err)
		return "", ctx.Err()
	}
	skipped := 0
	found, err := r.page(ctx, &skipped)
	if err != nil {
		return "", err
	}
	was, is := r.newSet(), r.newSet()
	was.append(before)
	is.append(found)
	if !was.sameItems(is) {
		return fmt.Sprintf("the first page has %d rows now that it did not have, and has lost %d", was.unknown(found), is.unknown(before)), nil
	}
	return "", nil
}

// tell says what was left out because the spec says so.
func (r *tableReader) tell(ctx context.Context, pages steps.PagesRead, skipped int) {
	if pages.Left {
		r.reporter.Warn(ctx, "the source has more rows, which are left: source.table.paginate.most is reached", "pages", pages.Pages)
	}
	if skipped > 0 {
		r.reporter.Info(ctx, "rows are left out, as source.table.skip says", "rows", skipped)
	}
}

// open goes to the list's first page.
func (r *tableReader) open(ctx context.Context) error {
	if !r.Goto.Empty() {
		url, err := r.Goto.Text(r.on.Values)
		if err != nil {
			return err
		}
		limited, cancel := context.WithTimeout(ctx, r.spec.Timeouts.Step.Std())
		defer cancel()
		if err := r.on.Goto(limited, url, "load"); err != nil {
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
