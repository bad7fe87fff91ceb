package practice

import "sync"

// gate knows the requests under way, and lets no more in once it is closed. A
// WaitGroup cannot do this: requests keep arriving while Close waits.
type gate struct {
	mu      sync.Mutex
	inside  int
	closed  bool
	drained chan struct{}
}

func newGate() *gate { return &gate{drained: make(chan struct{})} }

// enter tells whether the request may go on; if so, leave must follow.
func (g *gate) enter() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed {
		return false
	}
	g.inside++
	return true
}

func (g *gate) leave() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.inside--
	g.settle()
}

// close shuts the gate. The channel is closed when the last request has left.
// It is called once.
func (g *gate) close() <-chan struct{} {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.closed = true
	g.settle()
	return g.drained
}

func (g *gate) settle() {
	if g.closed && g.inside == 0 {
		close(g.drained)
	}
}
