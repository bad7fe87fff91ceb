package steps

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/sourcegraph/conc/panics"
)

// call runs a Playwright call, which knows no context, and gives up on it when
// ctx ends. What it gave up may go on until its own time-out: call is for looks,
// which do no harm then; act is for actions.
func call[T any](ctx context.Context, what string, f func() (T, error)) (T, error) {
	type answer struct {
		v   T
		err error
	}
	var none T
	if ctx.Err() != nil {
		return none, ended(ctx, what)
	}
	done := make(chan answer, 1)
	go func() {
		var a answer
		if err := Calm(func() { a.v, a.err = f() }); err != nil {
			a.err = err
		}
		done <- a
	}()
	select {
	case a := <-done:
		return a.v, plain(ctx, what, a.err)
	case <-ctx.Done():
	}
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		// Playwright's own time-out is due in the same moment and says more.
		grace := time.NewTimer(250 * time.Millisecond)
		defer grace.Stop()
		select {
		case a := <-done:
			return a.v, plain(ctx, what, a.err)
		case <-grace.C:
		}
	}
	return none, &abandonedError{ended(ctx, what)}
}

// Calm runs calls of Playwright's and gives ErrClosed where its Go port panics:
// its listeners, most of all, when the connection to the driver is broken.
func Calm(f func()) error {
	if p := panics.Try(f); p != nil {
		return fmt.Errorf("%w: %v", ErrClosed, p.Value)
	}
	return nil
}

// abandonedError is a call that was given up while it was under way.
type abandonedError struct{ err error }

func (e *abandonedError) Error() string { return e.err.Error() }

func (e *abandonedError) Unwrap() error { return e.err }

// ended says why a context ended.
func ended(ctx context.Context, what string) error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return fmt.Errorf("%s: %w", what, ErrTimeout)
	}
	return fmt.Errorf("%s: %w", what, context.Cause(ctx))
}

// act is call for what changes the page: given up, it may strike later.
func act[T any](ctx context.Context, s *Scene, what string, f func() (T, error)) (T, error) {
	v, err := call(ctx, what, f)
	var abandoned *abandonedError
	if errors.As(err, &abandoned) {
		s.Abandoned = true
	}
	return v, err
}

func do(ctx context.Context, s *Scene, what string, f func() error) error {
	_, err := act(ctx, s, what, func() (struct{}, error) { return struct{}{}, f() })
	return err
}

func look(ctx context.Context, what string, f func() error) error {
	_, err := call(ctx, what, func() (struct{}, error) { return struct{}{}, f() })
	return err
}

// changed counts the document's changes and resolves with their number once it
// is above what was seen before, at once for a document that is new. The timer
// is for what no observer sees: frames, shadow trees, animations.
const changed = `seen => {
	const key = Symbol.for('pipe.changes');
	let c = document[key];
	if (!c) {
		c = document[key] = {n: 1, at: performance.now(), told: []};
		new MutationObserver(() => { c.n++; c.at = performance.now(); c.told.splice(0).forEach(f => f()); })
			.observe(document, {subtree: true, childList: true, attributes: true, characterData: true});
		return c.n;
	}
	if (c.n > seen) return c.n;
	return new Promise(done => {
		const timer = setTimeout(end, 200);
		function end() { clearTimeout(timer); done(c.n); }
		c.told.push(end);
	});
}`

// until waits until something holds of the page. It looks again whenever the
// document changes; Playwright's own waits look every half a second.
func (s *Scene) until(ctx context.Context, what string, holds func() (bool, error)) error {
	seen := any(0)
	for {
		is, err := call(ctx, what, holds)
		if is || err != nil && !Navigating(err) {
			return err
		}
		n, err := call(ctx, what, func() (any, error) { return s.Page.Evaluate(changed, seen) })
		switch {
		case err == nil:
			seen = n
		case ctx.Err() == nil && Navigating(err):
			seen = 0
		default:
			return err
		}
	}
}

// Navigating tells an error that only says that the page has moved on.
func Navigating(err error) bool {
	text := err.Error()
	return strings.Contains(text, "Execution context was destroyed") || strings.Contains(text, "frame was detached") ||
		strings.Contains(text, "because of a navigation")
}

// ms gives the time that ctx leaves, in Playwright's milliseconds.
func ms(ctx context.Context) *float64 {
	left := 30_000.0
	if deadline, ok := ctx.Deadline(); ok {
		left = max(1, float64(time.Until(deadline).Milliseconds()))
	}
	return &left
}
