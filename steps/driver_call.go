package steps

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/playwright-community/playwright-go"
	"github.com/sourcegraph/conc/panics"
)

// A call of Playwright's Go port takes no context, and it may hang, or panic
// when the connection to the driver is broken. All calls are therefore made
// through this file, each in a goroutine of its own which its caller waits for
// until its context ends.
//
// A call that was given up then belongs to the connection: it ends at its own
// time-out, and at the latest when the driver is stopped, which fails whatever
// is still under way. Nobody waits for it longer than that, and what it gives
// is dropped. Whoever closes a page or a browser bounds that call by CallWithin
// like any other.

// lateResult is how long a call that ran into its deadline may still answer:
// Playwright's own time-out is due in the same moment and says more.
const lateResult = 250 * time.Millisecond

// callResult is what a call gave.
type callResult[T any] struct {
	v   T
	err error
}

// start makes a call in a goroutine, which ends with the call; it belongs to the
// connection, as above.
func start[T any](f func() (T, error)) <-chan callResult[T] {
	done := make(chan callResult[T], 1)
	go func() {
		var r callResult[T]
		if err := RecoverPanics(func() { r.v, r.err = f() }); err != nil {
			r.err = err
		}
		done <- r
	}()
	return done
}

// Call runs a call of the driver's and gives up on it when ctx ends. The error
// is one line that begins with what was tried. What it gave up may go on until
// its own time-out: Call is for reading the page, which does no harm then;
// callAction is for actions.
func Call[T any](ctx context.Context, what string, f func() (T, error)) (T, error) {
	var none T
	if ctx.Err() != nil {
		return none, ContextError(ctx, what)
	}
	done := start(f)
	select {
	case r := <-done:
		return r.v, driverError(ctx, what, r.err)
	case <-ctx.Done():
	}
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		late := time.NewTimer(lateResult)
		defer late.Stop()
		select {
		case r := <-done:
			return r.v, driverError(ctx, what, r.err)
		case <-late.C:
		}
	}
	return none, &abandonedError{ContextError(ctx, what)}
}

// CallWithin is Call with a limit of its own, for the calls that open, lend and
// close pages and browsers. It keeps the whole text of the driver's error.
func CallWithin[T any](ctx context.Context, limit time.Duration, what string, f func() (T, error)) (T, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	select {
	case r := <-start(f):
		switch {
		case r.err == nil:
			return r.v, nil
		case isGone(r.err) && !errors.Is(r.err, ErrClosed):
			return r.v, fmt.Errorf("%s: %w", what, ErrClosed)
		default:
			return r.v, fmt.Errorf("%s: %w", what, r.err)
		}
	case <-ctx.Done():
		var none T
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			return none, fmt.Errorf("%s: %w of %v", what, ErrTimeout, limit)
		}
		return none, fmt.Errorf("%s: %w", what, context.Cause(ctx))
	}
}

// DoWithin is CallWithin for a call that gives no more than an error.
func DoWithin(ctx context.Context, limit time.Duration, what string, f func() error) error {
	_, err := CallWithin(ctx, limit, what, func() (struct{}, error) { return struct{}{}, f() })
	return err
}

// RecoverPanics runs calls of Playwright's and gives ErrClosed where its Go port panics:
// its listeners, most of all, when the connection to the driver is broken.
func RecoverPanics(f func()) error {
	if p := panics.Try(f); p != nil {
		return fmt.Errorf("%w: %v", ErrClosed, p.Value)
	}
	return nil
}

// abandonedError is a call that was given up while it was under way.
type abandonedError struct{ err error }

func (e *abandonedError) Error() string { return e.err.Error() }

func (e *abandonedError) Unwrap() error { return e.err }

// ContextError says that a wait ended with its context, and why.
func ContextError(ctx context.Context, what string) error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return fmt.Errorf("%s: %w", what, ErrTimeout)
	}
	return fmt.Errorf("%s: %w", what, context.Cause(ctx))
}

// callActionFor is Call for what changes the page: given up, it may strike later.
func callActionFor[T any](ctx context.Context, s *StepContext, what string, f func() (T, error)) (T, error) {
	if err := s.beforeActing(ctx); err != nil {
		var none T
		return none, err
	}
	v, err := Call(ctx, what, f)
	var abandoned *abandonedError
	if errors.As(err, &abandoned) {
		s.Abandoned = true
	}
	return v, err
}

func callAction(ctx context.Context, s *StepContext, what string, f func() error) error {
	return callActionOn(ctx, s, what, nil, f)
}

// callActionOn is callAction for an element, in the page's turn.
func callActionOn(ctx context.Context, s *StepContext, what string, loc playwright.Locator, f func() error) error {
	defer s.Turn.take(ctx, loc)()
	_, err := callActionFor(ctx, s, what, func() (struct{}, error) { return struct{}{}, f() })
	return err
}

func callPage(ctx context.Context, what string, f func() error) error {
	_, err := Call(ctx, what, func() (struct{}, error) { return struct{}{}, f() })
	return err
}

// timeoutMillis gives the time that ctx leaves, in Playwright's milliseconds.
func timeoutMillis(ctx context.Context) *float64 {
	left := 30_000.0
	if deadline, ok := ctx.Deadline(); ok {
		left = max(1, float64(time.Until(deadline).Milliseconds()))
	}
	return &left
}
