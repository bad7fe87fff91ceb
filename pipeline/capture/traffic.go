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
	// over are those that are answered.
	over map[string]bool
	// polled are addresses that the page asks again and again, the first time
	// before the trigger or with an answer since: no file is to be expected of the
	// next time.
	polled map[string]bool
	// early are answers whose requests are not known yet: the browser tells of
	// requests and of answers from two of its processes, in no order. Each is
	// judged once its request turns out to have begun since the trigger.
	early map[string]earlyAnswer
	// moved is told of the beginning and end of what is not polled.
	moved chan struct{}
}

// earlyAnswer is an answer that came before its request was told of; polled is
// true when its address was asked again and again before that.
type earlyAnswer struct {
	req    paused
	polled bool
	later  func(fresh bool)
}

func newTraffic() traffic {
	return traffic{
		underWay: map[string]string{}, begun: map[string]bool{}, over: map[string]bool{}, polled: map[string]bool{}, early: map[string]earlyAnswer{},
		moved: make(chan struct{}, 1),
	}
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
	answer, answered := t.early[id]
	if answered {
		delete(t.early, id)
		t.polled[what] = answer.polled
	}
	fresh := !t.polled[what]
	if fresh && !answered && !t.over[id] {
		t.underWay[id] = what
	}
	t.mu.Unlock()
	if fresh {
		t.poke()
	}
	if answered && answer.later != nil {
		answer.later(t.answered(answer.req, nil))
	}
}

// begins notes a request that has no answer yet.
func (t *traffic) begins(id string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.begun[id] = true
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

// answered notes an answer, and tells whether it was asked for since the trigger,
// for the first time. Where that is not known yet and turns out to be so, later is
// told, unless it is nil.
func (t *traffic) answered(req paused, later func(fresh bool)) bool {
	what := asks(req.method, req.url)
	t.mu.Lock()
	defer t.mu.Unlock()
	begun, polled := t.begun[req.network], t.polled[what]
	// What is left of its body brings no file, and a script may never read it.
	delete(t.underWay, req.network)
	t.over[req.network] = true
	if !begun && req.network != "" {
		t.early[req.network] = earlyAnswer{req, polled, later}
	}
	if !refuses(req) || !begun {
		t.polled[what] = true
	}
	return begun && !polled
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
