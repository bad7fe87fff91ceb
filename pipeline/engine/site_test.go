package engine_test

import (
	"context"
	"io"
	neturl "net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/playwright-community/playwright-go"

	"pipe/pipeline"
	"pipe/pipeline/artifact"
	"pipe/pipeline/engine"
	"pipe/pipeline/ledger"
	"pipe/specs"
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
func (p *page) DiscardContext()              {}

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

// inBubble runs a subtest in a bubble's time: what waits takes no time, and what
// works takes none either.
func inBubble(t *testing.T, name string, f func(t *testing.T)) {
	t.Helper()
	t.Run(name, func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, f)
	})
}

// testRun is a run of a spec on the site.
type testRun struct {
	*testing.T
	site   *site
	ledger *ledger.Ledger
	cfg    engine.Config

	mu     sync.Mutex
	events []pipeline.Event
	// told is closed, and made anew, with each event.
	told chan struct{}
}

// Observe keeps what it is told.
func (n *testRun) Observe(e pipeline.Event) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.events = append(n.events, e)
	close(n.told)
	n.told = make(chan struct{})
}

// waitDone waits until an item is done.
func (n *testRun) waitDone(ctx context.Context, key string) {
	for {
		n.mu.Lock()
		told := n.told
		done := slices.ContainsFunc(n.events, func(e pipeline.Event) bool { return e.Kind == pipeline.ItemDone && e.Key == key })
		n.mu.Unlock()
		if done {
			return
		}
		select {
		case <-told:
		case <-ctx.Done():
			n.Errorf("%s was not done in time", key)
			return
		}
	}
}

const plan = `
name: night
key: ${{ item.ref }}
source: {items: [{ref: A}, {ref: B}, {ref: C}, {ref: D}, {ref: E}, {ref: F}]}
download:
  - capture: {url: "/${{ item.ref }}", as: "${{ item.ref }}.txt", expect: {type: any, contains: "file of ${{ item.ref }}"}}
record: {fields: {name: "${{ file.name }}", size: "${{ file.size }}"}}
retry: {attempts: 3, backoff: {initial: 1ms, max: 2ms}}
`

// newTestRun makes ready to run the plan with some of its text replaced, with a
// page or more.
func newTestRun(t *testing.T, s *site, pages int, edits ...string) *testRun {
	t.Helper()
	src := strings.NewReplacer(edits...).Replace(plan)
	spec, err := specs.Parse("night.yaml", []byte(src), specs.Options{Verbs: steps.Verbs()})
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	led, err := ledger.Open(t.Context(), filepath.Join(dir, "ledger.sqlite"))
	if err != nil {
		t.Fatal(err)
	}
	store, err := artifact.Open(t.Context(), dir, artifact.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = store.Close(), led.Close() })
	n := &testRun{T: t, site: s, ledger: led, told: make(chan struct{})}
	n.cfg = engine.Config{
		Spec: spec, Ledger: led, Store: store, Pages: &pool{s, pages}, Observer: n, Dir: dir, Stop: make(chan struct{}),
	}
	return n
}

// run runs to the end, which must be a good one.
func (n *testRun) run() engine.Result {
	n.Helper()
	ctx, cancel := context.WithTimeout(n.Context(), time.Minute)
	defer cancel()
	result, err := engine.Run(ctx, n.cfg)
	if err != nil {
		n.Fatal(err)
	}
	return result
}

// done is the key of an item that is done, "" where none is.
func (n *testRun) done() string {
	n.Helper()
	for key, row := range n.items() {
		if row.Status == pipeline.Done {
			return key
		}
	}
	return ""
}

// items are the ledger's rows by key.
func (n *testRun) items() map[string]pipeline.ItemRow {
	n.Helper()
	rows := map[string]pipeline.ItemRow{}
	for row, err := range n.ledger.Items(n.Context(), "") {
		if err != nil {
			n.Fatal(err)
		}
		rows[row.Key] = row
	}
	return rows
}

func (n *testRun) want(result engine.Result, want pipeline.Totals) {
	n.Helper()
	if result.Totals != want {
		n.Errorf("got %+v, want %+v", result.Totals, want)
	}
}

func (n *testRun) kinds(kind pipeline.EventKind) []pipeline.Event {
	n.mu.Lock()
	defer n.mu.Unlock()
	var found []pipeline.Event
	for _, e := range n.events {
		if e.Kind == kind {
			found = append(found, e)
		}
	}
	return found
}

func good(_ context.Context, key string, _ int) (string, error) { return "the file of " + key, nil }
