package capture

import (
	"context"
	"sync"
	"time"

	"pipe/pipeline/browser"
)

// traffic knows which requests a page has under way of those that it began since
// the trigger.
type traffic struct {
	mu sync.Mutex
	// underWay are those requests by id, with what they ask for.
	underWay map[string]string
	begun    map[string]bool
	// polled are addresses that the page asks again and again, the first time
	// before the trigger or with an answer since: no file is to be expected of the
	// next time.
	polled map[string]bool
	// moved is told of the beginning and end of what is not polled.
	moved chan struct{}
}

func newTraffic() traffic {
	return traffic{underWay: map[string]string{}, begun: map[string]bool{}, polled: map[string]bool{}, moved: make(chan struct{}, 1)}
}

// asks is what a request asks for, but for what differs from time to time.
func asks(method, url string) string { return method + " " + pathOf(url) }

// onRequest is told of each request as it begins.
func (t *traffic) onRequest(event any) {
	e := browser.Fields(event)
	request := browser.Fields(e["request"])
	switch browser.Text(e["type"]) {
	case "XHR", "Fetch", "Document":
	default:
		return
	}
	id, what := browser.Text(e["requestId"]), asks(browser.Text(request["method"]), browser.Text(request["url"]))
	t.mu.Lock()
	t.begun[id] = true
	fresh := !t.polled[what]
	if fresh {
		t.underWay[id] = what
	}
	t.mu.Unlock()
	if fresh {
		t.poke()
	}
}

// onEnd is told of each request as it ends.
func (t *traffic) onEnd(event any) {
	id := browser.Text(browser.Fields(event)["requestId"])
	t.mu.Lock()
	_, known := t.underWay[id]
	delete(t.underWay, id)
	t.mu.Unlock()
	if known {
		t.poke()
	}
}

// answered notes an answer, and tells whether it was asked for
// since the trigger, for the first time.
func (t *traffic) answered(req paused) bool {
	what := asks(req.method, req.url)
	t.mu.Lock()
	defer t.mu.Unlock()
	// What is left of its body brings no file, and a script may never read it.
	delete(t.underWay, req.network)
	fresh := t.begun[req.network] && !t.polled[what]
	if !refuses(req) || !t.begun[req.network] {
		t.polled[what] = true
	}
	return fresh
}

func (t *traffic) poke() {
	select {
	case t.moved <- struct{}{}:
	default:
	}
}

func (t *traffic) idle() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.underWay) == 0
}

// quietFor is how long a page must have nothing under way before nothing is
// expected of it any more: it has seen that its request was refused, and may ask
// elsewhere.
const quietFor = 500 * time.Millisecond

// quiet returns true once the page has been quiet, as long as busy says that
// nothing else is under way; false when ctx ends.
func (t *traffic) quiet(ctx context.Context, busy func() bool) bool {
	timer := time.NewTimer(quietFor)
	defer timer.Stop()
	for {
		select {
		case <-t.moved:
			timer.Reset(quietFor)
		case <-timer.C:
			if t.idle() && !busy() {
				return true
			}
			timer.Reset(quietFor)
		case <-ctx.Done():
			return false
		}
	}
}
