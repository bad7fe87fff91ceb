package capture

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/playwright-community/playwright-go"

	"pipe/pipeline/browser"
	"pipe/steps"
)

// Page takes the files that come to one page.
type Page struct {
	page        *browser.Page
	session     Session
	interceptor *interceptor
	windows     *windowSteps
	// listener listens for what comes to the page itself.
	listener *pageListener

	// policy is what the answer that the page shows says of the Referer.
	policy atomic.Pointer[string]
	// awaited is set while a step opens a tab on purpose.
	awaited atomic.Pointer[awaitedTab]

	mu     sync.Mutex
	listen *captureListener
	// want is what the page listens, or listened, for last.
	want wanted
	// group is the file that tabs bring which the page opened since.
	group  *tabDelivery
	popups []*popup
}

var (
	_ steps.Capturer  = (*Page)(nil)
	_ steps.Requester = (*Page)(nil)
	_ steps.Evaluator = (*Page)(nil)
	_ steps.Settler   = (*Page)(nil)
)

// target is the page's id in the DevTools protocol, which is also that of its
// main frame.
func (p *Page) target() string { return p.listener.frame }

// loseSession tells the page, and all who work under its login, that it is gone.
func (p *Page) loseSession() {
	p.session.Lose(p.session.Login())
	p.page.Tell(steps.ErrSessionLost)
}

// CloseStrays closes the tabs that this page opened and no delivery needs.
func (p *Page) CloseStrays(ctx context.Context) error {
	var failed error
	for _, id := range p.interceptor.strays(p) {
		err := steps.DoWithin(ctx, p.page.Context.Browser.CloseLimit(), "closing a stray tab", func() error {
			return p.interceptor.closeTab(ctx, id)
		})
		// A tab that closed itself meanwhile is what is wanted.
		if err != nil && p.interceptor.has(id) {
			failed = errors.Join(failed, err)
		}
	}
	return failed
}

// Opened tells whether the page has opened a tab that is still there.
func (p *Page) Opened(tab playwright.Page) bool {
	return slices.ContainsFunc(p.openPopups(), func(u *popup) bool { return u.pw == tab })
}

// openPopups are the tabs that the page has opened and that are still there.
func (p *Page) openPopups() []*popup {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.popups)
}

// listening gives the listening under way, or nil.
func (p *Page) listening() *captureListener {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.listen
}

// tabClosed is told that a tab is gone that had asked for nothing. It may have been
// a helper: while the page asks for something, or has another tab, the file may
// come of that, however long it takes.
func (p *Page) tabClosed() {
	if c := p.listening(); c != nil {
		p.page.Context.Browser.Go(func(context.Context) {
			if steps.Pause(c.ctx, tabGrace) == nil && c.traffic.quiet(c.ctx, func() bool { return c.busy() || p.hasPopups() }) {
				c.fail(errTabClosed)
			}
		})
	}
}

// hasPopups tells whether a tab is there that the page has opened.
func (p *Page) hasPopups() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.popups) > 0
}

// downloaded is told that the page began a download.
func (p *Page) downloaded(d playwright.Download) {
	if p.interceptor.downloads.owns(d.SuggestedFilename()) {
		return // a tab's, whoever Playwright takes it to be of
	}
	file := p.download(d)
	if c := p.listening(); c != nil {
		c.takeDownload(file)
		return
	}
	file.Discard()
}
