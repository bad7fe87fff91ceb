package browser

import (
	"context"
	"slices"
	"sync"

	"github.com/playwright-community/playwright-go"
)

// tap is the DevTools session of the browser itself. It holds every request for
// a document until it has decided what becomes of it, and knows which page of
// the pool each tab goes back to.
//
// Playwright calls its handlers one after the other from the goroutine that
// reads the driver's messages, so a handler changes state and never waits;
// answers are sent from goroutines of their own.
type tap struct {
	cdp  playwright.CDPSession
	opts *Options

	mu sync.Mutex
	// pages are the pool's pages by their target's id, tabs those they opened.
	pages map[string]*page
	tabs  map[string]*tab
}

func newTap(ctx context.Context, cdp playwright.CDPSession, opts Options) (*tap, error) {
	t := &tap{cdp: cdp, opts: &opts, pages: map[string]*page{}, tabs: map[string]*tab{}}
	cdp.On("Target.targetCreated", t.onCreated)
	cdp.On("Target.targetDestroyed", t.onDestroyed)
	cdp.On("Fetch.requestPaused", t.onPaused)
	patterns := []any{map[string]any{"urlPattern": "*", "resourceType": "Document", "requestStage": "Request"}}
	for kind, name := range map[string]string{"stylesheet": "Stylesheet", "media": "Media"} {
		if slices.Contains(opts.Block, kind) {
			patterns = append(patterns, map[string]any{"urlPattern": "*", "resourceType": name, "requestStage": "Request"})
		}
	}
	filter := []any{map[string]any{"type": "page"}}
	if _, err := t.send(ctx, "Target.setDiscoverTargets", map[string]any{"discover": true, "filter": filter}); err != nil {
		return nil, err
	}
	_, err := t.send(ctx, "Fetch.enable", map[string]any{"patterns": patterns})
	return t, err
}

// send sends a command and waits for its answer.
func (t *tap) send(ctx context.Context, method string, params map[string]any) (map[string]any, error) {
	answer, err := within(ctx, callLimit, method, func() (any, error) { return t.cdp.Send(method, params) })
	return fieldsOf(answer), err
}

// tell sends a command whose answer does not matter: what it is about may be
// gone by now, which is as good.
func (t *tap) tell(method string, params map[string]any) {
	go func() { _, _ = t.send(context.Background(), method, params) }()
}

func (t *tap) add(p *page) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.pages[p.target] = p
	delete(t.tabs, p.target)
}

func (t *tap) remove(p *page) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.pages, p.target)
}

// strays takes the tabs of a page which no delivery needs.
func (t *tap) strays(p *page) []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	var ids []string
	for id, tb := range t.tabs {
		if tb.owner == p && tb.taken == nil {
			ids = append(ids, id)
		}
	}
	return ids
}

func (t *tap) has(id string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.tabs[id] != nil
}

func (t *tap) onCreated(event any) {
	info := fieldsOf(fieldsOf(event)["targetInfo"])
	id, opener := str(info["targetId"]), str(info["openerId"])
	t.mu.Lock()
	defer t.mu.Unlock()
	tb := &tab{id: id, owner: t.pages[opener]}
	if by, ok := t.tabs[opener]; ok {
		// It may close itself before the new tab asks for anything.
		tb.owner, tb.taken = by.owner, by.taken
		if tb.taken != nil {
			tb.taken.expect(tb)
		}
	}
	if tb.owner != nil {
		tb.meant = tb.owner.opens.Load() != nil
		t.tabs[id] = tb
	}
}

func (t *tap) onDestroyed(event any) {
	id := str(fieldsOf(event)["targetId"])
	t.mu.Lock()
	tb := t.tabs[id]
	delete(t.tabs, id)
	t.mu.Unlock()
	switch {
	case tb == nil:
	case tb.taken != nil:
		tb.taken.gone(tb)
	default:
		tb.owner.tabClosed()
	}
}

// paused is a request that waits for a decision.
type paused struct {
	id, frame, url, kind string
	method               string
	// answered is true once the site has answered, or could not: status is 0
	// and failure says why.
	answered bool
	status   int
	failure  string
	headers  []any
}

func readPaused(event any) paused {
	e := fieldsOf(event)
	request := fieldsOf(e["request"])
	p := paused{
		id: str(e["requestId"]), frame: str(e["frameId"]), kind: str(e["resourceType"]),
		url: str(request["url"]), method: str(request["method"]), failure: str(e["responseErrorReason"]),
	}
	if status, ok := e["responseStatusCode"]; ok {
		p.status = number(status)
	}
	p.answered = p.status != 0 || p.failure != ""
	p.headers, _ = e["responseHeaders"].([]any)
	return p
}

func (t *tap) onPaused(event any) {
	req := readPaused(event)
	if req.kind != "Document" {
		t.tell("Fetch.failRequest", map[string]any{"requestId": req.id, "errorReason": "BlockedByClient"})
		return
	}
	t.mu.Lock()
	own, tb := t.pages[req.frame], t.tabs[req.frame]
	if own == nil && tb != nil && tb.meant {
		own = tb.owner
	}
	t.mu.Unlock()
	switch {
	case own != nil:
		if t.losing(req) {
			own.sessionLost()
		}
		t.inPage(own, req)
	case tb != nil:
		t.inTab(tb, req)
	default:
		// A frame within a page.
		t.pass(req, false)
	}
}

// losing tells whether a request, or its answer, shows that the session is gone.
func (t *tap) losing(req paused) bool {
	if req.answered {
		return t.opts.refused(req.status, req.url)
	}
	return t.opts.Lost != nil && t.opts.Lost(req.url)
}

// pass lets a request go on; intercept has it pause again with its answer.
func (t *tap) pass(req paused, intercept bool) {
	switch {
	case req.failure != "":
		// It goes on to the page as it is: a name of ours would say less of it.
		t.tell("Fetch.continueRequest", map[string]any{"requestId": req.id})
		return
	case req.answered:
		t.tell("Fetch.continueResponse", map[string]any{"requestId": req.id})
		return
	}
	t.tell("Fetch.continueRequest", map[string]any{"requestId": req.id, "interceptResponse": intercept})
}

// inPage decides on a navigation of a page of the pool itself: its answer is
// looked at too.
func (t *tap) inPage(p *page, req paused) {
	c := p.listening()
	if !req.answered {
		p.moveOn()
	}
	switch {
	case req.answered && c != nil:
		c.navigated(t, req)
		return
	case req.answered && req.status >= 400:
		p.tell(statusError(req))
	}
	t.pass(req, true)
}

// closeTab closes a tab.
func (t *tap) closeTab(ctx context.Context, id string) error {
	_, err := t.send(ctx, "Target.closeTarget", map[string]any{"targetId": id})
	return err
}

func fieldsOf(v any) map[string]any {
	m, _ := v.(map[string]any)
	return m
}

func str(v any) string {
	s, _ := v.(string)
	return s
}

func number(v any) int {
	switch n := v.(type) {
	case float64:
		return int(n)
	case int:
		return n
	default:
		return 0
	}
}
