package capture

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/playwright-community/playwright-go"

	"pipe/pipeline/browser"
	"pipe/specs"
	"pipe/steps"
)

// arm has a frame's hook look for files, and waits for them beside. A frame that
// reaches its page's hook leaves it to that.
func (l *pageListener) arm(ctx context.Context, f playwright.Frame, late bool) error {
	h := l.listening()
	if h == nil {
		return nil
	}
	fresh, err := l.evaluate(ctx, f, browser.CallLimit, "arming the page", "?.arm(%s, %s, %s)", h.want.kinds(), late, h.windows.forHook())
	if fresh == true {
		if f != l.pw.MainFrame() {
			l.mu.Lock()
			l.armed = append(l.armed, f)
			l.mu.Unlock()
		}
		l.background(func(ctx context.Context) { l.awaitFound(ctx, f) })
	}
	return err
}

// frameLimit is how long a frame of the page may take to be armed: one that loads
// for ever has no part in what comes.
const frameLimit = time.Second

// armFrame arms a frame within the page, if it is there and is of another site.
func (l *pageListener) armFrame(ctx context.Context, f playwright.Frame, late bool) {
	if scheme, _, _ := strings.Cut(f.URL(), ":"); strings.HasSuffix(scheme, "extension") {
		return // the browser's own viewer
	}
	ctx, cancel := context.WithTimeout(ctx, frameLimit)
	defer cancel()
	_ = l.arm(ctx, f, late)
}

// disarm ends what arm began.
func (l *pageListener) disarm(ctx context.Context) {
	l.mu.Lock()
	armed := l.armed
	l.armed = nil
	l.mu.Unlock()
	const what = "disarming the page"
	for _, f := range armed {
		_, _ = l.evaluate(ctx, f, frameLimit, what, "?.disarm()")
	}
	// A page that has moved on is disarmed already.
	_, _ = l.evaluate(ctx, l.pw.MainFrame(), browser.CallLimit, what, "?.disarm()")
}

// awaitFound waits for the files that scripts make in a frame. The wait ends with
// the document, or by stop.
func (l *pageListener) awaitFound(ctx context.Context, frame playwright.Frame) {
	began := l.listening()
	for at := 0; ; at++ {
		found, err := l.evaluate(ctx, frame, untilDone, "waiting for a script's file", "?.next(%s)", at)
		h, f := l.listening(), browser.Fields(found)
		if browser.Text(f["via"]) == "window" && began != nil && began.window != nil {
			began.window(browser.Fields(f["request"]), frame) // the tab itself may have been faster
		}
		if err != nil || h == nil || browser.Text(f["via"]) == "" {
			return
		}
		if browser.Text(f["via"]) == "window" {
			continue
		}
		m := &scriptBlob{
			l: l, answers: h.answers, frame: frame, at: at, via: browser.Text(f["via"]), url: browser.Text(f["url"]),
			name: browser.Text(f["name"]), kind: browser.Text(f["type"]), size: browser.Number(f["size"]),
		}
		switch how := h.want.print(); {
		case how == nil:
			h.file(m)
		case m.via == "print" && m.size < 0:
			h.file(&printed{l: l, how: how})
		case m.via == "print":
			h.file(&printedCopy{m, how})
		}
	}
}

// evaluate calls the hook of a frame of the page: that of the page itself by one command.
func (l *pageListener) evaluate(ctx context.Context, f playwright.Frame, limit time.Duration, what, call string, args ...any) (any, error) {
	texts := make([]any, len(args))
	for i, arg := range args {
		text, err := json.Marshal(arg)
		if err != nil {
			return nil, err
		}
		texts[i] = text
	}
	expression := hooked + fmt.Sprintf(call, texts...)
	return steps.CallWithin(ctx, limit, what, func() (any, error) {
		if f == l.pw.MainFrame() {
			return l.cdp.Evaluate(expression)
		}
		return f.Evaluate(expression)
	})
}

// Evaluate evaluates in the page itself.
func (p *Page) Evaluate(expression string) (any, error) { return p.listener.cdp.Evaluate(expression) }

// frameOf is the frame that made a blob: address, as far as its site says.
func (l *pageListener) frameOf(address string) playwright.Frame {
	made, blob := strings.CutPrefix(address, "blob:")
	if origin := specs.OriginOf(made); blob && specs.OriginOf(l.pw.URL()) != origin {
		for _, f := range l.within() {
			if specs.OriginOf(f.URL()) == origin {
				return f
			}
		}
	}
	return l.pw.MainFrame()
}

// noteFrame is told of a frame that came or is gone.
func (l *pageListener) noteFrame(f playwright.Frame, there bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.frames == nil {
		l.frames = map[playwright.Frame]bool{}
	}
	if there {
		l.frames[f] = true
	} else {
		delete(l.frames, f)
	}
}

// within are the frames within the page.
func (l *pageListener) within() []playwright.Frame {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Collect(maps.Keys(l.frames))
}
