package steps

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/playwright-community/playwright-go"
)

// Turn has those who act on one page, its steps and what attends it, act one after
// another: of two clicks at the same moment the driver loses one, and tells that both were
// done.
type Turn struct {
	taken chan struct{}
	// on is the element of the action under way, if it is one's.
	on atomic.Pointer[playwright.Locator]
}

// NewTurn gives a page's turn.
func NewTurn() *Turn { return &Turn{taken: make(chan struct{}, 1)} }

// turnLimit bounds the wait for another's action, which may itself wait for what the one
// who waits is about to do.
const turnLimit = 2 * time.Second

// take waits until nobody else acts on the page, or until the other's action is held up by
// what covers its element: it strikes when that is gone, and not before. loc is what is
// acted on, nil for no element in particular. What it gives ends the turn.
func (t *Turn) take(ctx context.Context, loc playwright.Locator) (end func()) {
	if t == nil {
		return func() {}
	}
	waiting, cancel := context.WithTimeout(ctx, turnLimit)
	defer cancel()
	for {
		select {
		case t.taken <- struct{}{}:
			if loc != nil {
				t.on.Store(&loc)
			}
			return func() {
				t.on.Store(nil)
				<-t.taken
			}
		case <-waiting.Done():
			return func() {}
		case <-time.After(coverEvery):
			if t.heldUp(waiting) {
				return func() {}
			}
		}
	}
}

// heldUp tells whether the element of the action under way is covered.
func (t *Turn) heldUp(ctx context.Context) bool {
	on := t.on.Load()
	return on != nil && isCovered(ctx, *on)
}
