package capture

import (
	"context"
	"sync"
)

// tab is a tab that a page of the pool opened, directly or by another tab.
type tab struct {
	id    string
	owner *Page
	// taken is the delivery that came by this tab; nil makes it a stray.
	taken *tabDelivery
	// shown is true once a page is shown in the tab, meant for one that a step
	// opened on purpose: it is about to be a page itself.
	shown, meant bool
	// by is the listening during which it was opened, or used last.
	by *captureListener
	// asking is true while the site has a request of it that is not answered.
	asking bool
	// aborted is the request that the tab itself gave up, until it asks again.
	aborted string
	// closed is closed when the tab is, ready once what comes of it is heard.
	closed, ready chan struct{}
	listened      sync.Once
}

// heard notes that what comes of a tab is heard.
func (tb *tab) heard() { tb.listened.Do(func() { close(tb.ready) }) }

// inTab decides on a request of a tab that a page of the pool opened: while the
// page listens, and until it moves on, the first is the delivery, and stays
// held; those of further tabs join it.
func (i *interceptor) inTab(tb *tab, req paused) {
	if c := tb.owner.listening(); c != nil {
		c.seen.tab(req)
	}
	if req.failure == "Aborted" && i.gaveUp(tb, req) {
		return
	}
	d, again := i.use(tb, req)
	if d == nil {
		d = tb.owner.tabFile(i, req, again)
		if d == nil {
			i.inStray(tb.owner, req)
			return
		}
		i.mu.Lock()
		tb.taken = d
		i.mu.Unlock()
	}
	d.paused(tb, req)
}

// inStray decides on a request of a tab that no delivery needs, or its answer. It
// brings no file: Playwright may tell the page that opened the tab of a download,
// which would take it for that of its next item.
func (i *interceptor) inStray(owner *Page, req paused) {
	switch {
	case owner.losing(req), owner.endsAtLogin(req) && !showsPage(req):
		owner.loseSession()
	case owner.endsAtLogin(req):
		owner.page.Context.Browser.Go(func(ctx context.Context) { i.strayAtLogin(ctx, owner, req) })
		return
	}
	if req.status >= 200 && req.status < 300 && !isPage(req.headers) {
		i.cdp.Tell("Fetch.failRequest", map[string]any{"requestId": req.id, "errorReason": "Aborted"})
		return
	}
	i.pass(req, true)
}

// strayAtLogin decides on a tab that no delivery needs and that has come to where the
// site wants a login. One that goes on from there has lost nothing.
func (i *interceptor) strayAtLogin(ctx context.Context, owner *Page, req paused) {
	body, err := heldBody(ctx, i.cdp, req)
	if err == nil && !leadsOn(req, body) {
		owner.loseSession()
	}
	i.pass(req, true)
}

// tabFile gives the delivery that a tab of the page belongs to, or nil.
// again is true for a tab that is used again: it may well be used for the next
// file too, so the page stays until this one is here.
func (p *Page) tabFile(i *interceptor, req paused, again bool) *tabDelivery {
	p.mu.Lock()
	d, c := p.group, p.listen
	if d == nil && c != nil && (again || c.stays.Load() || c.doubts(req)) {
		mine := newTabDelivery(i, p)
		if !again {
			mine.plan = c.windows
		}
		p.mu.Unlock()
		c.takeTab(mine)
		return mine
	}
	if d == nil && c != nil {
		p.group = newTabDelivery(i, p)
		p.group.plan = c.windows
	}
	mine := p.group
	p.mu.Unlock()
	if d == nil && mine != nil && !c.offer(mine, 0) {
		// Another way was first: the tab is of no use.
		mine.Discard()
	}
	return mine
}

// doubts tells whether a file that a tab asks for must be looked at before it is
// the one: its address alone does not say so.
func (c *captureListener) doubts(req paused) bool {
	one := c.want.alone()
	return one == nil || one.Match.Given() && (one.Match.Name != "" || one.Match.Type != "" || !one.Match.Holds(req.url, "", ""))
}

// moveOn is told that the page itself goes elsewhere: no further tab can come
// of what it did before.
func (p *Page) moveOn() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.listen == nil {
		p.group = nil
	}
}
