package steps

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/playwright-community/playwright-go"
)

// readTotal reads how many rows the site says that there are. It waits until the text
// has a number, as it may be filled in later.
func (g *pager) readTotal(ctx context.Context) (t listTotal, err error) {
	loc, err := g.locate(g.paging.Total.Target)
	if err != nil {
		return t, err
	}
	first := loc.First()
	text, fault, since := "", error(nil), time.Now()
	err = g.waitUntil(ctx, "reading the total from "+g.paging.Total.Target.With(g.Values), func() (bool, error) {
		n, err := first.Count()
		if err != nil || n == 0 {
			return false, err
		}
		if text, err = first.InnerText(playwright.LocatorInnerTextOptions{Timeout: playwright.Float(1000)}); err != nil {
			return false, err
		}
		t, fault = parseTotal(g.paging.Total.Number(text))
		// Where there is no row, there may be words in place of a number.
		none := errors.Is(fault, errNoTotal) && g.count() == 0 && g.requests.idle() && time.Since(since) >= g.paging.Patience.Std()
		return fault == nil || none && strings.TrimSpace(text) != "", nil
	})
	if errors.Is(err, ErrTimeout) && fault != nil {
		return t, fmt.Errorf("%s says %.80q: %w", g.paging.Total.Target.With(g.Values), text, fault)
	}
	return t, err
}

// allRead tells whether the site's own total says that no more rows are to come. n is
// the page, 0 for a list on one. A total that changes on the way is ErrListMoved.
func (g *pager) allRead(ctx context.Context, n int) (bool, error) {
	if g.paging.Total == nil {
		return false, nil
	}
	t, err := g.readTotal(ctx)
	switch {
	case err != nil:
		return false, err
	case g.total >= 0 && t.total != g.total:
		return false, fmt.Errorf("%w: its total was %d and is %d", ErrListMoved, g.total, t.total)
	case n == 1 && t.first > 1:
		return false, fmt.Errorf("the list opens at its row %d: have the steps before go to the first page", t.first)
	}
	g.total = t.total
	return g.count() == t.total && (t.last == 0 || t.last == t.total || n == 0), nil
}

// checkTotal holds what was read against the site's total, at the list's end.
func (g *pager) checkTotal(ctx context.Context, n int) error {
	if g.paging.Total == nil {
		return nil
	}
	if _, err := g.allRead(ctx, n); err != nil {
		return err
	}
	if read := g.count(); read != g.total {
		return &TotalError{Target: g.paging.Total.Target.With(g.Values), Total: g.total, Read: read}
	}
	return nil
}

// TotalError is a list of which another number of rows was read than the site says.
type TotalError struct {
	Target      string
	Total, Read int
}

// Error tells both numbers.
func (e *TotalError) Error() string {
	return fmt.Sprintf("the list has %d rows as %s says, and %d were read", e.Total, e.Target, e.Read)
}
