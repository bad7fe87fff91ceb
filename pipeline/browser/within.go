package browser

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/playwright-community/playwright-go"

	"pipe/steps"
)

// within runs a call of Playwright's, which knows no context and may hang or
// panic on a lost connection, and gives up on it at the limit.
func within[T any](ctx context.Context, limit time.Duration, what string, f func() (T, error)) (T, error) {
	type answer struct {
		v   T
		err error
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	done := make(chan answer, 1)
	go func() {
		var a answer
		if err := steps.Calm(func() { a.v, a.err = f() }); err != nil {
			a.err = err
		}
		done <- a
	}()
	select {
	case a := <-done:
		return a.v, named(what, a.err)
	case <-ctx.Done():
		var none T
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			return none, fmt.Errorf("%s: %w of %v", what, steps.ErrTimeout, limit)
		}
		return none, fmt.Errorf("%s: %w", what, context.Cause(ctx))
	}
}

func named(what string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, playwright.ErrTargetClosed) && !errors.Is(err, steps.ErrClosed):
		return fmt.Errorf("%s: %w", what, steps.ErrClosed)
	default:
		return fmt.Errorf("%s: %w", what, err)
	}
}

// gate is a lock whose wait obeys a context.
type gate chan struct{}

func newGate() gate { return make(gate, 1) }

func (g gate) lock(ctx context.Context) error {
	select {
	case g <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (g gate) unlock() { <-g }
