package capture

import (
	"context"
	"slices"
	"sync"

	"github.com/playwright-community/playwright-go"
	"golang.org/x/sync/semaphore"

	"pipe/pipeline/browser"
	"pipe/steps"
)

// popup is a tab as Playwright sees it. Which of the interceptor's tabs it is
// costs round trips to ask, and matters only once a page is shown in one.
type popup struct {
	page *Page
	pw   playwright.Page
	// lock lets one at a time introduce the popup; listener is its own.
	lock *semaphore.Weighted

	mu       sync.Mutex
	listener *pageListener
	// written is the listening that takes what comes of a tab which the page has
	// written itself.
	written *captureListener
	// d is the delivery that the tab belongs to, early what it began to download
	// before that was known.
	d     *tabDelivery
	early []playwright.Download
}

// popupOpened is told of a tab of the page that Playwright sees. Its file may
// come by any way that a page's own does.
func (p *Page) popupOpened(pw playwright.Page) {
	if p.takeAwaited(pw) {
		return
	}
	p.keepPopup(pw, nil)
}

// keepPopup takes a tab for one of the page's; l listens on it already, or is nil.
func (p *Page) keepPopup(pw playwright.Page, l *pageListener) *popup {
	u := &popup{page: p, pw: pw, lock: semaphore.NewWeighted(1), listener: l}
	// A driver that is gone takes the tab with it.
	_ = steps.RecoverPanics(func() {
		pw.OnDialog(func(dialog playwright.Dialog) {
			p.page.Context.Browser.Go(func(ctx context.Context) { // it keeps the file
				_ = steps.DoWithin(ctx, browser.CallLimit, "accepting a dialog", func() error { return dialog.Accept() })
			})
		})
	})
	pw.OnDownload(u.downloaded)
	pw.OnPopup(p.popupOpened)
	p.mu.Lock()
	p.popups = append(p.popups, u)
	p.mu.Unlock()
	pw.OnClose(func(playwright.Page) {
		u.closed()
		p.mu.Lock()
		defer p.mu.Unlock()
		p.popups = slices.DeleteFunc(p.popups, func(o *popup) bool { return o == u })
	})
	if p.interceptor.shows(p) || p.listening() != nil {
		u.page.page.Context.Browser.Go(u.introduce)
	}
	return u
}

// showing notes that a tab is shown a page.
func (i *interceptor) showing(tb *tab) {
	i.mu.Lock()
	tb.shown = true
	i.mu.Unlock()
	for _, u := range tb.owner.openPopups() {
		u.page.page.Context.Browser.Go(u.introduce)
	}
}

// shows tells whether a tab of the page is shown a page.
func (i *interceptor) shows(p *Page) bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	for _, tb := range i.tabs {
		if tb.owner == p && tb.shown {
			return true
		}
	}
	return false
}

// shown gives the delivery of a tab that is shown a page.
func (i *interceptor) shown(id string) *tabDelivery {
	i.mu.Lock()
	defer i.mu.Unlock()
	if tb := i.tabs[id]; tb != nil && tb.shown {
		return tb.taken
	}
	return nil
}

// introduce finds the delivery that the popup belongs to, and listens for it.
func (u *popup) introduce(life context.Context) {
	ctx, cancel := context.WithTimeout(life, browser.CallLimit)
	defer cancel()
	if u.lock.Acquire(ctx, 1) != nil {
		return
	}
	defer u.lock.Release(1)
	l := u.listens()
	if l == nil {
		var err error
		if l, err = newPageListener(ctx, u.page.page, u.pw, u.page.listener.ends); err != nil {
			return // it is closed already
		}
		u.mu.Lock()
		u.listener = l
		u.mu.Unlock()
	}
	defer u.page.interceptor.heard(l.frame)
	found := u.page.interceptor.shown(l.frame)
	if found == nil {
		u.listenWritten(life, l)
		return
	}
	u.mu.Lock()
	known := u.d == found // a tab that is used again belongs to another
	if !known {
		u.d, u.written = found, nil
		for _, file := range u.early {
			found.downloaded(file)
		}
		u.early = nil
	}
	u.mu.Unlock()
	if !known {
		found.listenOn(life, l)
	}
}

// listenWritten listens on a tab that has asked for nothing: what comes of it is
// the page's, whose script writes it.
func (u *popup) listenWritten(life context.Context, l *pageListener) {
	c := u.page.listening()
	if c == nil || u.page.interceptor.taken(l.frame) {
		return
	}
	u.mu.Lock()
	known := u.written == c || u.d != nil
	u.written = c
	early := u.early
	u.early = nil
	u.mu.Unlock()
	for _, file := range early {
		c.takeDownload(u.page.download(file))
	}
	if !known {
		h := c.hearing()
		h.written = true
		// A tab that is closed, or moves on, asks for nothing more.
		_ = l.listen(life, h, true)
		_, _ = steps.CallWithin(life, frameLimit, "letting the tab ask", func() (any, error) { return u.pw.Evaluate(hooked + "?.heard?.()") })
	}
}

// release ends what a listening had to do with the tab.
func (u *popup) release(c *captureListener) {
	u.mu.Lock()
	mine := u.written == c
	if mine {
		u.written = nil
	}
	l := u.listener
	u.mu.Unlock()
	if mine && l != nil {
		l.stop()
	}
}

// listens gives the tab's listener, nil before it has one.
func (u *popup) listens() *pageListener {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.listener
}

// heard notes that what comes of a tab is heard.
func (i *interceptor) heard(id string) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if tb := i.tabs[id]; tb != nil {
		tb.heard()
	}
}

// taken tells whether a tab belongs to a delivery.
func (i *interceptor) taken(id string) bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	tb := i.tabs[id]
	return tb != nil && tb.taken != nil
}

// downloaded is told that the tab began a download.
func (u *popup) downloaded(file playwright.Download) {
	if u.page.interceptor.downloads.owns(file.SuggestedFilename()) {
		return
	}
	u.mu.Lock()
	d, c := u.d, u.written
	if d == nil && c == nil {
		u.early = append(u.early, file)
	}
	u.mu.Unlock()
	switch {
	case d != nil:
		d.downloaded(file)
	case c != nil:
		c.takeDownload(u.page.download(file))
	}
}

// closed gives up what nobody was there for.
func (u *popup) closed() {
	u.mu.Lock()
	defer u.mu.Unlock()
	for _, file := range u.early {
		u.page.download(file).Discard()
	}
	u.early = nil
}
