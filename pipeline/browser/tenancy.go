package browser

import "sync"

// tenancy counts what is under way in something that is to be closed once it
// has been left and nothing is under way in it any more.
type tenancy struct {
	mu    sync.Mutex
	n     int
	left  bool
	ended bool
	// end closes the thing; it is called once, and must be quick.
	end func()
	// over is closed when end is called.
	over chan struct{}
}

func newTenancy(end func()) *tenancy { return &tenancy{end: end, over: make(chan struct{})} }

func (t *tenancy) enter() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.n++
}

// exit takes one enter back.
func (t *tenancy) exit() {
	t.mu.Lock()
	t.n--
	t.settle()
}

// leave says that nobody enters any more.
func (t *tenancy) leave() {
	t.mu.Lock()
	t.left = true
	t.settle()
}

// settle ends what is left and empty, and unlocks.
func (t *tenancy) settle() {
	over := t.left && t.n <= 0 && !t.ended
	t.ended = t.ended || over
	t.mu.Unlock()
	if over {
		close(t.over)
		t.end()
	}
}
