package capture

import (
	"context"
	"sync"

	"github.com/playwright-community/playwright-go"

	"pipe/pipeline/browser"
	"pipe/steps"
)

// Extension takes the files of all pages: browsers tell it what they open.
type Extension struct {
	// block names what pages need not load.
	block []string
	// windows knows which windows are needed.
	windows windowSteps

	mu sync.Mutex
	// interceptors are those of the browsers that live.
	interceptors map[*browser.Browser]*interceptor
}

var _ browser.Extension = (*Extension)(nil)

// New makes one; block is what pages need not load: stylesheet, media.
func New(block []string) *Extension {
	return &Extension{block: block, interceptors: map[*browser.Browser]*interceptor{}}
}

// BrowserStarted has the browser hold every request for a document.
func (c *Extension) BrowserStarted(ctx context.Context, b *browser.Browser) error {
	i, err := newInterceptor(ctx, b, c.block)
	if err != nil {
		return err
	}
	c.mu.Lock()
	c.interceptors[b] = i
	c.mu.Unlock()
	b.OnDeath(func() {
		c.mu.Lock()
		delete(c.interceptors, b)
		c.mu.Unlock()
		i.died()
	})
	return nil
}

// ContextOpened has every document of a context note the files that its scripts
// make.
func (c *Extension) ContextOpened(ctx context.Context, of playwright.BrowserContext) error {
	return steps.DoWithin(ctx, browser.CallLimit, "watching for files", func() error {
		return of.AddInitScript(playwright.Script{Content: playwright.String(hook)})
	})
}

// Attach listens to a page, and shows it to the interceptor.
func (c *Extension) Attach(ctx context.Context, page *browser.Page, session Session) (*Page, error) {
	c.mu.Lock()
	i := c.interceptors[page.Context.Browser]
	c.mu.Unlock()
	if i == nil {
		return nil, steps.ErrClosed
	}
	p := &Page{page: page, session: session, interceptor: i, windows: &c.windows}
	pw := page.Playwright()
	pw.OnDownload(p.downloaded)
	var err error
	if p.listener, err = newPageListener(ctx, page, pw, &requestEnds{broken: &i.broken}); err != nil {
		return nil, err
	}
	if err := i.downloads.watch(ctx, p.listener.contextID); err != nil {
		return nil, err
	}
	pw.OnPopup(p.popupOpened)
	p.learnHeaders()
	i.add(p)
	page.OnDiscard(func() { i.remove(p) })
	return p, nil
}
