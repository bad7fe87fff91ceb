package browser

// tab is a tab that a page of the pool opened, directly or by another tab.
type tab struct {
	id    string
	owner *page
	// taken is the delivery that came by this tab; nil makes it a stray.
	taken *tabDelivery
	// shown is true once a page is shown in the tab, meant for one that a step
	// opened on purpose: it is about to be a page itself.
	shown, meant bool
}

// inTab decides on a request of a tab that a page of the pool opened: while the
// page listens, and until it moves on, the first is the delivery, and stays
// held; those of further tabs join it.
func (t *tap) inTab(tb *tab, req paused) {
	t.mu.Lock()
	d := tb.taken
	t.mu.Unlock()
	if d == nil {
		d = tb.owner.tabFile(t)
		if d == nil {
			if t.losing(req) {
				tb.owner.sessionLost()
			}
			t.pass(req, false)
			return
		}
		t.mu.Lock()
		tb.taken = d
		t.mu.Unlock()
	}
	d.paused(tb, req)
}

// tabFile gives the delivery that a tab of the page belongs to, or nil.
func (p *page) tabFile(t *tap) *tabDelivery {
	p.mu.Lock()
	d, c := p.group, p.catch
	if d == nil && c != nil {
		p.group = newTabDelivery(t, p)
	}
	mine := p.group
	p.mu.Unlock()
	if d == nil && mine != nil && !c.offer(mine) {
		// Another way was first: the tab is of no use.
		mine.Discard()
	}
	return mine
}

// moveOn is told that the page itself goes elsewhere: no further tab can come
// of what it did before.
func (p *page) moveOn() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.catch == nil {
		p.group = nil
	}
}
