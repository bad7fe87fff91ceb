package capture

import (
	"context"
	"maps"
	"slices"
	"sync"

	"pipe/pipeline/browser"
)

// interceptor is the DevTools session of the browser itself. It holds every
// request for a document until it has decided what becomes of it, and knows which
// page of the pool each tab goes back to.
//
// Playwright calls its handlers one after the other from the goroutine that
// reads the driver's messages, so a handler changes state and never waits;
// answers are sent from goroutines of their own.
type interceptor struct {
	cdp *browser.CDPSession
	// downloads are the browser's, broken the requests that broke off.
	downloads *browserDownloads
	broken    brokenRequests
	// patterns are those of the requests that are held.
	patterns []any

	mu sync.Mutex
	// pages are the pages by their target's id, tabs those they opened.
	pages map[string]*Page
	tabs  map[string]*tab
	// windows are the names of the windows that pages open.
	windows windowNames
	frames  farFrames
}

func newInterceptor(ctx context.Context, b *browser.Browser, block []string) (*interceptor, error) {
	cdp := b.CDP
	i := &interceptor{cdp: cdp, downloads: newBrowserDownloads(cdp, b.Downloads()), pages: map[string]*Page{}, tabs: map[string]*tab{}, frames: farFrames{known: map[string]bool{}}}
	cdp.On("Browser.downloadWillBegin", i.downloads.onBegin)
	cdp.On("Browser.downloadProgress", i.downloads.onProgress)
	cdp.On("Target.targetCreated", i.onCreated)
	cdp.On("Target.targetDestroyed", i.onDestroyed)
	cdp.On("Fetch.requestPaused", i.onPaused)
	i.patterns = []any{map[string]any{"urlPattern": "*", "resourceType": "Document", "requestStage": "Request"}}
	for kind, name := range map[string]string{"stylesheet": "Stylesheet", "media": "Media"} {
		if slices.Contains(block, kind) {
			i.patterns = append(i.patterns, map[string]any{"urlPattern": "*", "resourceType": name, "requestStage": "Request"})
		}
	}
	filter := []any{map[string]any{"type": "page"}, map[string]any{"type": "iframe"}}
	if _, err := i.cdp.Command(ctx, "Target.setDiscoverTargets", map[string]any{"discover": true, "filter": filter}); err != nil {
		return nil, err
	}
	_, err := i.cdp.Command(ctx, "Fetch.enable", map[string]any{"patterns": i.patterns})
	return i, err
}

func (i *interceptor) add(p *Page) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.pages[p.target()] = p
	delete(i.tabs, p.target())
}

func (i *interceptor) remove(p *Page) {
	i.mu.Lock()
	defer i.mu.Unlock()
	delete(i.pages, p.target())
}

// strays takes the tabs of a page which no delivery needs.
func (i *interceptor) strays(p *Page) []string {
	i.mu.Lock()
	defer i.mu.Unlock()
	var ids []string
	for id, tb := range i.tabs {
		if tb.owner == p && tb.taken == nil {
			ids = append(ids, id)
		}
	}
	return ids
}

// died ends what a browser that is gone has left: a file that a tab was to bring
// must not be waited for.
func (i *interceptor) died() {
	i.mu.Lock()
	ids := slices.Collect(maps.Keys(i.tabs))
	i.mu.Unlock()
	for _, id := range ids {
		i.onDestroyed(map[string]any{"targetId": id})
	}
}

func (i *interceptor) has(id string) bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.tabs[id] != nil
}

func (i *interceptor) onCreated(event any) {
	info := browser.Fields(browser.Fields(event)["targetInfo"])
	id, opener := browser.Text(info["targetId"]), browser.Text(info["openerId"])
	if info["type"] == "iframe" {
		i.frameCreated(id)
		return
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	tb := &tab{id: id, owner: i.pages[opener], closed: make(chan struct{}), ready: make(chan struct{})}
	if by, ok := i.tabs[opener]; ok {
		// It may close itself before the new tab asks for anything.
		tb.owner, tb.taken = by.owner, by.taken
		if tb.taken != nil {
			tb.taken.expect(tb)
		}
	}
	if tb.owner != nil {
		tb.meant, tb.by = tb.owner.awaited.Load() != nil, tb.owner.listening()
		i.tabs[id] = tb
	}
}

func (i *interceptor) onDestroyed(event any) {
	id := browser.Text(browser.Fields(event)["targetId"])
	i.mu.Lock()
	tb := i.tabs[id]
	delete(i.tabs, id)
	delete(i.frames.known, id)
	if tb != nil {
		close(tb.closed)
	}
	i.mu.Unlock()
	switch {
	case tb == nil:
	case tb.taken != nil:
		tb.taken.gone(tb)
	default:
		tb.owner.tabClosed()
	}
}

func (i *interceptor) onPaused(event any) {
	req := readPaused(event)
	i.broken.note(req)
	if req.kind == "Stylesheet" || req.kind == "Media" {
		i.cdp.Tell("Fetch.failRequest", map[string]any{"requestId": req.id, "errorReason": "BlockedByClient"})
		return
	}
	i.mu.Lock()
	own, tb := i.pages[req.frame], i.tabs[req.frame]
	if own == nil && tb != nil && tb.meant {
		own = tb.owner
	}
	i.mu.Unlock()
	switch {
	case req.kind != "Document" && (own != nil || tb != nil):
		// The page's own listener hears of it.
		i.pass(req, false)
	case own != nil:
		if own.losing(req) {
			own.loseSession()
		}
		i.inPage(own, req)
	case tb != nil:
		i.inTab(tb, req)
	default:
		i.inFrame(req)
	}
}

// losing tells whether an answer shows by its status that the session is gone.
func (p *Page) losing(req paused) bool { return req.answered && p.session.LostBy(req.status, req.url) }

// endsAtLogin tells whether a tab was led to a login, and no further.
func (p *Page) endsAtLogin(req paused) bool {
	return req.answered && req.failure == "" && !redirects(req) && p.session.LostAt(req.url)
}

// showsPage tells whether an answer is a page to be shown.
func showsPage(req paused) bool {
	return req.status >= 200 && req.status < 300 && req.status != 204 && req.status != 205 && isPage(req.headers)
}

// pass lets a request go on; intercept has it pause again with its answer.
func (i *interceptor) pass(req paused, intercept bool) {
	switch {
	case req.failure != "":
		// It goes on to the page as it is: a name of ours would say less of it.
		i.cdp.Tell("Fetch.continueRequest", map[string]any{"requestId": req.id})
		return
	case req.answered:
		i.cdp.Tell("Fetch.continueResponse", map[string]any{"requestId": req.id})
		return
	}
	i.cdp.Tell("Fetch.continueRequest", map[string]any{"requestId": req.id, "interceptResponse": intercept})
}

// inPage decides on a navigation of a page of the pool itself: its answer is
// looked at too.
func (i *interceptor) inPage(p *Page, req paused) {
	c := p.listening()
	p.noteAnswer(req)
	if !req.answered {
		p.moveOn()
	}
	switch {
	case req.answered && c != nil:
		c.navigated(i, req)
		return
	case req.answered && req.status >= 400:
		p.page.Tell(statusError(req))
	}
	i.pass(req, true)
}

// closeTab closes a tab.
func (i *interceptor) closeTab(ctx context.Context, id string) error {
	_, err := i.cdp.Command(ctx, "Target.closeTarget", map[string]any{"targetId": id})
	return err
}
