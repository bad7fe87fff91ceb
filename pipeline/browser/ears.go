package browser

import (
	"context"
	_ "embed"
	"fmt"
	"io"
	"sync"

	"github.com/playwright-community/playwright-go"
	"github.com/sourcegraph/conc/pool"

	"pipe/steps"
)

// hook notes the files that scripts make within a page.
//
//go:embed hook.js
var hook string

// hooked is how scripts of ours reach the hook.
const hooked = `window[Symbol.for('pipe.files')]`

// ears listen on one page for the files that come to it and no further: what
// its scripts ask for, what its frames show, what its scripts make.
type ears struct {
	pw  playwright.Page
	cdp playwright.CDPSession

	mu sync.Mutex
	// heard takes a file; nil while nobody listens.
	heard func(candidate)
	want  steps.Wanted
	// quiet is closed once the last hush is through.
	quiet chan struct{}
	frame string // the page's own frame, whose documents are the tap's
}

// candidate is a file that showed itself on a page.
type candidate interface {
	// take copies it to w, from the page or on its way there.
	take(ctx context.Context, w io.Writer) (steps.Received, error)
	// refuse leaves it to the page.
	refuse()
}

// newEars opens the page's own DevTools session.
func newEars(ctx context.Context, pw playwright.Page) (*ears, error) {
	cdp, err := within(ctx, callLimit, "opening the page's DevTools session", func() (playwright.CDPSession, error) {
		return pw.Context().NewCDPSession(pw)
	})
	if err != nil {
		return nil, err
	}
	e := &ears{pw: pw, cdp: cdp, quiet: make(chan struct{})}
	close(e.quiet)
	info, err := e.send(ctx, "Target.getTargetInfo", map[string]any{})
	e.frame = str(fieldsOf(info["targetInfo"])["targetId"])
	cdp.On("Fetch.requestPaused", e.onPaused)
	pw.OnFrameNavigated(func(f playwright.Frame) {
		if f == pw.MainFrame() {
			e.moved()
		}
	})
	return e, err
}

func (e *ears) send(ctx context.Context, method string, params map[string]any) (map[string]any, error) {
	answer, err := within(ctx, callLimit, method, func() (any, error) { return e.cdp.Send(method, params) })
	return fieldsOf(answer), err
}

func (e *ears) tell(method string, params map[string]any) {
	go func() { _, _ = e.send(context.Background(), method, params) }()
}

// listen tells heard of each file that is wanted from now on, until hush. late is
// true for a page that had its time before: what its scripts have made counts.
func (e *ears) listen(ctx context.Context, want steps.Wanted, late bool, heard func(candidate)) error {
	e.mu.Lock()
	quiet := e.quiet
	e.heard, e.want = heard, want
	e.mu.Unlock()
	select {
	case <-quiet:
	case <-ctx.Done():
		return waited(ctx, "listening")
	}
	if want.Print != nil {
		if late {
			go e.document()
		}
		return nil
	}
	patterns := []any{}
	for _, kind := range []string{"Document", "XHR", "Fetch"} {
		patterns = append(patterns, map[string]any{"urlPattern": "*", "resourceType": kind, "requestStage": "Response"})
	}
	both := pool.New().WithErrors()
	both.Go(func() error {
		_, err := e.send(ctx, "Fetch.enable", map[string]any{"patterns": patterns})
		return err
	})
	both.Go(func() error {
		err := e.arm(ctx, late)
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
func (e *ears) arm(ctx context.Context, late bool) error {
	_, want := e.listening()
	fresh, err := within(ctx, callLimit, "arming the page", func() (any, error) {
		return e.pw.Evaluate("([kind, late]) => "+hooked+"?.arm(kind, late)", []any{want.Kind, late})
	})
	if fresh == true {
		go e.made()
	}
	return err
}

// moved is told that the page has gone to another document.
func (e *ears) moved() {
	// A page that moves on again, or is gone, is told so by others.
	switch heard, want := e.listening(); {
	case heard == nil:
	case want.Print != nil:
		go e.document()
	default:
		go func() { _ = e.arm(context.Background(), true) }()
	}
}

// hush ends the listening.
func (e *ears) hush() {
	e.mu.Lock()
	was, quiet := e.heard, make(chan struct{})
	e.heard = nil
	if was != nil {
		e.quiet = quiet
	}
	e.mu.Unlock()
	if was == nil {
		return
	}
	go func() {
		defer close(quiet)
		_, _ = e.send(context.Background(), "Fetch.disable", map[string]any{})
		// A page that has moved on is disarmed already.
		_, _ = within(context.Background(), callLimit, "hushing", func() (any, error) { return e.pw.Evaluate(hooked + "?.disarm()") })
	}()
}

func (e *ears) listening() (func(candidate), steps.Wanted) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.heard, e.want
}

// made waits for a file that a script makes in the page. The wait ends with the
// document, or by hush.
func (e *ears) made() {
	found, err := e.pw.Evaluate(hooked + "?.next()")
	heard, _ := e.listening()
	f := fieldsOf(found)
	if err != nil || heard == nil || str(f["via"]) == "" {
		return
	}
	heard(&made{e: e, via: str(f["via"]), url: str(f["url"]), kind: str(f["type"]), size: number(f["size"])})
}

func (e *ears) onPaused(event any) {
	req := readPaused(event)
	heard, want := e.listening()
	ours := req.kind != "Document" || req.frame != e.frame
	if heard == nil || !ours || req.status < 200 || req.status >= 300 || !serves(req.headers, want.Kind) {
		e.pass(req)
		return
	}
	heard(&answer{e: e, req: req})
}

func (e *ears) pass(req paused) {
	if req.failure != "" {
		e.tell("Fetch.failRequest", map[string]any{"requestId": req.id, "errorReason": req.failure})
		return
	}
	e.tell("Fetch.continueRequest", map[string]any{"requestId": req.id})
}
