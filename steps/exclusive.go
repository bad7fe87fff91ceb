package steps

import (
	"context"
	"fmt"
	"io"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/semaphore"

	"pipe/specs"
)

// Exclusives are the names under which steps of several pages exclude one another.
type Exclusives struct {
	mu    sync.Mutex
	names map[string]*semaphore.Weighted
}

func (e *Exclusives) named(name string) *semaphore.Weighted {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.names == nil {
		e.names = map[string]*semaphore.Weighted{}
	}
	if e.names[name] == nil {
		e.names[name] = semaphore.NewWeighted(1)
	}
	return e.names[name]
}

// exclusiveHold is a name that a page holds: for its steps, and for the files that
// these have captured, which the site may make only as they are fetched.
type exclusiveHold struct {
	name string
	lock *semaphore.Weighted
	uses atomic.Int64
}

func (h *exclusiveHold) drop() {
	if h.uses.Add(-1) == 0 {
		h.lock.Release(1)
	}
}

// beginExclusive takes the name that a step is exclusive under, or lets go of that
// of the step before. What it gives ends the step: the next may hold the name on.
func (s *StepContext) beginExclusive(ctx context.Context, step *specs.Step) (end func(), err error) {
	if s.Exclusives == nil || s.insideExclusive {
		return func() {}, nil
	}
	if s.held == nil || s.held.name != step.Exclusive {
		s.endExclusive()
		if step.Exclusive == "" {
			return func() {}, nil
		}
		h := &exclusiveHold{name: step.Exclusive, lock: s.Exclusives.named(step.Exclusive)}
		if err := h.lock.Acquire(ctx, 1); err != nil {
			return nil, fmt.Errorf("waiting until no other page of the account is at steps that are exclusive under %q: %w", step.Exclusive, ContextError(ctx, "waiting"))
		}
		h.uses.Store(1)
		s.held = h
	}
	s.insideExclusive = true
	return func() { s.insideExclusive = false }, nil
}

// endExclusive lets go of the name that the page holds; files on their way may
// hold it on.
func (s *StepContext) endExclusive() {
	if s.held != nil {
		s.held.drop()
	}
	s.held = nil
}

// exclusiveDelivery is a file that holds a name until it has come.
type exclusiveDelivery struct {
	Delivery

	once sync.Once
	hold *exclusiveHold
}

// holding has a file hold the name that its page holds.
func (s *StepContext) holding(d Delivery) Delivery {
	if s.held == nil {
		return d
	}
	s.held.uses.Add(1)
	return &exclusiveDelivery{Delivery: d, hold: s.held}
}

// Receive receives the file, and lets go.
func (d *exclusiveDelivery) Receive(ctx context.Context, w io.Writer) (Receipt, error) {
	defer d.once.Do(d.hold.drop)
	return d.Delivery.Receive(ctx, w)
}

// Discard gives the file up, and lets go.
func (d *exclusiveDelivery) Discard() {
	defer d.once.Do(d.hold.drop)
	d.Delivery.Discard()
}
