package capture

import (
	"context"
	"fmt"
	"sync"

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
	// onFile takes a file; nil while nobody listens.
	onFile func(fileSource)
	want   steps.CaptureOptions
	// stopped is closed once the last stop is through.
	stopped chan struct{}
	frame   string // the page's own frame, whose documents are the interceptor's
}

// newPageListener opens a DevTools session of the page's own, or of a tab that
// it has opened.
func newPageListener(ctx context.Context, page *browser.Page, pw playwright.Page) (*pageListener, error) {
	cdp, err := page.TabSession(ctx, pw)
	if err != nil {
		return nil, err
	}
	l := &pageListener{page: page, pw: pw, cdp: cdp, stopped: make(chan struct{})}
	close(l.stopped)
	info, err := cdp.Command(ctx, "Target.getTargetInfo", map[string]any{})
	l.frame = browser.Text(browser.Fields(info["targetInfo"])["targetId"])
	cdp.On("Fetch.requestPaused", l.onPaused)
	pw.OnFrameNavigated(func(f playwright.Frame) {
		if f == pw.MainFrame() {
			l.moved()
		}
	})
	return l, err
}

// background runs something for the listening, until the browser is gone.
func (l *pageListener) background(f func(ctx context.Context)) { l.page.Context.Browser.Go(f) }

// listen tells heard of each file that is wanted from now on, until stop. late is
// true for a page that had its time before: what its scripts have made counts.
func (l *pageListener) listen(ctx context.Context, want steps.CaptureOptions, late bool, heard func(fileSource)) error {
	l.mu.Lock()
	stopped := l.stopped
	l.onFile, l.want = heard, want
	l.mu.Unlock()
	select {
	case <-stopped:
	case <-ctx.Done():
		return steps.ContextError(ctx, "listening")
	}
	if want.Print != nil {
		if late {
			l.background(l.awaitDocument)
		}
		return nil
	}
	patterns := []any{}
	for _, kind := range []string{"Document", "XHR", "Fetch"} {
		patterns = append(patterns, map[string]any{"urlPattern": "*", "resourceType": kind, "requestStage": "Response"})
	}
	both := pool.New().WithErrors()
	both.Go(func() error {
		_, err := l.cdp.Command(ctx, "Fetch.enable", map[string]any{"patterns": patterns})
		return err
	})
	both.Go(func() error {
		err := l.arm(ctx, late)
		if err != nil && steps.IsNavigating(err) {
			return nil // the document that comes is armed once it is there
		}
		return err
	})
	if err := both.Wait(); err != nil {
		return fmt.Errorf("listening: %w", err)
	}
	return nil
}

// arm has the document's hook look for files, and waits for one beside.
func (l *pageListener) arm(ctx context.Context, late bool) error {
	_, want := l.listening()
	fresh, err := steps.CallWithin(ctx, browser.CallLimit, "arming the page", func() (any, error) {
		return l.pw.Evaluate("([kind, late]) => "+hooked+"?.arm(kind, late)", []any{want.Kind, late})
	})
	if fresh == true {
		l.background(l.awaitScriptBlob)
	}
	return err
}

// moved is told that the page has gone to another document.
func (l *pageListener) moved() {
	// A page that moves on again, or is gone, is told so by others.
	switch heard, want := l.listening(); {
	case heard == nil:
	case want.Print != nil:
		l.background(l.awaitDocument)
	default:
		l.background(func(ctx context.Context) { _ = l.arm(ctx, true) })
	}
}

// stop ends the listening.
func (l *pageListener) stop() {
	l.mu.Lock()
	was, stopped := l.onFile, make(chan struct{})
	l.onFile = nil
	if was != nil {
		l.stopped = stopped
	}
	l.mu.Unlock()
	if was == nil {
		return
	}
	l.background(func(ctx context.Context) {
		defer close(stopped)
		_, _ = l.cdp.Command(ctx, "Fetch.disable", map[string]any{})
		// A page that has moved on is disarmed already.
		_, _ = steps.CallWithin(ctx, browser.CallLimit, "disarming the page", func() (any, error) { return l.pw.Evaluate(hooked + "?.disarm()") })
	})
}

func (l *pageListener) listening() (func(fileSource), steps.CaptureOptions) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.onFile, l.want
}

func (l *pageListener) onPaused(event any) {
	req := readPaused(event)
	heard, want := l.listening()
	ours := req.kind != "Document" || req.frame != l.frame
	if heard == nil || !ours || req.status < 200 || req.status >= 300 || !serves(req.headers, want.Kind) {
		l.pass(req)
		return
	}
	heard(&scriptAnswer{l: l, req: req})
}

func (l *pageListener) pass(req paused) {
	if req.failure != "" {
		l.cdp.Tell("Fetch.failRequest", map[string]any{"requestId": req.id, "errorReason": req.failure})
		return
	}
	l.cdp.Tell("Fetch.continueRequest", map[string]any{"requestId": req.id})
}
