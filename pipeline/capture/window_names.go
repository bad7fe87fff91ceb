package capture

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"pipe/pipeline/browser"
)

// windowNames are the names of the windows that a browser's pages open. The next
// request for a window of the same name cuts off the one that is under way in it.
type windowNames struct {
	mu   sync.Mutex
	seen map[string]int
	// reused is true once a page was seen to use a tab again before its file was
	// here, whatever its name.
	reused bool
}

// manyNames is how many names say that a site gives each window its own.
const manyNames = 3

// again notes that a window is opened, and tells whether the page may use it
// again for the next file.
func (w *windowNames) again(name string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch strings.ToLower(name) {
	case "", "_blank", "_self", "_parent", "_top":
		return w.reused
	}
	if w.seen == nil {
		w.seen = map[string]int{}
	}
	w.seen[name]++
	return w.reused || w.seen[name] > 1 || len(w.seen) <= manyNames
}

func (w *windowNames) learn() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.reused = true
}

// opening is told that the page opens a window.
func (c *captureListener) opening(event any) {
	if c.page.interceptor.windows.again(browser.Text(browser.Fields(event)["windowName"])) {
		c.stays.Store(true)
	}
}

var errTabReused = errors.New("the page used the tab that asked for the file for another before it had come")

// use is told of a request of a tab, and gives the delivery that it belongs to;
// nil makes it a new one's. again is true for a tab which the page has used for
// another file before.
func (i *interceptor) use(tb *tab, req paused) (d *tabDelivery, again bool) {
	c := tb.owner.listening()
	i.mu.Lock()
	d = tb.taken
	again = c != nil && tb.by != c
	cut := d != nil && again && tb.asking && !req.answered && !req.redirected
	switch {
	case d == nil:
	case cut, again && !req.answered && d.over():
		tb.taken = nil
	default:
		again = false
	}
	if again {
		tb.by = c
	}
	tb.asking, tb.aborted = !req.answered || redirects(req), ""
	i.mu.Unlock()
	if cut {
		i.windows.learn()
		d.leave(tb) // first, or the tab is closed with it
		d.push(tabEvent{tab: tb, cut: true})
	}
	if again {
		return nil, true
	}
	return d, false
}

// answered notes that a tab's request has its answer, of which nothing is told.
func (i *interceptor) answered(tb *tab) {
	i.mu.Lock()
	defer i.mu.Unlock()
	tb.asking = false
}

// reuseGrace is how long after a tab gave its request up the next may come.
const reuseGrace = time.Second

// gaveUp is told that a tab gave up its request, as it does when the page uses it
// for another: the delivery is told unless that one comes.
func (i *interceptor) gaveUp(tb *tab, req paused) bool {
	i.mu.Lock()
	d := tb.taken
	if d != nil {
		tb.aborted = req.id
	}
	i.mu.Unlock()
	if d == nil {
		return false
	}
	i.cdp.Go(func(ctx context.Context) {
		ctx, cancel := context.WithTimeout(ctx, reuseGrace)
		defer cancel()
		select {
		case <-tb.closed:
		case <-ctx.Done():
		}
		i.mu.Lock()
		still := tb.aborted == req.id
		i.mu.Unlock()
		if still {
			d.paused(tb, req)
		}
	})
	i.pass(req, false)
	return true
}

// over tells whether nothing is expected of the delivery's tabs any more.
func (d *tabDelivery) over() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.dropped
}

// leave gives up a tab that another delivery has taken over.
func (d *tabDelivery) leave(tb *tab) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.tabs, tb.id)
	d.all = slices.DeleteFunc(slices.Clone(d.all), func(o *tab) bool { return o == tb })
}

// note keeps a tab of the delivery in mind.
func (d *tabDelivery) note(tb *tab) {
	for _, o := range d.all {
		if o == tb {
			return
		}
	}
	d.all = append(d.all, tb)
}

// awaitClosed waits until the delivery's tabs are closed: a page that uses one
// again must open a new one.
func (d *tabDelivery) awaitClosed(ctx context.Context) {
	d.mu.Lock()
	all := d.all
	d.mu.Unlock()
	ctx, cancel := context.WithTimeout(ctx, d.owner.page.Context.Browser.CloseLimit())
	defer cancel()
	for _, tb := range all {
		select {
		case <-tb.closed:
		case <-ctx.Done():
			return
		}
	}
}

// receiveClosed receives a tab's file and sees that its tabs are gone.
func (p *Page) receiveClosed(ctx context.Context, d *tabDelivery) (*spooledFile, error) {
	defer d.awaitClosed(ctx)
	return p.keep(ctx, d)
}
