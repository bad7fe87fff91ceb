package steps

import (
	"context"
	"errors"
	"fmt"
	"regexp"

	"github.com/playwright-community/playwright-go"

	"pipe/specs"
)

// nextLocator gives the control that leads on from the n-th page.
func (g *pager) nextLocator(n int) (specs.Target, playwright.Locator, error) {
	switch {
	case g.paging.Numbers.Given():
		loc, err := g.locate(g.paging.Numbers)
		if err != nil {
			return g.paging.Numbers, nil, err
		}
		number := regexp.MustCompile(fmt.Sprintf(`^\s*%d\s*$`, n+1))
		return g.paging.Numbers, loc.Filter(playwright.LocatorFilterOptions{HasText: number}).First(), nil
	case g.paging.More.Given():
		loc, err := g.locate(g.paging.More)
		if err != nil {
			return g.paging.More, nil, err
		}
		return g.paging.More, loc.First(), nil
	default:
		loc, err := g.locate(g.paging.Next)
		if err != nil {
			return g.paging.Next, nil, err
		}
		return g.paging.Next, loc.First(), nil
	}
}

// hasNext tells whether something leads on from the n-th page.
func (g *pager) hasNext(ctx context.Context, n int) (bool, error) {
	return Call(ctx, "looking for the next page", func() (bool, error) { return g.nextIsUsable(n) })
}

// disabledJS tells whether a button or link leads nowhere.
const disabledJS = `el => !!el.closest('[disabled],[aria-disabled=true]') || /(^|[\s_-])disabled($|\s)/.test(el.className + ' ' + (el.parentElement ? el.parentElement.className : ''))`

func (g *pager) nextIsUsable(n int) (bool, error) {
	if g.paging.End.Given() {
		end, err := g.locate(g.paging.End)
		if err != nil {
			return false, err
		}
		if there, err := end.First().IsVisible(); err != nil || there {
			return false, err
		}
	}
	if g.paging.Scroll != nil {
		return true, nil
	}
	_, loc, err := g.nextLocator(n)
	if err != nil {
		return false, err
	}
	if there, err := loc.IsVisible(); err != nil || !there {
		return false, err
	}
	is, err := loc.Evaluate(disabledJS, nil, playwright.LocatorEvaluateOptions{Timeout: playwright.Float(1000)})
	if errors.Is(err, playwright.ErrTimeout) {
		return false, nil // it has gone meanwhile
	}
	return is == false, err
}
