package steps

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/playwright-community/playwright-go"

	"pipe/specs"
)

// maxPages bounds the pages of a list that has no end.
const maxPages = 10_000

// pager turns the pages of a list.
type pager struct {
	*StepContext
	paging *specs.Paging
	rows   specs.Target

	mu sync.Mutex
	// pending are the requests under way that may change the page.
	pending map[playwright.Request]bool
}

// EachPage calls f on each page of a list, or once all are turned when first is
// page, and gives their number. rows are what a page shows, where that is known.
func (s *StepContext) EachPage(ctx context.Context, how *specs.Paging, rows specs.Target, first string, f func(n int) error) (int, error) {
	g := &pager{StepContext: s, paging: how, rows: rows, pending: map[playwright.Request]bool{}}
	ignore, err := g.trackRequests()
	if err != nil {
		return 0, err
	}
	defer ignore()
	if first == "" {
		first = "process"
		if how.More.Given() || how.Scroll != nil {
			first = "page"
		}
	}
	for n := 1; ; n++ {
		if first == "process" {
			if err := f(n); err != nil {
				return n, err
			}
		}
		turned := false
		if how.Most == 0 || n < how.Most {
			if n == maxPages {
				return n, fmt.Errorf("%w: %d pages; say how many by most", errTooMany, n)
			}
			err := s.withStepLimit(ctx, func(ctx context.Context) (err error) {
				turned, err = g.nextPage(ctx, n)
				return err
			})
			if err != nil {
				return n, err
			}
		}
		if !turned {
			if first == "page" {
				return n, f(n)
			}
			return n, nil
		}
	}
}

// trackRequests notes what the page asks for, until the function that it gives is
// called.
func (g *pager) trackRequests() (func(), error) {
	begins := func(r playwright.Request) {
		switch r.ResourceType() {
		case "xhr", "fetch", "document":
			g.mu.Lock()
			defer g.mu.Unlock()
			g.pending[r] = true
		}
	}
	ends := func(r playwright.Request) {
		g.mu.Lock()
		defer g.mu.Unlock()
		delete(g.pending, r)
	}
	page := g.Page
	err := RecoverPanics(func() {
		page.OnRequest(begins)
		page.OnRequestFinished(ends)
		page.OnRequestFailed(ends)
	})
	return func() {
		_ = RecoverPanics(func() {
			page.RemoveListener("request", begins)
			page.RemoveListener("requestfinished", ends)
			page.RemoveListener("requestfailed", ends)
		})
	}, err
}

func (g *pager) idle() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.pending) == 0
}

// contentHashJS sums up in a few characters what a page shows: how much there is, and
// a hash of its texts and links.
const contentHashJS = `els => {
	let h = 0, n = 0;
	const add = s => { for (let i = 0; i < s.length; i++) { h = (h * 31 + s.charCodeAt(i)) | 0; n++; } };
	for (const e of els) {
		add(e.innerText || '');
		for (const a of e.querySelectorAll('[href],[src]')) add(a.getAttribute('href') || a.getAttribute('src'));
	}
	return [els.length, n, h].join(' ');
}`

// emptyContent is the contentHash of no element.
const emptyContent = "0 0 0"

func (g *pager) contentHash() (string, error) {
	loc := g.Page.Locator("body")
	if g.rows.Given() {
		var err error
		if loc, err = g.locate(g.rows); err != nil {
			return "", err
		}
	}
	v, err := loc.EvaluateAll(contentHashJS)
	text, _ := v.(string)
	return text, err
}

// nextPage goes to the page after the n-th, and tells whether there is one.
func (g *pager) nextPage(ctx context.Context, n int) (bool, error) {
	// What leads on may come, or go, later than what the page shows.
	if g.paging.Scroll == nil {
		if err := g.awaitQuiet(ctx); err != nil {
			return false, err
		}
	}
	if may, err := g.hasNext(ctx, n); err != nil || !may {
		return false, err
	}
	before, err := Call(ctx, "looking at the page", g.contentHash)
	if err != nil {
		return false, err
	}
	if g.paging.Scroll != nil {
		return g.scroll(ctx, before)
	}
	control, loc, err := g.nextLocator(n)
	if err != nil {
		return false, err
	}
	if err := callAction(ctx, g.StepContext, "clicking "+control.String(), func() error {
		return loc.Click(playwright.LocatorClickOptions{Timeout: timeoutMillis(ctx)})
	}); err != nil {
		return false, err
	}
	return g.awaitTurn(ctx, control, before, n)
}

// awaitTurn waits until the page is another after a click.
func (g *pager) awaitTurn(ctx context.Context, control specs.Target, before string, n int) (bool, error) {
	over := false
	err := g.awaitChange(ctx, before, func() (bool, error) {
		if !g.paging.More.Given() || !g.idle() {
			return false, nil
		}
		may, err := g.nextIsUsable(n)
		over = err == nil && !may
		return over, err
	})
	switch {
	case errors.Is(err, ErrTimeout) && ctx.Err() != nil:
		return false, fmt.Errorf("clicking %s does not change the page: %w", control, ErrTimeout)
	case err != nil:
		return false, err
	}
	if err := g.awaitContent(ctx); err != nil || !over {
		return err == nil, err
	}
	now, err := Call(ctx, "looking at the page", g.contentHash)
	return now != before, err
}

// awaitContent waits until what came is all here.
func (g *pager) awaitContent(ctx context.Context) error {
	if !g.rows.Given() {
		return g.awaitQuiet(ctx)
	}
	return callPage(ctx, "waiting for the page", func() error {
		return g.Page.WaitForLoadState(playwright.PageWaitForLoadStateOptions{State: playwright.LoadStateDomcontentloaded, Timeout: timeoutMillis(ctx)})
	})
}

// awaitChange waits until the page shows something else, or other holds.
func (g *pager) awaitChange(ctx context.Context, before string, other func() (bool, error)) error {
	return g.waitUntil(ctx, "waiting for the page to change", func() (bool, error) {
		now, err := g.contentHash()
		if err != nil {
			return false, err
		}
		if now != before && (now != emptyContent || !g.rows.Given()) {
			return true, nil
		}
		return other()
	})
}

// scroll goes to the end of what scrolls; where nothing comes of it, there is
// no more.
func (g *pager) scroll(ctx context.Context, before string) (bool, error) {
	loc := g.Page.Locator("html")
	if t := g.paging.Scroll.Target; t.Given() {
		var err error
		if loc, err = g.firstAlternative(t); err != nil {
			return false, err
		}
	}
	err := callAction(ctx, g.StepContext, "scrolling", func() error {
		_, err := loc.Evaluate(`el => el.scrollTo(0, el.scrollHeight)`, nil, playwright.LocatorEvaluateOptions{Timeout: timeoutMillis(ctx)})
		return err
	})
	for err == nil {
		patient, cancel := context.WithTimeout(ctx, g.paging.Patience.Std())
		err = g.awaitChange(patient, before, func() (bool, error) { return false, nil })
		cancel()
		if err == nil {
			return true, g.awaitContent(ctx)
		}
		if !errors.Is(err, ErrTimeout) || ctx.Err() != nil {
			return false, err
		}
		if g.idle() {
			return false, nil
		}
		err = nil
	}
	return false, err
}
