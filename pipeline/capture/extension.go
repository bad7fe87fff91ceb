package capture

import (
	"context"
	_ "embed"
	"sync"

	"github.com/playwright-community/playwright-go"

	"pipe/pipeline/browser"
	"pipe/steps"
)

// Extension takes the files of all pages: browsers tell it what they open.
type Extension struct {
	// block names what pages need not load.
	block []string

	mu sync.Mutex
	// interceptors are those of the browsers that live.
	interceptors map[*browser.Browser]*interceptor
}

var _ browser.Extension = (*Extension)(nil)

// New makes one; block is what pages need not load: stylesheet, media.
func New(block []string) *Extension {
	return &Extension{block: block, interceptors: map[*browser.Browser]*interceptor{}}
}

// hook notes the files that scripts make within a page.
//
//go:embed hook.js
var hook string

// hooked is how scripts of ours reach the hook.
const hooked = `window[Symbol.for('pipe.files')]`

// BrowserStarted has the browser hold every request for a document.
func (c *Extension) BrowserStarted(ctx context.Context, b *browser.Browser) error {
	i, err := newInterceptor(ctx, b.CDP, c.block)
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

// Session is the login under which a page works, by its number; 0 is where there
// is none.
type Session interface {
	// Login is the one under which the page was lent.
	Login() int64
	// Holds tells whether a login is the newest, and is not lost.
	Holds(login int64) bool
	// Lose tells all who work under a login that it is gone.
	Lose(login int64)
	// LostAt tells whether an address shows that the session is gone, LostBy
	// whether a status at an address does.
	LostAt(url string) bool
	LostBy(status int, url string) bool
	// ReadsPages tells whether what a page says can show it, and LostIn whether a
	// page that came in a file's place does.
	ReadsPages() bool
	LostIn(page []byte) bool
}

// Attach listens to a page, and shows it to the interceptor.
func (c *Extension) Attach(ctx context.Context, page *browser.Page, session Session) (*Page, error) {
	c.mu.Lock()
	i := c.interceptors[page.Context.Browser]
	c.mu.Unlock()
	if i == nil {
		return nil, steps.ErrClosed
	}
	p := &Page{page: page, session: session, interceptor: i}
	pw := page.Playwright()
	pw.OnDownload(p.downloaded)
	var err error
	if p.listener, err = newPageListener(ctx, page, pw); err != nil {
		return nil, err
	}
	pw.OnPopup(p.popupOpened)
	i.add(p)
	page.OnDiscard(func() { i.remove(p) })
	return p, nil
}
