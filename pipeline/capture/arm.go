package capture

import (
	"context"
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
	fresh, err := steps.CallWithin(ctx, browser.CallLimit, "arming the page", func() (any, error) {
		return f.Evaluate("([kinds, late, windows]) => "+hooked+"?.arm(kinds, late, windows)", []any{h.want.kinds(), late, h.windows.forHook()})
	})
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
		_, _ = steps.CallWithin(ctx, frameLimit, what, func() (any, error) { return f.Evaluate(hooked + "?.disarm()") })
	}
	// A page that has moved on is disarmed already.
	_, _ = steps.CallWithin(ctx, browser.CallLimit, what, func() (any, error) { return l.pw.Evaluate(hooked + "?.disarm()") })
}

// awaitFound waits for the files that scripts make in a frame. The wait ends with
// the document, or by stop.
func (l *pageListener) awaitFound(ctx context.Context, frame playwright.Frame) {
	began := l.listening()
	for at := 0; ; at++ {
		found, err := steps.CallWithin(ctx, untilDone, "waiting for a script's file", func() (any, error) { return frame.Evaluate("at => "+hooked+"?.next(at)", at) })
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
