package practice

import "sync"

// requestTracker knows the requests under way, and lets no more in once it is closed. A
// WaitGroup cannot do this: requests keep arriving while Close waits.
type requestTracker struct {
	mu      sync.Mutex
	inside  int
	closed  bool
	drained chan struct{}
}

func newRequestTracker() *requestTracker { return &requestTracker{drained: make(chan struct{})} }

// enter tells whether the request may go on; if so, leave must follow.
func (g *requestTracker) enter() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed {
		return false
	}
	g.inside++
	return true
}

func (g *requestTracker) leave() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.inside--
	g.settle()
}

// close lets no more requests in. The channel is closed when the last request has left.
// It is called once.
func (g *requestTracker) close() <-chan struct{} {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.closed = true
	g.settle()
	return g.drained
}

func (g *requestTracker) settle() {
	if g.closed && g.inside == 0 {
		close(g.drained)
	}
}
