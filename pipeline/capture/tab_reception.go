package capture

import (
	"context"
	"errors"
	"fmt"
	"io"

	"pipe/pipeline"
	"pipe/steps"
)

// reception is a tab delivery being received.
type reception struct {
	*tabDelivery
	w   io.Writer
	got steps.Receipt
	// failed is what went wrong last, shown the page that a tab was shown last.
	failed error
	shown  string
}

// on takes an event in, and tells whether the reception is over.
func (r *reception) on(ctx context.Context, e tabEvent) (bool, error) {
	switch {
	case e.closed:
		return r.without(e.tab, fmt.Errorf("the tab that asked for the file: %w", steps.ErrClosed))
	case e.cut:
		return r.without(e.tab, errTabReused)
	case e.file != nil:
		var err error
		r.got, err = e.file.take(ctx, r.w)
		return true, err
	case r.owner.losing(e.req):
		return true, r.lost()
	case !e.req.answered || redirects(e.req):
		if err := r.resume(ctx, e); err != nil {
			// A request that the browser does not know any more died with its tab.
			return r.without(e.tab, fmt.Errorf("asking for the file: %w (%w)", steps.ErrClosed, err))
		}
		return false, nil
	case e.req.failure != "":
		return r.without(e.tab, fmt.Errorf("the site broke off its answer at %s: %s", steps.ShortURL(e.req.url), e.req.failure))
	case e.req.status >= 400:
		return r.without(e.tab, statusError(e.req))
	case isPage(e.req.headers) && !r.want.page():
		return r.page(ctx, e)
	default:
		r.got = received(e.req)
		return true, readStream(ctx, r.interceptor.cdp, e.req, r.w)
	}
}

// without goes on without a tab, unless it was the last.
func (r *reception) without(tb *tab, err error) (bool, error) {
	r.mu.Lock()
	delete(r.tabs, tb.id)
	left := len(r.tabs)
	r.mu.Unlock()
	if r.failed == nil || !errors.Is(err, steps.ErrClosed) {
		r.failed = err
	}
	return left == 0, r.failed
}

// page shows a tab the page that came in the file's place, when more can come
// of it; a page of which nothing can come is what the site delivered.
func (r *reception) page(ctx context.Context, e tabEvent) (bool, error) {
	body, err := pageBody(ctx, r.interceptor.cdp, e.req)
	if err != nil {
		return r.without(e.tab, err)
	}
	if r.owner.session.LostIn(body) {
		return true, r.lost()
	}
	r.mu.Lock()
	alone := len(r.tabs) == 1
	r.mu.Unlock()
	if alone && r.want.print() == nil && !leadsOn(e.req, body) {
		r.got = received(e.req)
		_, err := r.w.Write(body)
		return true, err
	}
	r.shown = title(body)
	r.interceptor.showing(e.tab)
	return false, r.resume(ctx, e)
}

// leadsOn tells whether a file can still come of a page by itself.
func leadsOn(req paused, body []byte) bool {
	return canLeadOn(body) || header(req.headers, "refresh") != "" && !pipeline.AsksForPassword(body)
}

// lost tells all who work under the delivery's login that it is gone.
func (r *reception) lost() error {
	r.owner.session.Lose(r.login)
	return steps.ErrSessionLost
}

// late says what there was when the time was over.
func (r *reception) late(ctx context.Context) error {
	if r.shown != "" {
		return steps.ContextError(ctx, fmt.Sprintf("the tab shows a page titled %q and no file came of it", r.shown))
	}
	return steps.ContextError(ctx, "waiting for the file")
}
