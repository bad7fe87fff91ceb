package capture

import (
	"maps"
	"sync"
	"sync/atomic"
)

// windowSteps know, for the capture steps of a run, whether the windows that their
// pages open for a file are needed. A step's first file comes by its tab. Where the
// tab asked for nothing but the file, with the very request that the page's hook had
// told of, the next ones are asked for beside the browser, and no window opens.
type windowSteps struct {
	mu sync.Mutex
	by map[string]*windowStep
	// unseen is nil until it is known.
	unseen atomic.Pointer[unseenHeaders]
}

// of gives what is known of a step on pages of an origin.
func (s *windowSteps) of(step, origin string) *windowStep {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.by == nil {
		s.by = map[string]*windowStep{}
	}
	key := step + " " + origin
	if s.by[key] == nil {
		s.by[key] = &windowStep{penalty: 1}
	}
	return s.by[key]
}

// windowStep is what is known of one step.
type windowStep struct {
	mu sync.Mutex
	// shapes are those of the requests that were seen to be the tab's, with the headers
	// that the browser had put on them.
	shapes map[windowShape]map[string]string
	// tabs is how many files have still to come by their tabs before the next needs
	// none, and penalty how many that is after the next that fails without.
	tabs, penalty int
	// round counts how often one has failed: what was begun before says nothing.
	round int
	// needed is true once the page was seen to need its window.
	needed bool
}

// windowShape is what the requests of one kind have in common.
type windowShape struct{ kind, method, origin string }

// windowPlan is what becomes of the windows of one listening.
type windowPlan struct {
	of    *windowStep
	round int
	// shapes are those of the requests that go without their windows.
	shapes map[windowShape]map[string]string

	mu sync.Mutex
	// told are the requests that the page's hook has told of, moved is true once the
	// page went elsewhere.
	told  []*windowRequest
	moved bool
}

// plan is for the next listening; nil where all windows are the browser's.
func (s *windowStep) plan() *windowPlan {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.needed {
		return nil
	}
	p := &windowPlan{of: s, round: s.round}
	if s.tabs == 0 {
		p.shapes = maps.Clone(s.shapes)
	}
	return p
}

// forHook is what the page's hook is told.
func (p *windowPlan) forHook() any {
	if p == nil {
		return nil
	}
	all := []any{}
	for shape := range p.shapes {
		all = append(all, map[string]any{"kind": shape.kind, "method": shape.method, "origin": shape.origin})
	}
	return all
}

// tell notes a request that the hook has told of.
func (p *windowPlan) tell(asked *windowRequest) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.told = append(p.told, asked)
}

// move notes that the page went elsewhere.
func (p *windowPlan) move() {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.moved = true
}

// only gives the one request that the page has told of, nil where it is not so.
func (p *windowPlan) only() *windowRequest {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.moved || len(p.told) != 1 {
		return nil
	}
	return p.told[0]
}

// came notes that a file came by its tab, which asked for nothing else: asked is the
// request, as the page's hook had told of it, and browser are the headers that the
// browser put on.
func (p *windowPlan) came(asked *windowRequest, browser map[string]string) {
	s := p.of
	s.mu.Lock()
	defer s.mu.Unlock()
	if p.round != s.round {
		return
	}
	if s.shapes == nil {
		s.shapes = map[windowShape]map[string]string{}
	}
	if s.shapes[asked.windowShape] = browser; s.tabs > 0 {
		s.tabs--
	}
}

// ended notes how a file ended that was asked for without its window. A site that
// answers no such request costs few of them; one whose faults come and go stays fast.
func (p *windowPlan) ended(well bool) {
	s := p.of
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case p.round != s.round:
	case well:
		s.penalty = max(1, s.penalty/2)
	default:
		s.tabs, s.penalty = s.penalty, s.penalty*2
		s.round++
	}
}

// need notes that the page needs its windows.
func (p *windowPlan) need() {
	p.of.mu.Lock()
	defer p.of.mu.Unlock()
	p.of.needed = true
}
