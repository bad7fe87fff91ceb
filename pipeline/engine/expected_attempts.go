package engine

import (
	"context"
	"sync"

	"pipe/pipeline"
)

// expectedAttempts are those that have come as far as their files, and are not on record
// yet. It is safe for concurrent use.
type expectedAttempts struct {
	mu    sync.Mutex
	begun int64
	// open has what each has failed as by now, "" for one that is well.
	open map[int64]pipeline.Class
}

// begin numbers an attempt in the order in which they are begun.
func (e *expectedAttempts) begin(a *Attempt) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.begun++
	a.order = e.begun
}

// add is told of an attempt whose files are on their way.
func (e *expectedAttempts) add(a *Attempt) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.open == nil {
		e.open = map[int64]pipeline.Class{}
	}
	e.open[a.order] = ""
}

// remove is told of any attempt that comes to the record.
func (e *expectedAttempts) remove(a *Attempt) {
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.open, a.order)
}

// noting does a stage's work, and notes what an attempt has failed as.
func (e *expectedAttempts) noting(run func(context.Context, *Attempt) error) func(context.Context, *Attempt) error {
	return func(ctx context.Context, a *Attempt) error {
		err := run(ctx, a)
		e.mu.Lock()
		defer e.mu.Unlock()
		if _, is := e.open[a.order]; is && a.Err != nil {
			e.open[a.order], _ = pipeline.Classify(a.Err)
		}
		return err
	}
}

// before tells whether one is on its way that was begun before another, and has not failed
// as that.
func (e *expectedAttempts) before(order int64, class pipeline.Class) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	for n, failed := range e.open {
		if n < order && failed != class {
			return true
		}
	}
	return false
}
