package steps

import (
	"context"
	"errors"
	"fmt"
	"regexp"

	"github.com/playwright-community/playwright-go"

	"pipe/specs"
)

// way gives what leads on from the n-th page.
func (g *pager) way(n int) (specs.Target, playwright.Locator, error) {
	switch {
	case g.how.Numbers.Given():
		loc, err := g.locate(g.how.Numbers)
		if err != nil {
			return g.how.Numbers, nil, err
		}
		number := regexp.MustCompile(fmt.Sprintf(`^\s*%d\s*$`, n+1))
		return g.how.Numbers, loc.Filter(playwright.LocatorFilterOptions{HasText: number}).First(), nil
	case g.how.More.Given():
		loc, err := g.locate(g.how.More)
		if err != nil {
			return g.how.More, nil, err
		}
		return g.how.More, loc.First(), nil
	default:
		loc, err := g.locate(g.how.Next)
		if err != nil {
			return g.how.Next, nil, err
		}
		return g.how.Next, loc.First(), nil
	}
}

// onward tells whether something leads on from the n-th page.
func (g *pager) onward(ctx context.Context, n int) (bool, error) {
	return Call(ctx, "looking for the next page", func() (bool, error) { return g.leads(n) })
}

// off tells whether a button or link leads nowhere.
const off = `el => !!el.closest('[disabled],[aria-disabled=true]') || /(^|[\s_-])disabled($|\s)/.test(el.className + ' ' + (el.parentElement ? el.parentElement.className : ''))`

func (g *pager) leads(n int) (bool, error) {
	if g.how.End.Given() {
		end, err := g.locate(g.how.End)
		if err != nil {
			return false, err
		}
		if there, err := end.First().IsVisible(); err != nil || there {
			return false, err
		}
	}
	if g.how.Scroll != nil {
		return true, nil
	}
	_, loc, err := g.way(n)
	if err != nil {
		return false, err
	}
	if there, err := loc.IsVisible(); err != nil || !there {
		return false, err
	}
	is, err := loc.Evaluate(off, nil, playwright.LocatorEvaluateOptions{Timeout: playwright.Float(1000)})
	if errors.Is(err, playwright.ErrTimeout) {
		return false, nil // it has gone meanwhile
	}
	return is == false, err
}
