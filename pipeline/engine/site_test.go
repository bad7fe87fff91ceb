package engine_test

import (
	"context"
	"io"
	neturl "net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/playwright-community/playwright-go"

	"pipe/pipeline"
	"pipe/steps"
)

// site stands in for a browser and a web site: what it delivers, and what goes
// wrong, is on demand. The ledger and the store are the real ones.
type site struct {
	t *testing.T
	// answer is the site's answer to an attempt at a key, counted from 1.
	answer func(ctx context.Context, key string, attempt int) (string, error)

	mu        sync.Mutex
	attempts  map[string]int
	inHand    map[string]bool
	receiving int
	most      int
	discards  int
	begun     []time.Time
	// opened counts the pages that were lent; goneUntil is the last whose browser is
	// lost.
	opened, goneUntil int
	// ask is the site's answer to a request.
	ask func(ctx context.Context, asked steps.SiteRequest) (*steps.SiteResponse, error)
	// guest tells whether an item has come to its end as a guest's; nil for never.
	guest func(again bool) error
	// home is what is found when a page comes home; nil for nothing.
	home func() error
	// names are what the site calls its files, by their items.
	names map[string]string
}

func (s *site) gone(opened int) bool { return opened <= s.goneUntil }

func newSite(t *testing.T, answer func(ctx context.Context, key string, attempt int) (string, error)) *site {
	return &site{t: t, answer: answer, attempts: map[string]int{}, inHand: map[string]bool{}}
}

// pool lends n pages of the site.
type pool struct {
	*site
	n int
}

func (p *pool) Workers() []pipeline.Worker {
	workers := make([]pipeline.Worker, p.n)
	for i := range workers {
		workers[i].Name, workers[i].Context = "c1p"+string(rune('1'+i)), "c1"
	}
	return workers
}

func (p *pool) Open(ctx context.Context, _ int) (pipeline.Page, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.opened++
	return &page{site: p.site, opened: p.opened}, ctx.Err()
}

func (p *pool) OpenStatic(ctx context.Context, worker int) (pipeline.Page, error) {
	return p.Open(ctx, worker)
}

func (p *pool) Prepare(context.Context, int) {}

func (p *pool) Worked() {}

func (p *pool) Close(context.Context) error { return nil }

// page is one of the site's pages. No step here needs Playwright's.
type page struct {
	*site
	lost bool
	// opened is how many pages were lent before and with this one.
	opened int
}

func (p *page) Playwright() playwright.Page       { return nil }
func (p *page) Files() steps.Capturer             { return p }
func (p *page) Exclusives() *steps.Exclusives     { return nil }
func (p *page) Turn() *steps.Turn                 { return nil }
func (p *page) Watch(func(error)) func()          { return func() {} }
func (p *page) Lost() bool                        { return p.lost }
func (p *page) BrowserGone() bool                 { return p.gone(p.opened) }
func (p *page) CloseStrays(context.Context) error { return nil }
func (p *page) Listen(context.Context, playwright.Page, ...steps.CaptureOptions) (steps.PendingCapture, error) {
	panic("nothing listens here")
}
func (p *page) Done() {}

func (p *page) Print(context.Context, playwright.Page, map[string]any) (steps.Delivery, error) {
	panic("nothing prints here")
}
func (p *page) AtHome(context.Context) error { return nil }

func (p *page) LookHome(context.Context) error {
	if p.home == nil {
		return nil
	}
	return p.home()
}

func (p *page) DiscardContext() {}

func (p *page) StillIn(_ context.Context, _ string, again bool) error {
	if p.guest == nil {
		return nil
	}
	return p.guest(again)
}

func (p *page) Discard() { p.mu.Lock(); p.discards++; p.mu.Unlock() }

func (p *page) Ask(ctx context.Context, asked steps.SiteRequest) (*steps.SiteResponse, error) {
	return p.ask(ctx, asked)
}

func (p *page) Fetch(_ context.Context, _ playwright.Page, link steps.Link) (steps.Delivery, error) {
	key, err := neturl.PathUnescape(strings.TrimPrefix(link.URL, "/"))
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.inHand[key] {
		p.t.Errorf("%s is in two hands at once", key)
	}
	p.inHand[key] = true
	p.attempts[key]++
	p.begun = append(p.begun, time.Now())
	return &delivery{site: p.site, key: key, attempt: p.attempts[key]}, nil
}

type delivery struct {
	*site
	key     string
	attempt int
}

func (d *delivery) Receive(ctx context.Context, w io.Writer) (steps.Receipt, error) {
	d.mu.Lock()
	d.receiving++
	d.most = max(d.most, d.receiving)
	d.mu.Unlock()
	body, err := d.answer(ctx, d.key, d.attempt)
	d.mu.Lock()
	d.receiving--
	d.inHand[d.key] = false
	d.mu.Unlock()
	if err == nil {
		_, err = io.WriteString(w, body)
	}
	return steps.Receipt{Via: "fetch", URL: "http://site/" + d.key, Name: d.names[d.key]}, err
}

func (d *delivery) Discard() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.attempts[d.key] == d.attempt {
		d.inHand[d.key] = false
	}
}
