package steps

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"strconv"

	"pipe/specs"
)

// numbersJS finds, among the links to pages, those that lead on from one.
//
//go:embed pager_numbers.js
var numbersJS string

// pageNumbers is what links to pages say, seen from one page.
type pageNumbers struct {
	// current is the page that is marked as the one shown, 0 for none.
	current int
	// next is the link to the next page, beyond one to further numbers, further one
	// to a page after the next.
	next, beyond, further *pageControl
	// shown tells whether the next page's number is there, as a link or not.
	shown bool
}

func (g *pager) numbers(n int) (*pageNumbers, error) {
	loc, err := g.locate(g.paging.Numbers)
	if err != nil {
		return nil, err
	}
	answer, err := loc.EvaluateAll(numbersJS, n)
	got, ok := answer.(map[string]any)
	if err != nil || !ok {
		return &pageNumbers{}, err
	}
	control := func(name string) *pageControl {
		one, there := got[name].(map[string]any)
		if !there {
			return nil
		}
		at, _ := one["at"].(int)
		text, _ := one["text"].(string)
		return &pageControl{Target: g.paging.Numbers, loc: loc.Nth(at), state: usable, text: text, beyond: name == "beyond"}
	}
	p := &pageNumbers{next: control("next"), beyond: control("beyond"), further: control("further")}
	p.current, _ = got["current"].(int)
	p.shown, _ = got["shown"].(bool)
	return p, nil
}

// numberControl gives the link that leads on from the n-th page.
func (g *pager) numberControl(n int) (*pageControl, error) {
	p, err := g.numbers(n)
	switch {
	case err != nil:
		return nil, err
	case p.current > 0 && p.current != n:
		return nil, fmt.Errorf("%s show page %d where page %d is due: have the steps before go to the first page, and no other script turn the pages", g.paging.Numbers, p.current, n)
	case p.next != nil:
		return p.next, nil
	case p.beyond != nil:
		return p.beyond, nil
	case p.further != nil:
		return nil, fmt.Errorf("of %s there is one to page %q and none to page %d, nor one that leads on: name more links in numbers, or take next", g.paging.Numbers, p.further.text, n+1)
	default:
		return &pageControl{Target: specs.Target{}, state: gone}, nil
	}
}

// awaitWindow waits for what a link behind the numbers leads to: the next page, or
// further numbers.
func (g *pager) awaitWindow(ctx context.Context, control *pageControl, before string, n int) (bool, error) {
	failed := false
	err := g.awaitChange(ctx, before, func() (bool, error) {
		if failed = g.requests.idle() && g.requests.failure() != ""; failed {
			return true, nil
		}
		p, err := g.numbers(n)
		return err == nil && p.next != nil, err
	})
	switch {
	case errors.Is(err, ErrTimeout) && ctx.Err() != nil:
		return false, fmt.Errorf("clicking %s leads to no further page, and nothing says that the list ends here (end or total may tell it): %w", control, ErrTimeout)
	case err != nil:
		return false, err
	case failed:
		return false, errSiteFailed
	}
	if err := g.awaitQuiet(ctx); err != nil {
		return false, err
	}
	p, err := Call(ctx, "looking at the numbers", func() (*pageNumbers, error) { return g.numbers(n) })
	switch {
	case err != nil:
		return false, err
	case p.next != nil:
		now, err := Call(ctx, "looking at the page", g.contentHash)
		if err != nil {
			return false, err
		}
		if err := g.click(ctx, p.next); err != nil {
			return false, err
		}
		return g.awaitTurn(ctx, p.next, now, n)
	case p.current > 0 && p.current != n+1 || p.current == 0 && !p.shown:
		return false, fmt.Errorf("%s leads from page %d to %s, and the pages between pass unseen: name fewer links in numbers, or take next", control, n, otherPage(p.current))
	default:
		return true, nil
	}
}

func otherPage(n int) string {
	if n == 0 {
		return "another than the next"
	}
	return "page " + strconv.Itoa(n)
}
