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
	lock     *semaphore.Weighted
	listener *pageListener

	mu sync.Mutex
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
	u := &popup{page: p, pw: pw, lock: semaphore.NewWeighted(1)}
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
	if p.interceptor.shows(p) {
		u.page.page.Context.Browser.Go(u.introduce)
	}
}

// showing notes that a tab is shown a page.
func (i *interceptor) showing(tb *tab) {
	i.mu.Lock()
	tb.shown = true
	i.mu.Unlock()
	p := tb.owner
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, u := range p.popups {
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
	if u.listener == nil {
		var err error
		if u.listener, err = newPageListener(ctx, u.page.page, u.pw); err != nil {
			u.listener = nil
			return // it is closed already
		}
	}
	found := u.page.interceptor.shown(u.listener.frame)
	u.mu.Lock()
	known := u.d != nil || found == nil
	if !known {
		u.d = found
		for _, file := range u.early {
			found.downloaded(file, u.listener.openEnds.at(file.URL()))
		}
		u.early = nil
	}
	u.mu.Unlock()
	if !known {
		found.listenOn(life, u.listener)
	}
}

// downloaded is told that the tab began a download.
func (u *popup) downloaded(file playwright.Download) {
	if u.page.interceptor.downloads.owns(file.SuggestedFilename()) {
		return
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.d == nil {
		u.early = append(u.early, file)
		return
	}
	u.d.downloaded(file, u.listener.openEnds.at(file.URL()))
}

// closed gives up what nobody was there for.
func (u *popup) closed() {
	u.mu.Lock()
	defer u.mu.Unlock()
	for _, file := range u.early {
		(&download{d: file, in: u.page.page.Context.Browser}).Discard()
	}
	u.early = nil
}
