package capture

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/playwright-community/playwright-go"
	"github.com/sourcegraph/conc/pool"

	"pipe/pipeline/browser"
	"pipe/steps"
)

// pageListener listens on one page for the files that come to it and no
// further: what its scripts ask for, what its frames show, what its scripts make.
type pageListener struct {
	// page is the one that opened the tab pw, or is it.
	page *browser.Page
	pw   playwright.Page
	cdp  *browser.CDPSession

	mu sync.Mutex
	// hears is who listens, nil while nobody does.
	hears *hearing
	// stopped is closed once the last stop is through.
	stopped chan struct{}
	frame   string // the page's own frame, whose documents are the interceptor's
	// contextID is the DevTools protocol's name of the page's browser context.
	contextID string
	// ends are how its requests end, nil where nobody tells.
	ends *requestEnds
	// last are the answers of the last listening.
	last *answers
	// reports is true once the page reports the windows that it opens, and its
	// navigations.
	reports     atomic.Bool
	navigations navigations
	// moves counts how often the page went elsewhere.
	moves atomic.Int64
	// armed are the frames of other sites whose hooks look for files.
	armed []playwright.Frame
	// frames are those within the page: Playwright's Go port has no lock around its
	// own list.
	frames map[playwright.Frame]bool
}

// hearing is one listening: what is told of the files that come.
type hearing struct {
	want wanted
	// file takes a file that may be wanted.
	file func(fileSource)
	// answers remembers them.
	answers *answers
	// answer is told of each answer to a script or a frame that is no file, and
	// traffic of the page's requests; both may be nil.
	answer  func(paused)
	traffic requestWatcher
	// written is true for a tab that its opener writes.
	written bool
	// opening is told of each window that the page opens; it may be nil.
	opening func(event any)
	// windows is what becomes of the windows that the page opens, and window is told of
	// the requests for them; both may be nil.
	windows *windowPlan
	window  func(told map[string]any, by playwright.Frame)
}

// newPageListener opens a DevTools session of the page's own, or of a tab that
// it has opened. These share their ends: until a tab is moved, the page hears of its
// answers, but not of how they end.
func newPageListener(ctx context.Context, page *browser.Page, pw playwright.Page, ends *requestEnds) (*pageListener, error) {
	cdp, err := page.TabSession(ctx, pw)
	if err != nil {
		return nil, err
	}
	l := &pageListener{page: page, pw: pw, cdp: cdp, stopped: make(chan struct{}), ends: ends, last: newAnswers()}
	close(l.stopped)
	info, err := cdp.Command(ctx, "Target.getTargetInfo", map[string]any{})
	target := browser.Fields(info["targetInfo"])
	l.frame, l.contextID = browser.Text(target["targetId"]), browser.Text(target["browserContextId"])
	cdp.On("Fetch.requestPaused", l.onPaused)
	cdp.On("Network.requestWillBeSent", func(event any) { l.onTraffic(func(t requestWatcher) { t.onRequest(event) }) })
	cdp.On("Network.loadingFinished", func(event any) { l.ends.on(event); l.onTraffic(func(t requestWatcher) { t.onEnd(event) }) })
	cdp.On("Network.loadingFailed", func(event any) { l.ends.on(event); l.onTraffic(func(t requestWatcher) { t.onEnd(event) }) })
	cdp.On("Page.windowOpen", func(event any) {
		if h := l.listening(); h != nil && h.opening != nil {
			h.opening(event)
		}
	})
	l.watchNavigations()
	pw.OnFrameAttached(func(f playwright.Frame) { l.noteFrame(f, true) })
	pw.OnFrameDetached(func(f playwright.Frame) { l.noteFrame(f, false) })
	pw.OnFrameNavigated(func(f playwright.Frame) {
		if f == pw.MainFrame() {
			l.moved()
		} else if l.listening() != nil {
			l.background(func(ctx context.Context) { l.armFrame(ctx, f, true) })
		}
	})
	return l, err
}

// background runs something for the listening, until the browser is gone.
func (l *pageListener) background(f func(ctx context.Context)) { l.page.Context.Browser.Go(f) }

// requestWatcher is told of the beginning and end of each request of a page.
type requestWatcher interface {
	// begins is told of a frame's request, of any page's, that may not be told of
	// otherwise yet.
	begins(id string)
	onRequest(event any)
	onEnd(event any)
}

func (l *pageListener) onTraffic(tell func(requestWatcher)) {
	if h := l.listening(); h != nil && h.traffic != nil {
		tell(h.traffic)
	}
}

// listen tells who hears of each file that is wanted from now on, until stop. late
// is true for a page that had its time before: what its scripts have made counts.
func (l *pageListener) listen(ctx context.Context, h *hearing, late bool) error {
	l.mu.Lock()
	stopped := l.stopped
	l.mu.Unlock()
	// What was held for the one before is let go first: it is nobody's.
	select {
	case <-stopped:
	case <-ctx.Done():
		return steps.ContextError(ctx, "listening")
	}
	l.mu.Lock()
	l.hears, l.last = h, h.answers
	l.mu.Unlock()
	all := pool.New().WithErrors()
	if h.want.print() == nil {
		l.enable(ctx, all)
	} else if late {
		l.background(l.awaitDocument)
	}
	if h.opening != nil {
		all.Go(func() error { return l.enablePage(ctx) })
	}
	all.Go(func() error {
		err := l.arm(ctx, l.pw.MainFrame(), late)
		if err != nil && steps.IsNavigating(err) {
			return nil // the document that comes is armed once it is there
		}
		return err
	})
	for _, f := range l.within() {
		all.Go(func() error {
			l.armFrame(ctx, f, late)
			return nil
		})
	}
	if err := all.Wait(); err != nil {
		return fmt.Errorf("listening: %w", err)
	}
	return nil
}

// enable has the page tell of its requests and hold their answers.
func (l *pageListener) enable(ctx context.Context, all *pool.ErrorPool) {
	patterns := []any{}
	for _, kind := range []string{"Document", "XHR", "Fetch"} {
		patterns = append(patterns, map[string]any{"urlPattern": "*", "resourceType": kind, "requestStage": "Response"})
	}
	all.Go(func() error {
		_, err := l.cdp.Command(ctx, "Network.enable", map[string]any{"maxTotalBufferSize": 0, "maxResourceBufferSize": 0})
		return err
	})
	all.Go(func() error {
		_, err := l.cdp.Command(ctx, "Fetch.enable", map[string]any{"patterns": patterns})
		return err
	})
}

// moved is told that the page has gone to another document.
func (l *pageListener) moved() {
	l.moves.Add(1)
	h := l.listening()
	if h == nil {
		return
	}
	h.windows.move()
	if h.want.print() != nil {
		l.background(l.awaitDocument)
	}
	// A page that moves on again, or is gone, is told so by others.
	l.background(func(ctx context.Context) { _ = l.arm(ctx, l.pw.MainFrame(), true) })
}

// stop ends the listening.
func (l *pageListener) stop() {
	l.mu.Lock()
	was, stopped := l.hears, make(chan struct{})
	l.hears = nil
	if was != nil {
		l.stopped = stopped
	}
	l.mu.Unlock()
	if was == nil {
		return
	}
	l.background(func(ctx context.Context) {
		defer close(stopped)
		_, _ = l.cdp.Command(ctx, "Network.disable", map[string]any{})
		_, _ = l.cdp.Command(ctx, "Fetch.disable", map[string]any{})
		l.disarm(ctx)
	})
}

func (l *pageListener) listening() *hearing {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.hears
}

// lastAnswers are those of the last listening.
func (l *pageListener) lastAnswers() *answers {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.last
}

func (l *pageListener) onPaused(event any) {
	req := readPaused(event)
	h := l.listening()
	if h != nil {
		h.answers.note(req)
	}
	if ours := req.kind != "Document" || req.frame != l.frame; h == nil || !ours {
		l.pass(req)
		return
	}
	l.decide(h, req)
}

// downloads has the browser download what a frame was to show, whose end no
// announced size proves: a frame's viewer does not tell that it was cut off.
func (l *pageListener) downloads(req paused) {
	l.cdp.Tell("Fetch.continueResponse", map[string]any{
		"requestId": req.id, "responseCode": req.status, "responseHeaders": asAttachment(req.headers),
	})
}

func (l *pageListener) pass(req paused) {
	if req.failure != "" {
		l.cdp.Tell("Fetch.failRequest", map[string]any{"requestId": req.id, "errorReason": req.failure})
		return
	}
	l.cdp.Tell("Fetch.continueRequest", map[string]any{"requestId": req.id})
}
