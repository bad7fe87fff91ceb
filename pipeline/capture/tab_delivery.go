package capture

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"

	"github.com/playwright-community/playwright-go"

	"pipe/steps"
)

// tabDelivery is a file that tabs bring which a page opened. Their requests are
// held before they are sent, and let go by Receive. A tab that gets a page
// first, such as "preparing your file…", is shown it, and what comes later
// counts; of several tabs the first that brings a file does.
type tabDelivery struct {
	interceptor *interceptor
	owner       *Page
	// login is the one under which it was asked for.
	login int64
	want  wanted
	// answers are those that the tabs' pages had.
	answers *answers

	events chan tabEvent
	drop   sync.Once

	mu sync.Mutex
	// tabs are those of the delivery, with the request that is held for each.
	tabs map[string]string
	// listeners are on those that were shown a page.
	listeners []*pageListener
	dropped   bool
	// all are the tabs that the delivery ever had.
	all []*tab
	// asked are the addresses that the tabs asked for.
	asked []string
	// seen are the requests of the tabs' pages that failed.
	seen sightings
	// gaveUp is closed once the delivery is dropped.
	gaveUp chan struct{}
	// plan is what becomes of the windows of the listening, nil where that is not
	// known; first is the first request of all.
	plan  *windowPlan
	first paused
	// windows are the requests for windows that are not there, by their tabs.
	windows map[string]*windowRequest
}

// tabEvent is what happens in one of the delivery's tabs: a request of it, a
// file that shows itself in it, or its end.
type tabEvent struct {
	tab    *tab
	req    paused
	file   fileSource
	closed bool
	// ended is a download of what the tab brought that has ended, failed why it
	// did not come to its end.
	ended  *tabDownload
	failed error
	// cut is true once the page has used the tab for another file.
	cut bool
	// quiet is set for a tab whose page is loaded and asks for nothing more.
	quiet *quietTab
	// window is a request for a window that is not there, and answer the site's to it.
	window *windowRequest
	answer *windowAnswer
}

func newTabDelivery(i *interceptor, p *Page) *tabDelivery {
	return &tabDelivery{
		interceptor: i, owner: p, login: p.session.Login(), want: p.want, answers: newAnswers(),
		events: make(chan tabEvent, 32), tabs: map[string]string{}, windows: map[string]*windowRequest{}, gaveUp: make(chan struct{}),
	}
}

// expect is told of a tab that one of the delivery's tabs has opened.
func (d *tabDelivery) expect(tb *tab) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.dropped {
		d.tabs[tb.id] = ""
		d.note(tb)
	}
}

// paused is told of a request or an answer of one of the tabs.
func (d *tabDelivery) paused(tb *tab, req paused) {
	d.mu.Lock()
	dropped := d.dropped
	if !dropped {
		d.tabs[tb.id] = req.id
		d.note(tb)
		if d.first.id == "" {
			d.first = req
		}
		d.asked = append(d.asked, req.url)
	}
	d.mu.Unlock()
	if dropped || !d.push(tabEvent{tab: tb, req: req}) {
		d.interceptor.cdp.Tell("Fetch.failRequest", map[string]any{"requestId": req.id, "errorReason": "Aborted"})
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

// addresses are those that the tabs asked for.
func (d *tabDelivery) addresses() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.asked)
}

// gone is told that a tab is closed.
func (d *tabDelivery) gone(tb *tab) { d.push(tabEvent{tab: tb, closed: true}) }

// Receive lets the requests go and reads the first file that comes.
func (d *tabDelivery) Receive(ctx context.Context, w io.Writer) (steps.Receipt, error) {
	defer d.Discard()
	r := &reception{tabDelivery: d, w: w, downloads: map[*tab]*tabDownload{}, given: map[*tab]map[string]any{}}
	defer r.discardDownloads()
	defer r.stopAsking()
	got, err := r.receive(ctx)
	r.learn(ctx, err)
	return got, err
}

func (r *reception) receive(ctx context.Context) (steps.Receipt, error) {
	for {
		select {
		case e := <-r.events:
			if over, err := r.on(ctx, e); over {
				return r.got, err
			}
		case <-r.owner.page.Context.Browser.Dead():
			return r.got, fmt.Errorf("waiting for the file: %w", steps.ErrClosed)
		case <-ctx.Done():
			return r.got, r.late(ctx)
		}
	}
}

// resume lets a held request go on, to pause again with its answer; or a held
// answer, to be shown.
func (d *tabDelivery) resume(ctx context.Context, e tabEvent) error {
	d.letGo(e)
	params := map[string]any{"requestId": e.req.id}
	if !e.req.answered {
		params["interceptResponse"] = true
	}
	_, err := d.interceptor.cdp.Command(ctx, "Fetch.continueRequest", params)
	return err
}

// letGo notes that a request is held no longer.
func (d *tabDelivery) letGo(e tabEvent) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.tabs[e.tab.id] == e.req.id {
		d.tabs[e.tab.id] = ""
	}
}

// listenOn is given the listener on a tab that is shown a page.
func (d *tabDelivery) listenOn(ctx context.Context, l *pageListener) {
	d.mu.Lock()
	dropped := d.dropped
	if !dropped {
		d.listeners = append(d.listeners, l)
	}
	d.mu.Unlock()
	if dropped {
		return
	}
	busy := newActivity()
	// The page is gone when its tab closes: the error means no more.
	_ = l.listen(ctx, &hearing{want: d.want, answers: d.answers, traffic: busy, answer: d.answered, file: func(file fileSource) {
		if !d.push(tabEvent{file: file}) {
			file.refuse()
		}
	}}, true)
	if d.want.print() == nil {
		l.background(func(life context.Context) { d.watchQuiet(life, l, busy) })
	}
}

// answered notes what of a tab's page failed.
func (d *tabDelivery) answered(req paused) {
	if refuses(req) {
		d.seen.answer(req)
	}
}

// downloaded is told that a tab which is shown a page began a download.
func (d *tabDelivery) downloaded(file playwright.Download) {
	c := &downloading{d.owner.download(file)}
	c.of(d.answers)
	if !d.push(tabEvent{file: c}) {
		c.refuse()
	}
}

// Discard gives the requests up and closes the tabs.
func (d *tabDelivery) Discard() {
	d.drop.Do(func() {
		d.mu.Lock()
		d.dropped = true
		close(d.gaveUp)
		tabs, all := d.tabs, d.listeners
		d.tabs = map[string]string{}
		d.mu.Unlock()
		for _, l := range all {
			l.stop()
		}
		for id, held := range tabs {
			d.giveUp(id, held)
		}
	})
}

// giveUp closes a tab, with the request that is held for it.
func (d *tabDelivery) giveUp(id, held string) {
	if strings.HasPrefix(id, windowPrefix) {
		d.closeWindow(id)
		return
	}
	if held != "" {
		d.interceptor.cdp.Tell("Fetch.failRequest", map[string]any{"requestId": held, "errorReason": "Aborted"})
	}
	d.interceptor.cdp.Tell("Target.closeTarget", map[string]any{"targetId": id})
}
