package steps

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"time"

	"github.com/playwright-community/playwright-go"

	"pipe/specs"
)

// pageControl is what leads on from a page.
type pageControl struct {
	specs.Target
	loc   playwright.Locator
	state controlState
	// text is what it says, beyond that it leads behind the numbers that are shown.
	text   string
	beyond bool
}

// String names it for a person.
func (c *pageControl) String() string {
	if c.text == "" {
		return c.Target.String()
	}
	return fmt.Sprintf("%q of %s", c.text, c.Target)
}

type controlState string

const (
	usable   controlState = "usable"
	gone     controlState = "gone"
	disabled controlState = "disabled"
	// busy is one that says that it, or what it is in, loads.
	busy controlState = "busy"
)

// controlStateJS tells whether a button or link leads on.
const controlStateJS = `el => {
	if (el.closest('[aria-busy=true]')) return 'busy';
	const names = el.className + ' ' + (el.parentElement ? el.parentElement.className : '');
	const off = el.matches(':disabled') || el.closest('[disabled],[aria-disabled=true],[inert]') || /(^|[\s_-])disabled($|\s)/.test(names);
	return off || getComputedStyle(el).pointerEvents === 'none' ? 'disabled' : 'usable';
}`

// hasNext tells whether something leads on from the n-th page.
func (g *pager) hasNext(ctx context.Context, n int) (bool, error) {
	c, err := g.awaitControl(ctx, n)
	return c != nil, err
}

// awaitControl gives what leads on from the n-th page, nil for the last one.
func (g *pager) awaitControl(ctx context.Context, n int) (found *pageControl, err error) {
	unusable := time.Now()
	err = g.waitUntil(ctx, "waiting for what leads on", func() (bool, error) {
		c, err := g.control(n)
		switch {
		case err != nil:
			return false, err
		case c.state == usable:
			found = c
			g.foundElement(ctx, c.Target, c.loc)
			return true, nil
		case c.state == busy || g.paging.More.Given() && !g.requests.idle():
			unusable = time.Now()
			return false, nil
		default:
			return !g.paging.More.Given() || time.Since(unusable) >= g.paging.Patience.Std(), nil
		}
	})
	return found, err
}

// control looks for what leads on from the n-th page.
func (g *pager) control(n int) (*pageControl, error) {
	if there, err := g.endShown(); err != nil || there {
		return &pageControl{state: gone}, err
	}
	if g.paging.Numbers.Given() {
		return g.numberControl(n)
	}
	c := &pageControl{Target: g.paging.Next}
	if g.paging.More.Given() {
		c.Target = g.paging.More
	}
	if !c.Given() {
		return &pageControl{state: gone}, nil // there is one page
	}
	loc, err := g.locate(c.Target)
	if err != nil {
		return nil, err
	}
	c.loc = loc.First()
	there, err := c.loc.IsVisible()
	if err != nil || !there {
		c.state = gone
		return c, err
	}
	state, err := c.loc.Evaluate(controlStateJS, nil, playwright.LocatorEvaluateOptions{Timeout: playwright.Float(1000)})
	if errors.Is(err, playwright.ErrTimeout) {
		c.state = gone // meanwhile
		return c, nil
	}
	text, _ := state.(string)
	c.state = controlState(text)
	return c, err
}

// endShown tells whether what is to be seen on the last page is there.
func (g *pager) endShown() (bool, error) {
	if !g.paging.End.Given() {
		return false, nil
	}
	end, err := g.locate(g.paging.End)
	if err != nil {
		return false, err
	}
	return end.First().IsVisible()
}
