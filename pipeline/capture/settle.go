package capture

import (
	"context"
	"fmt"
	"sync"
	"time"

	"pipe/pipeline/browser"
	"pipe/steps"
)

// navigations tells whether a navigation of a page is under way: what the page's scripts
// begin is not waited for by the driver, as that waits for what its own input begins.
type navigations struct {
	mu      sync.Mutex
	pending bool
	over    chan struct{} // closed when the one that is pending is over
}

func (n *navigations) begin() {
	n.mu.Lock()
	defer n.mu.Unlock()
	if !n.pending {
		n.pending, n.over = true, make(chan struct{})
	}
}

func (n *navigations) end() {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.pending {
		n.pending = false
		close(n.over)
	}
}

// underWay is closed when the navigation that is under way is over, nil for none.
func (n *navigations) underWay() <-chan struct{} {
	n.mu.Lock()
	defer n.mu.Unlock()
	if !n.pending {
		return nil
	}
	return n.over
}

// watchNavigations hears of the navigations of the page's own frame.
func (l *pageListener) watchNavigations() {
	own := func(event any) bool { return browser.Text(browser.Fields(event)["frameId"]) == l.frame }
	l.cdp.On("Page.frameRequestedNavigation", func(event any) {
		if own(event) && browser.Text(browser.Fields(event)["disposition"]) == "currentTab" {
			l.navigations.begin()
		}
	})
	l.cdp.On("Page.frameNavigated", func(event any) {
		if browser.Text(browser.Fields(browser.Fields(event)["frame"])["id"]) == l.frame {
			l.navigations.end()
		}
	})
	for _, name := range []string{"Page.frameStoppedLoading", "Page.navigatedWithinDocument"} {
		l.cdp.On(name, func(event any) {
			if own(event) {
				l.navigations.end()
			}
		})
	}
}

// enablePage has the page tell of its windows and navigations, once.
func (l *pageListener) enablePage(ctx context.Context) error {
	if l.reports.Swap(true) {
		return nil
	}
	_, err := l.cdp.Command(ctx, "Page.enable", map[string]any{})
	return err
}

// WatchNavigations begins to listen for the page's navigations.
func (p *Page) WatchNavigations(ctx context.Context) error { return p.listener.enablePage(ctx) }

// flushJS lets the page begin what it has put off to its next turn, as the sending of a
// form.
const flushJS = `new Promise(done => setTimeout(() => setTimeout(done)))`

// flushLimit bounds that: a page whose turn does not come is at work.
const flushLimit = 5 * time.Second

// Settle waits until the navigation that a script has begun, if any, shows its page, or
// came to nothing.
func (p *Page) Settle(ctx context.Context) error {
	l := p.listener
	flushing, cancel := context.WithTimeout(ctx, flushLimit)
	_, err := steps.Call(flushing, "letting the page begin", func() (any, error) { return l.cdp.Evaluate(flushJS) })
	cancel()
	if err != nil && ctx.Err() == nil && !steps.IsNavigating(err) && flushing.Err() == nil {
		return err
	}
	over := l.navigations.underWay()
	if over == nil {
		return ctx.Err()
	}
	select {
	case <-over:
		return nil
	case <-p.page.Life().Done():
		return fmt.Errorf("waiting for the page: %w", steps.ErrClosed)
	case <-ctx.Done():
		return steps.ContextError(ctx, "waiting for the page that the step leads to")
	}
}
