package browser

import (
	"context"
	"slices"
	"sync"

	"github.com/playwright-community/playwright-go"

	"pipe/steps"
)

// Page is a page of a browser context.
type Page struct {
	Context *Context
	pw      playwright.Page

	// life ends when the page is gone.
	life context.Context
	end  context.CancelCauseFunc
	// closed holds the page's close to one: Playwright's Go port has no lock
	// around it.
	closed sync.Once

	mu        sync.Mutex
	watchers  []*func(error)
	discarded []func()
}

// NewPage opens a page in the context.
func (c *Context) NewPage(ctx context.Context) (*Page, error) {
	pw, err := steps.CallWithin(ctx, CallLimit, "opening a page", func() (playwright.Page, error) { return c.Playwright.NewPage() })
	if err != nil {
		return nil, err
	}
	p := c.Adopt(pw)
	if err := c.learnUserAgent(ctx, pw); err != nil {
		p.Discard()
		return nil, err
	}
	return p, nil
}

// learnUserAgent has the first page of the context say how the browser names itself.
func (c *Context) learnUserAgent(ctx context.Context, pw playwright.Page) error {
	c.naming.Lock()
	defer c.naming.Unlock()
	if c.UserAgent != "" {
		return nil
	}
	var err error
	c.UserAgent, err = steps.CallWithin(ctx, CallLimit, "reading the user agent", func() (string, error) {
		v, err := pw.Evaluate("navigator.userAgent")
		return Text(v), err
	})
	return err
}

// Adopt takes a tab that Playwright knows for a page.
func (c *Context) Adopt(pw playwright.Page) *Page {
	p := &Page{Context: c, pw: pw}
	p.life, p.end = context.WithCancelCause(c.Browser.life)
	c.Browser.add(p)
	pw.OnClose(func(playwright.Page) { p.kill() })
	pw.OnCrash(func(playwright.Page) { p.kill() })
	return p
}

// CDPSession opens a DevTools session of the page's own.
func (p *Page) CDPSession(ctx context.Context) (*CDPSession, error) { return p.TabSession(ctx, p.pw) }

// TabSession opens a DevTools session of a tab that the page has opened.
func (p *Page) TabSession(ctx context.Context, tab playwright.Page) (*CDPSession, error) {
	cdp, err := steps.CallWithin(ctx, CallLimit, "opening the page's DevTools session", func() (playwright.CDPSession, error) {
		return tab.Context().NewCDPSession(tab)
	})
	if err != nil {
		return nil, err
	}
	return &CDPSession{CDPSession: cdp, start: p.Context.Browser.Go}, nil
}

func (p *Page) kill() {
	p.end(steps.ErrClosed)
	p.Tell(steps.ErrClosed)
}

// Watch has tell called with what goes wrong on the page, as soon as the browser knows
// it, until the function that it returns is called.
func (p *Page) Watch(tell func(error)) func() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.watchers = append(p.watchers, &tell)
	return func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.watchers = slices.DeleteFunc(p.watchers, func(one *func(error)) bool { return one == &tell })
	}
}

// Tell tells all who watch the page.
func (p *Page) Tell(err error) {
	p.mu.Lock()
	watchers := slices.Clone(p.watchers)
	p.mu.Unlock()
	for _, tell := range watchers {
		(*tell)(err)
	}
}

// Alive tells whether the page is there, as far as is known.
func (p *Page) Alive() bool { return p.life.Err() == nil && p.Context.Browser.Alive() }

// Life ends when the page is gone.
func (p *Page) Life() context.Context { return p.life }

// Playwright is the page itself.
func (p *Page) Playwright() playwright.Page { return p.pw }

// OnDiscard has f called when the page is given up.
func (p *Page) OnDiscard(f func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.discarded = append(p.discarded, f)
}

// Discard gives the page up; a second time it does nothing.
func (p *Page) Discard() {
	p.kill()
	p.closed.Do(func() {
		p.mu.Lock()
		told := p.discarded
		p.mu.Unlock()
		for _, f := range told {
			f()
		}
		p.Context.Browser.remove(p)
		p.Context.Browser.supervisor.closeSoon("closing a page", func(context.Context) error { return p.pw.Close() })
	})
}
