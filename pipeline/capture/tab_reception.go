package capture

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"

	"pipe/pipeline"
	"pipe/pipeline/client"
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
	// atLogin is true while a tab is shown a page where the site wants a login, which
	// may go on from there, as a silent single sign-on does.
	atLogin bool
	// downloads are those that are under way.
	downloads map[*tab]*tabDownload
	// asking ends what is asked for beside the browser, well is true once a file came
	// so; given is what tabs are shown without asking the site. direct is true for the
	// file of a tab's own request.
	asking       []context.CancelFunc
	well, direct bool
	given        map[*tab]map[string]any
}

// on takes an event in, and tells whether the reception is over.
func (r *reception) on(ctx context.Context, e tabEvent) (bool, error) {
	switch {
	case e.ended != nil:
		return r.downloaded(e)
	case e.closed:
		if d := r.downloads[e.tab]; d != nil && d.hasBegun() {
			return false, nil // some browsers close a tab of which a download came
		}
		return r.without(e.tab, fmt.Errorf("the tab that asked for the file: %w", steps.ErrClosed))
	case e.quiet != nil:
		return r.quietTab(ctx, e.quiet)
	case e.cut:
		return r.without(e.tab, errTabReused)
	case e.file != nil:
		var err error
		r.got, err = e.file.take(ctx, r.w)
		return true, err
	case e.window != nil && e.answer == nil:
		r.ask(ctx, e)
		return false, nil
	case e.answer != nil && e.answer.failed != nil:
		return r.without(e.tab, e.answer.failed)
	case e.answer != nil && r.losesBy(e.answer):
		return true, r.lost()
	case r.owner.losing(e.req), r.owner.endsAtLogin(e.req) && !showsPage(e.req):
		return true, r.lost()
	case e.answer == nil && (!e.req.answered || redirects(e.req)):
		if given, err := r.give(ctx, e); given {
			return false, err
		}
		if err := r.resume(ctx, e); err != nil {
			// A request that the browser does not know any more died with its tab.
			return r.without(e.tab, fmt.Errorf("asking for the file: %w (%w)", steps.ErrClosed, err))
		}
		return false, nil
	case e.req.failure != "":
		return r.brokenOff(ctx, e)
	case e.req.status < 200 || e.req.status >= 300 || e.req.status == 204 || e.req.status == 205:
		r.takeCookies(ctx, e)
		return r.without(e.tab, statusError(e.req))
	case partial(e.req):
		return r.without(e.tab, partError(e.req))
	case unread(e) != nil:
		return r.without(e.tab, unread(e))
	case isPage(e.req.headers) && (!r.want.page() || r.owner.endsAtLogin(e.req)):
		return r.page(ctx, e)
	case r.others(e.tab) && r.want.rulesOut(e.req):
		return r.without(e.tab, fmt.Errorf("a tab brought %s, which is not what is wanted", header(e.req.headers, "content-type")))
	default:
		return r.file(ctx, e)
	}
}

// others tells whether the file may still come by another tab.
func (r *reception) others(than *tab) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	_, own := r.tabs[than.id]
	return len(r.tabs) > 1 || !own && len(r.tabs) > 0
}

// file takes what a tab brings. Where the site has not announced its size, it is
// the browser that knows whether all of it came.
func (r *reception) file(ctx context.Context, e tabEvent) (bool, error) {
	if e.answer != nil {
		return r.besideFile(ctx, e)
	}
	r.got, r.direct = received(e.req), r.shown == ""
	if _, known := measured(e.req); known {
		return true, readStream(ctx, r.interceptor.cdp, e.req, r.w)
	}
	d, err := r.interceptor.downloads.start(ctx, e.req, func(d *tabDownload, failed error) {
		r.push(tabEvent{tab: e.tab, req: e.req, ended: d, failed: failed})
	})
	if err != nil {
		return r.without(e.tab, fmt.Errorf("taking the file: %w (%w)", steps.ErrClosed, err))
	}
	r.letGo(e)
	r.downloads[e.tab] = d
	return false, nil
}

// downloaded takes what the browser has downloaded.
func (r *reception) downloaded(e tabEvent) (bool, error) {
	if r.downloads[e.tab] != e.ended {
		return false, nil // given up meanwhile
	}
	if e.failed != nil {
		return r.without(e.tab, fmt.Errorf("the file at %s did not come whole: %w", steps.ShortURL(e.req.url), e.failed))
	}
	r.got = received(e.req)
	return true, e.ended.copy(r.w)
}

// unexplained is what the DevTools protocol says of a request that failed for what it has
// no name for, as a certificate that is not taken.
const unexplained = "Failed"

// brokenOff goes on without a tab whose answer did not come, or not to its end.
func (r *reception) brokenOff(ctx context.Context, e tabEvent) (bool, error) {
	err := brokenOff(e.req)
	if e.req.failure == unexplained {
		err = cmp.Or(r.owner.session.CertificateFault(ctx, e.req.url), err)
	}
	if d := r.downloads[e.tab]; d != nil {
		d.discard()
		delete(r.downloads, e.tab)
		err = fmt.Errorf("the file did not come whole: %w", err)
	}
	return r.without(e.tab, err)
}

func (r *reception) discardDownloads() {
	for _, d := range r.downloads {
		d.discard()
	}
}

// without goes on without a tab, unless it was the last. One that another delivery
// has taken over stays open.
func (r *reception) without(tb *tab, err error) (bool, error) { return r.withoutID(tb.id, err) }

func (r *reception) withoutID(id string, err error) (bool, error) {
	r.mu.Lock()
	held, own := r.tabs[id]
	delete(r.tabs, id)
	left := len(r.tabs)
	r.mu.Unlock()
	if own {
		r.giveUp(id, held)
	}
	if r.failed == nil || !errors.Is(err, steps.ErrClosed) {
		r.failed = err
	}
	return left == 0, r.failed
}

// page shows a tab the page that came in the file's place, when more can come
// of it; a page of which nothing can come is what the site delivered.
func (r *reception) page(ctx context.Context, e tabEvent) (bool, error) {
	body, err := r.body(ctx, e)
	if err != nil {
		return r.without(e.tab, err)
	}
	r.atLogin = r.owner.endsAtLogin(e.req)
	if r.owner.session.LostIn(body) || r.atLogin && !leadsOn(e.req, body) {
		return true, r.lost()
	}
	r.takeCookies(ctx, e)
	r.mu.Lock()
	alone := len(r.tabs) == 1
	r.mu.Unlock()
	if alone && r.want.print() == nil && !leadsOn(e.req, body) {
		return r.heldFile(ctx, e, body)
	}
	r.shown = title(body)
	if e.answer != nil {
		return r.besidePage(ctx, e, body)
	}
	r.interceptor.showing(e.tab)
	return false, r.resume(ctx, e)
}

// heldFile takes a page for the file, whose body is read already.
func (r *reception) heldFile(ctx context.Context, e tabEvent, body []byte) (bool, error) {
	if _, known := measured(e.req); !known && e.answer == nil {
		return r.file(ctx, e)
	}
	r.got = received(e.req)
	if e.answer != nil {
		r.got.OpenEnd = client.OpenEnd(e.answer.Response)
	}
	if err := whole(e.req, int64(len(body))); err != nil {
		return r.without(e.tab, err)
	}
	_, err := r.w.Write(body)
	return true, err
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
	if r.atLogin {
		return r.lost()
	}
	if r.shown != "" {
		return fmt.Errorf("%w%s", steps.ContextError(ctx, fmt.Sprintf("the tab shows a page titled %q and no file came of it", r.shown)), steps.SeenText(r.seen.noted()))
	}
	return steps.ContextError(ctx, "waiting for the file")
}
