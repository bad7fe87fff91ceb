package source

import (
	"context"
	"errors"
	"fmt"

	"pipe/pipeline"
	"pipe/steps"
)

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
	switch several := pages.Pages > 1 && !pages.Left; {
	case !several:
		now.proved = true
	case !r.opens():
		now.proved = true // as far as can be: its first page is not to be found again
		if list.Paging.Total == nil {
			r.reporter.Warn(ctx, "the list cannot be read again, to see whether it has changed meanwhile: give source.table.goto, or the list's own total")
		}
	case list.Paging.Total != nil:
		now.proved = true
		if now.moved == "" && disjoint {
			now.moved, err = r.firstPageAgain(ctx, first)
		}
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
