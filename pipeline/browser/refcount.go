package browser

import "sync"

// refcount counts what is under way in something that is to be closed once it
// has been left and nothing is under way in it any more.
type refcount struct {
	mu    sync.Mutex
	n     int
	left  bool
	ended bool
	// end closes the thing; it is called once, and must be quick.
	end func()
	// over is closed when end is called.
	over chan struct{}
}

func newRefcount(end func()) *refcount { return &refcount{end: end, over: make(chan struct{})} }

// enter counts one more, and tells whether the thing is still there.
func (r *refcount) enter() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.n++
	return !r.ended
}

// exit takes one enter back.
func (r *refcount) exit() {
	r.mu.Lock()
	r.n--
	r.settle()
}

// leave says that nobody enters any more.
func (r *refcount) leave() {
	r.mu.Lock()
	r.left = true
	r.settle()
}

// settle ends what is left and empty, and unlocks.
func (r *refcount) settle() {
	over := r.left && r.n <= 0 && !r.ended
	r.ended = r.ended || over
	r.mu.Unlock()
	if over {
		close(r.over)
		r.end()
	}
}
