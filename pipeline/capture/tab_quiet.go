package capture

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/playwright-community/playwright-go"

	"pipe/pipeline/browser"
	"pipe/steps"
)

// quietTab is a tab whose page is loaded and has asked for nothing more for so
// long.
type quietTab struct {
	l     *pageListener
	quiet time.Duration
}

// quiet is how long a page may ask for nothing before no file is expected of it.
func (w wanted) quiet() time.Duration {
	var most time.Duration
	for _, one := range w {
		most = max(most, one.Quiet)
	}
	return most
}

// watchQuiet tells each time that a tab's page has become quiet.
func (d *tabDelivery) watchQuiet(life context.Context, l *pageListener, busy *activity) {
	quiet := d.want.quiet()
	if quiet <= 0 {
		return
	}
	ctx, cancel := context.WithCancel(life)
	defer cancel()
	l.background(func(context.Context) {
		select {
		case <-d.gaveUp:
			cancel()
		case <-ctx.Done():
		}
	})
	for l.awaitQuiet(ctx, busy, quiet) && d.push(tabEvent{quiet: &quietTab{l, quiet}}) {
		select {
		case <-busy.moved:
		case <-ctx.Done():
			return
		}
	}
}

// awaitQuiet returns true once the page is loaded, and has asked for nothing for so
// long, nor is about to by a timer of its own; false when that cannot be known any
// more.
func (l *pageListener) awaitQuiet(ctx context.Context, busy *activity, quiet time.Duration) bool {
	for {
		// What the page asked for before the listening began is in the driver's books.
		for _, state := range []*playwright.LoadState{playwright.LoadStateLoad, playwright.LoadStateNetworkidle} {
			if err := l.awaitState(ctx, state); err != nil {
				return false
			}
		}
		if !busy.await(ctx, quiet) {
			return false
		}
		rest, err := steps.CallWithin(ctx, browser.CallLimit, "asking the page what it waits for", func() (any, error) { return l.pw.Evaluate(hooked + ".rest()") })
		switch ms := browser.Number(rest); {
		case err != nil && !steps.IsNavigating(err):
			return false
		case err != nil:
		case ms < 0:
			if steps.Pause(ctx, quiet) != nil {
				return false
			}
		case !busy.await(ctx, time.Duration(ms)*time.Millisecond+quiet):
			return false
		default:
			return true
		}
	}
}

// awaitState waits until the page has come so far, however long. It asks over and over,
// since Playwright's Go port can miss what happens just as it begins to listen.
func (l *pageListener) awaitState(ctx context.Context, state *playwright.LoadState) error {
	for {
		err := steps.DoWithin(ctx, untilDone, "waiting for the page", func() error {
			return l.pw.WaitForLoadState(playwright.PageWaitForLoadStateOptions{State: state, Timeout: playwright.Float(1000)})
		})
		if ctx.Err() != nil || !errors.Is(err, steps.ErrTimeout) {
			return err
		}
	}
}

// quietTab decides on a tab whose page asks for nothing more. The page is what the
// site delivered; where it cannot be told from the file, there is none.
func (r *reception) quietTab(ctx context.Context, q *quietTab) (bool, error) {
	r.mu.Lock()
	held, there := r.tabs[q.l.frame]
	alone := len(r.tabs) == 1
	r.mu.Unlock()
	if !there || held != "" || len(r.downloads) > 0 {
		return false, nil
	}
	if r.owner.session.LostAt(q.l.pw.URL()) {
		return true, r.lost()
	}
	seen := append(r.seen.noted(), steps.FailedRequests(ctx, q.l.pw, time.Time{})...)
	seen = append(seen, pageAlerts(ctx, q.l.pw)...)
	without := &steps.NoFileError{Seen: seen, Err: fmt.Errorf(
		"the tab shows a page titled %q, which has asked for nothing more for %v, and no file came of it", r.shown, q.quiet)}
	if !alone {
		return r.withoutID(q.l.frame, without)
	}
	text, err := steps.CallWithin(ctx, browser.CallLimit, "reading the tab's page", q.l.pw.Content)
	if err != nil || !r.want.tellsPages() {
		return true, without
	}
	r.got = steps.Receipt{
		Via: "popup", URL: steps.ShortURL(q.l.pw.URL()), ContentType: "text/html",
		Note: fmt.Sprintf("; it is what the tab shows, which has asked for nothing more for %v%s", q.quiet, steps.SeenText(seen)),
	}
	_, err = io.WriteString(r.w, text)
	return true, err
}

// tellsPages tells whether a page is known not to be what is wanted.
func (w wanted) tellsPages() bool {
	for _, one := range w {
		switch one.Kind {
		case "", "any", "html", "txt", "xml", "csv", "json":
			return false
		}
	}
	return true
}

// ledTo notes that the trigger, or what came of it, led the page to another.
func (c *captureListener) ledTo() { c.watchShown(func() { c.led = true }) }

// watchShown begins to watch what the page was led to, once the trigger is through.
func (c *captureListener) watchShown(note func()) {
	c.mu.Lock()
	note()
	begins := c.led && c.waits && !c.watches && c.want.quiet() > 0
	c.watches = c.watches || begins
	c.mu.Unlock()
	if begins {
		c.page.page.Context.Browser.Go(func(context.Context) { c.awaitShown() })
	}
}

// awaitShown ends the wait for a file once the page that the trigger has led to is
// loaded and asks for nothing more.
func (c *captureListener) awaitShown() {
	for c.page.listener.awaitQuiet(c.ctx, c.activity, c.want.quiet()) {
		if !c.busy() && !c.page.hasPopups() {
			c.fail(&quietError{c.want.quiet()})
			return
		}
		if steps.Pause(c.ctx, c.want.quiet()) != nil {
			return
		}
	}
}

// quietError is a page of which no file is expected any more.
type quietError struct{ quiet time.Duration }

func (e *quietError) Error() string {
	return fmt.Sprintf("no file came: the page that the trigger led to is loaded, and has asked for nothing more for %v", e.quiet)
}
