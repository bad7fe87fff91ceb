package capture

import (
	"context"
	"sync"
	"time"

	"pipe/pipeline/browser"
)

// activity knows when a page asked for something last, whatever it was but what
// only adorns it.
type activity struct {
	mu       sync.Mutex
	underWay map[string]bool
	last     time.Time
	// moved is told of the beginning and end of each request.
	moved chan struct{}
}

func newActivity() *activity {
	return &activity{underWay: map[string]bool{}, last: time.Now(), moved: make(chan struct{}, 1)}
}

// begins does nothing: the request may be another page's, and its end be told to
// that one alone.
func (a *activity) begins(string) {}

// onRequest is told of each request as it begins.
func (a *activity) onRequest(event any) {
	e := browser.Fields(event)
	switch browser.Text(e["type"]) {
	case "Image", "Media", "Font", "Stylesheet", "Ping", "Prefetch", "Manifest", "TextTrack", "CSPViolationReport":
		return
	}
	a.move(func() { a.underWay[browser.Text(e["requestId"])] = true })
}

// onEnd is told of each request as it ends.
func (a *activity) onEnd(event any) {
	id := browser.Text(browser.Fields(event)["requestId"])
	a.mu.Lock()
	known := a.underWay[id]
	a.mu.Unlock()
	if known {
		a.move(func() { delete(a.underWay, id) })
	}
}

func (a *activity) move(change func()) {
	a.mu.Lock()
	change()
	a.last = time.Now()
	a.mu.Unlock()
	select {
	case a.moved <- struct{}{}:
	default:
	}
}

// left is how much of a quiet time is left, from the last request on, which may be
// under way.
func (a *activity) left(quiet time.Duration) (left time.Duration, underWay bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return time.Until(a.last.Add(quiet)), len(a.underWay) > 0
}

// await returns true once nothing was under way for the quiet time; false when ctx
// ends.
func (a *activity) await(ctx context.Context, quiet time.Duration) bool {
	for {
		left, underWay := a.left(quiet)
		if left <= 0 && !underWay {
			return ctx.Err() == nil
		}
		timer := time.NewTimer(max(left, 0))
		over := timer.C
		if underWay {
			over = nil
		}
		select {
		case <-over:
		case <-a.moved:
		case <-ctx.Done():
		}
		timer.Stop()
		if ctx.Err() != nil {
			return false
		}
	}
}

// watchers are told of the same requests.
type watchers []requestWatcher

func (w watchers) begins(id string) {
	for _, one := range w {
		one.begins(id)
	}
}

func (w watchers) onRequest(event any) {
	for _, one := range w {
		one.onRequest(event)
	}
}

func (w watchers) onEnd(event any) {
	for _, one := range w {
		one.onEnd(event)
	}
}
