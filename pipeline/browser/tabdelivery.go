package browser

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"sync"

	"github.com/playwright-community/playwright-go"

	"pipe/steps"
)

// tabDelivery is a file that tabs bring which a page opened. Their requests are
// held before they are sent, and let go by Receive. A tab that gets a page
// first, such as "preparing your file…", is shown it, and what comes later
// counts; of several tabs the first that brings a file does.
type tabDelivery struct {
	tap     *tap
	owner   *page
	session *session
	gen     int64
	want    steps.Wanted

	events chan tabEvent
	drop   sync.Once

	mu sync.Mutex
	// tabs are those of the delivery, with the request that is held for each.
	tabs map[string]string
	// ears listen on those that were shown a page.
	ears    []*ears
	dropped bool
}

// tabEvent is what happens in one of the delivery's tabs: a request of it, a
// file that shows itself in it, or its end.
type tabEvent struct {
	tab    *tab
	req    paused
	file   candidate
	closed bool
}

func newTabDelivery(t *tap, p *page) *tabDelivery {
	return &tabDelivery{
		tap: t, owner: p, session: p.session, gen: p.gen.Load(), want: p.want,
		events: make(chan tabEvent, 32), tabs: map[string]string{},
	}
}

// expect is told of a tab that one of the delivery's tabs has opened.
func (d *tabDelivery) expect(tb *tab) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.dropped {
		d.tabs[tb.id] = ""
	}
}

// paused is told of a request or an answer of one of the tabs.
func (d *tabDelivery) paused(tb *tab, req paused) {
	d.mu.Lock()
	dropped := d.dropped
	if !dropped {
		d.tabs[tb.id] = req.id
	}
	d.mu.Unlock()
	if dropped || !d.push(tabEvent{tab: tb, req: req}) {
		d.tap.tell("Fetch.failRequest", map[string]any{"requestId": req.id, "errorReason": "Aborted"})
	}
}

func (d *tabDelivery) push(e tabEvent) bool {
	select {
	case d.events <- e:
		return true
	default:
		return false
	}
}

// gone is told that a tab is closed.
func (d *tabDelivery) gone(tb *tab) { d.push(tabEvent{tab: tb, closed: true}) }

// Receive lets the requests go and reads the first file that comes.
func (d *tabDelivery) Receive(ctx context.Context, w io.Writer) (steps.Received, error) {
	defer d.Discard()
	r := &reception{tabDelivery: d, w: w}
	for {
		select {
		case e := <-d.events:
			if over, err := r.on(ctx, e); over {
				return r.got, err
			}
		case <-d.owner.machine.dead:
			return r.got, fmt.Errorf("waiting for the file: %w", steps.ErrClosed)
		case <-ctx.Done():
			return r.got, r.late(ctx)
		}
	}
}

// reception is a tab delivery being received.
type reception struct {
	*tabDelivery
	w   io.Writer
	got steps.Received
	// failed is what went wrong last, shown the page that a tab was shown last.
	failed error
	shown  string
}

// on takes an event in, and tells whether the reception is over.
func (r *reception) on(ctx context.Context, e tabEvent) (bool, error) {
	switch {
	case e.closed:
		return r.without(e.tab, fmt.Errorf("the tab that asked for the file: %w", steps.ErrClosed))
	case e.file != nil:
		var err error
		r.got, err = e.file.take(ctx, r.w)
		return true, err
	case r.tap.losing(e.req):
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
	case isPage(e.req.headers) && r.want.Kind != "html":
		return r.page(ctx, e)
	default:
		r.got = received(e.req)
		return true, readStream(ctx, r.tap.send, e.req, r.w)
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
	body, err := pageBody(ctx, r.tap.send, e.req)
	if err != nil {
		return r.without(e.tab, err)
	}
	if r.tap.opts.Signs.reads(body) {
		return true, r.lost()
	}
	r.mu.Lock()
	alone := len(r.tabs) == 1
	r.mu.Unlock()
	if alone && r.want.Print == nil && !leadsOn(body) {
		r.got = received(e.req)
		_, err := r.w.Write(body)
		return true, err
	}
	r.shown = title(body)
	r.tap.showing(e.tab)
	return false, r.resume(ctx, e)
}

// lost tells all who work under the delivery's login that it is gone.
func (r *reception) lost() error {
	r.session.lose(r.gen)
	return steps.ErrLost
}

// late says what there was when the time was over.
func (r *reception) late(ctx context.Context) error {
	if r.shown != "" {
		return waited(ctx, fmt.Sprintf("the tab shows a page titled %q and no file came of it", r.shown))
	}
	return waited(ctx, "waiting for the file")
}

// resume lets a held request go on, to pause again with its answer; or a held
// answer, to be shown.
func (d *tabDelivery) resume(ctx context.Context, e tabEvent) error {
	d.mu.Lock()
	if d.tabs[e.tab.id] == e.req.id {
		d.tabs[e.tab.id] = ""
	}
	d.mu.Unlock()
	params := map[string]any{"requestId": e.req.id}
	if !e.req.answered {
		params["interceptResponse"] = true
	}
	_, err := d.tap.send(ctx, "Fetch.continueRequest", params)
	return err
}

// hears is given the ears on a tab that is shown a page.
func (d *tabDelivery) hears(e *ears) {
	d.mu.Lock()
	dropped := d.dropped
	if !dropped {
		d.ears = append(d.ears, e)
	}
	d.mu.Unlock()
	if dropped {
		return
	}
	// The page is gone when its tab closes: the error means no more.
	_ = e.listen(context.Background(), d.want, true, func(file candidate) {
		if !d.push(tabEvent{file: file}) {
			file.refuse()
		}
	})
}

// downloaded is told that a tab which is shown a page began a download.
func (d *tabDelivery) downloaded(file playwright.Download) {
	c := &downloading{&download{d: file, limit: d.owner.pool.opts.CloseLimit}}
	if !d.push(tabEvent{file: c}) {
		c.refuse()
	}
}

// downloading is a download as a candidate.
type downloading struct{ *download }

func (c *downloading) take(ctx context.Context, w io.Writer) (steps.Received, error) {
	return c.Receive(ctx, w)
}

func (c *downloading) refuse() { c.Discard() }

// Discard gives the requests up and closes the tabs.
func (d *tabDelivery) Discard() {
	d.drop.Do(func() {
		d.mu.Lock()
		d.dropped = true
		tabs, all := d.tabs, d.ears
		d.tabs = map[string]string{}
		d.mu.Unlock()
		for _, e := range all {
			e.hush()
		}
		for id, held := range tabs {
			if held != "" {
				d.tap.tell("Fetch.failRequest", map[string]any{"requestId": held, "errorReason": "Aborted"})
			}
			d.tap.tell("Target.closeTarget", map[string]any{"targetId": id})
		}
	})
}

func redirects(req paused) bool {
	return req.status >= 300 && req.status < 400 && header(req.headers, "location") != ""
}

func received(req paused) steps.Received {
	_, params, _ := mime.ParseMediaType(header(req.headers, "content-disposition"))
	return steps.Received{
		Via: "popup", URL: steps.ShortURL(req.url), Name: params["filename"], ContentType: header(req.headers, "content-type"),
	}
}

func waited(ctx context.Context, what string) error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return fmt.Errorf("%s: %w", what, steps.ErrTimeout)
	}
	return fmt.Errorf("%s: %w", what, context.Cause(ctx))
}
