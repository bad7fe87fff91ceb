package engine

import "sync"

// Control steers a run that is under way. Make it by [NewControl], give it to one run as
// [Config.Control], and call it from any goroutine, before the run and after it too.
type Control struct {
	mu     sync.Mutex
	paused bool
	// workers is how many items may be on pages at a time, 0 for all; most is all, 0
	// before the run has begun.
	workers, most int
	// changed holds a token from a change on until the dispatcher has taken it.
	changed chan struct{}
}

// ControlState is how a run is steered.
type ControlState struct {
	// Paused is true while no item is begun.
	Paused bool
	// Workers is how many items may be on pages at a time, as asked for; the site may
	// have it be fewer. Most is how many pages there are. Before the run has begun Most
	// is 0, and Workers is too unless it was set.
	Workers, Most int
}

// NewControl makes a control of a run that is not paused, and has all workers at work.
func NewControl() *Control { return &Control{changed: make(chan struct{}, 1)} }

// Pause has the run begin no more items; those in hand end. The run stays alive, and its
// logins do as long as the site keeps them.
func (c *Control) Pause() { c.change(func() { c.paused = true }) }

// Resume has the run go on.
func (c *Control) Resume() { c.change(func() { c.paused = false }) }

// SetWorkers has at most n items on pages at a time: at least one, and no more than there
// are pages. Those that are on pages already stay there to their end.
func (c *Control) SetWorkers(n int) { c.change(func() { c.workers = c.clamped(n) }) }

// State tells how the run is steered.
func (c *Control) State() ControlState {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := ControlState{Paused: c.paused, Workers: c.workers, Most: c.most}
	if s.Workers == 0 {
		s.Workers = c.most
	}
	return s
}

// clamped is n as far as it is within bounds.
func (c *Control) clamped(n int) int {
	n = max(n, 1)
	if c.most > 0 {
		n = min(n, c.most)
	}
	return n
}

// change makes a change and, if it is one, leaves word of it.
func (c *Control) change(do func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	paused, workers := c.paused, c.workers
	if do(); c.paused == paused && c.workers == workers {
		return
	}
	select {
	case c.changed <- struct{}{}:
	default: // the dispatcher has not taken the last one yet, and will see both
	}
}

// begin tells how many pages there are, and gives how many may be at work; all of them
// for no control.
func (c *Control) begin(most int) int {
	if c == nil {
		return most
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.most = most; c.workers > 0 {
		c.workers = c.clamped(c.workers)
		return c.workers
	}
	return most
}

// changes tells that the state may have changed; nil for no control.
func (c *Control) changes() <-chan struct{} {
	if c == nil {
		return nil
	}
	return c.changed
}

// holds tells whether no item is to be begun now; false for no control.
func (c *Control) holds() bool { return c != nil && c.State().Paused }
