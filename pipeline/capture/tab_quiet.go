package capture

import (
	"context"
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
			if l.awaitState(ctx, state) != nil {
				return false
			}
		}
		if !busy.await(ctx, quiet) {
			return false
		}
		rest, err := l.rest(ctx)
		switch {
		case err != nil && !steps.IsNavigating(err):
			return false
		case err != nil:
		case rest < 0:
			if steps.Pause(ctx, quiet) != nil {
				return false
			}
		case !busy.await(ctx, rest+quiet):
			return false
		default:
			return true
		}
	}
}

func (l *pageListener) awaitState(ctx context.Context, state *playwright.LoadState) error {
	return steps.DoWithin(ctx, untilDone, "waiting for the page", func() error { return steps.WaitForState(ctx, l.pw, *state) })
}

// rest is how long the page, or a frame within it, may be quiet and yet go on by itself;
// below 0 while the site can send to it, or something of it may be at work on a file.
func (l *pageListener) rest(ctx context.Context) (time.Duration, error) {
	ask := func(limit time.Duration, f playwright.Frame) (int, error) {
		ms, err := steps.CallWithin(ctx, limit, "asking the page what it waits for", func() (any, error) { return f.Evaluate(hooked + "?.rest()") })
		return browser.Number(ms), err
	}
	most, err := ask(browser.CallLimit, l.pw.MainFrame())
	if err != nil || most < 0 {
		return time.Duration(most), err
	}
	for _, f := range l.within() {
		// One that loads for ever has no part in what comes, and what another site may
		// send to its own frames neither.
		if ms, err := ask(frameLimit, f); err == nil {
			most = max(most, ms)
		}
	}
	return time.Duration(most) * time.Millisecond, nil
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
	if r.atLogin || r.owner.session.LostAt(q.l.pw.URL()) {
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
