package steps

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/playwright-community/playwright-go"
)

// turnTries is how often a page is asked for that the site fails to give, turnPause
// how long it is left alone between.
const (
	turnTries = 3
	turnPause = time.Second
)

// errSiteFailed is a turn to which the site's own answer is a failure.
var errSiteFailed = errors.New("the site fails to give more")

// nextPage goes to the page after the n-th, and tells whether there is one.
func (g *pager) nextPage(ctx context.Context, n int) (bool, error) {
	all, err := g.allRead(ctx, n)
	if err != nil || all {
		return false, err
	}
	for try := 1; ; try++ {
		turned, err := g.turn(ctx, n)
		if !errors.Is(err, errSiteFailed) {
			if err == nil && !turned {
				err = g.checkTotal(ctx, n)
			}
			return turned, err
		}
		if try == turnTries {
			return false, fmt.Errorf("page %d does not come after %d tries: %s", n+1, try, g.requests.failure())
		}
		if err := Pause(ctx, turnPause); err != nil {
			return false, err
		}
	}
}

// turn clicks what leads on, if anything does.
func (g *pager) turn(ctx context.Context, n int) (bool, error) {
	control, err := g.awaitControl(ctx, n)
	if err != nil || control == nil {
		return false, err
	}
	before, err := Call(ctx, "looking at the page", g.contentHash)
	if err != nil {
		return false, err
	}
	g.requests.forget()
	if err := g.click(ctx, control); err != nil {
		return false, err
	}
	if control.beyond {
		return g.awaitWindow(ctx, control, before, n)
	}
	return g.awaitTurn(ctx, control, before, n)
}

func (g *pager) click(ctx context.Context, control *pageControl) error {
	return callActionOn(ctx, g.StepContext, "clicking "+control.String(), control.loc, func() error {
		return control.loc.Click(playwright.LocatorClickOptions{Timeout: timeoutMillis(ctx)})
	})
}

// awaitTurn waits until the page is another after a click.
func (g *pager) awaitTurn(ctx context.Context, control *pageControl, before string, n int) (bool, error) {
	over, failed := false, false
	unusable := time.Time{}
	err := g.awaitChange(ctx, before, func() (bool, error) {
		if !g.requests.idle() {
			unusable = time.Time{}
			return false, nil
		}
		if failed = g.requests.failure() != ""; failed {
			return true, nil
		}
		if !g.paging.More.Given() {
			return false, nil
		}
		// While it loads, a button may be disabled, or something else in its place.
		next, err := g.control(n)
		if err != nil || next.state == usable || next.state == busy {
			unusable = time.Time{}
			return false, err
		}
		if unusable.IsZero() {
			unusable = time.Now()
		}
		over = time.Since(unusable) >= g.paging.Patience.Std()
		return over, nil
	})
	switch {
	case errors.Is(err, ErrTimeout) && ctx.Err() != nil:
		return false, fmt.Errorf("clicking %s does not change the page, and nothing says that it is the last (end or total may tell it): %w", control, ErrTimeout)
	case err != nil:
		return false, err
	case !over && !failed:
		return true, g.awaitContent(ctx)
	}
	now, err := Call(ctx, "looking at the page", g.contentHash)
	if err == nil && now == before && failed {
		err = errSiteFailed
	}
	return now != before, err
}

// awaitContent waits until what came is all here.
func (g *pager) awaitContent(ctx context.Context) error {
	if !g.Rows.Given() {
		return g.awaitQuiet(ctx)
	}
	return callPage(ctx, "waiting for the page", func() error {
		return WaitForState(ctx, g.Page, *playwright.LoadStateDomcontentloaded)
	})
}

// awaitChange waits until the page shows something else, or other holds.
func (g *pager) awaitChange(ctx context.Context, before string, other func() (bool, error)) error {
	return g.waitUntil(ctx, "waiting for the page to change", func() (bool, error) {
		now, err := g.contentHash()
		if err != nil {
			return false, err
		}
		if now != before && (now != emptyContent || !g.Rows.Given()) {
			return true, nil
		}
		return other()
	})
}
