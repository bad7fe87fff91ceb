package browser

import (
	"context"
	"slices"
	"sync"

	"github.com/playwright-community/playwright-go"

	"pipe/steps"
)

// popup is a tab as Playwright sees it. Which of the tap's tabs it is costs
// round trips to ask, and matters only once a page is shown in one.
type popup struct {
	page *page
	pw   playwright.Page
	// gate lets one at a time introduce the popup; ears is the gate's.
	gate gate
	ears *ears

	mu sync.Mutex
	// d is the delivery that the tab belongs to, early what it began to download
	// before that was known.
	d     *tabDelivery
	early []playwright.Download
}

// opened is told of a tab of the page that Playwright sees. Its file may come by
// any way that a page's own does.
func (p *page) opened(pw playwright.Page) {
	if p.awaited(pw) {
		return
	}
	u := &popup{page: p, pw: pw, gate: newGate()}
	// A driver that is gone takes the tab with it.
	_ = steps.Calm(func() {
		pw.OnDialog(func(dialog playwright.Dialog) {
			go func() { _ = dialog.Accept() }() // it keeps the file
		})
	})
	pw.OnDownload(u.downloaded)
	pw.OnPopup(p.opened)
	p.mu.Lock()
	p.popups = append(p.popups, u)
	p.mu.Unlock()
	pw.OnClose(func(playwright.Page) {
		u.closed()
		p.mu.Lock()
		defer p.mu.Unlock()
		p.popups = slices.DeleteFunc(p.popups, func(o *popup) bool { return o == u })
	})
	if p.machine.tap.shows(p) {
		go u.introduce()
	}
}

// popped tells whether the page opened a tab that is still there.
func (p *page) popped(pw playwright.Page) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.ContainsFunc(p.popups, func(u *popup) bool { return u.pw == pw })
}

// showing notes that a tab is shown a page.
func (t *tap) showing(tb *tab) {
	t.mu.Lock()
	tb.shown = true
	t.mu.Unlock()
	p := tb.owner
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, u := range p.popups {
		go u.introduce()
	}
}

// shows tells whether a tab of the page is shown a page.
func (t *tap) shows(p *page) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, tb := range t.tabs {
		if tb.owner == p && tb.shown {
			return true
		}
	}
	return false
}

// shown gives the delivery of a tab that is shown a page.
func (t *tap) shown(id string) *tabDelivery {
	t.mu.Lock()
	defer t.mu.Unlock()
	if tb := t.tabs[id]; tb != nil && tb.shown {
		return tb.taken
	}
	return nil
}

// introduce finds the delivery that the popup belongs to, and listens for it.
func (u *popup) introduce() {
	ctx, cancel := context.WithTimeout(context.Background(), callLimit)
	defer cancel()
	if u.gate.lock(ctx) != nil {
		return
	}
	defer u.gate.unlock()
	if u.ears == nil {
		var err error
		if u.ears, err = newEars(ctx, u.pw); err != nil {
			u.ears = nil
			return // it is closed already
		}
	}
	found := u.page.machine.tap.shown(u.ears.frame)
	u.mu.Lock()
	known := u.d != nil || found == nil
	if !known {
		u.d = found
		for _, file := range u.early {
			found.downloaded(file)
		}
		u.early = nil
	}
	u.mu.Unlock()
	if !known {
		found.hears(u.ears)
	}
}

// downloaded is told that the tab began a download.
func (u *popup) downloaded(file playwright.Download) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.d == nil {
		u.early = append(u.early, file)
		return
	}
	u.d.downloaded(file)
}

// closed gives up what nobody was there for.
func (u *popup) closed() {
	u.mu.Lock()
	defer u.mu.Unlock()
	for _, file := range u.early {
		(&download{d: file, limit: u.page.pool.opts.CloseLimit}).Discard()
	}
	u.early = nil
}
