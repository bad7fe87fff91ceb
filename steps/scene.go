// Package steps holds the verbs of a spec: a file a verb, each a struct whose
// tags say what it takes and whose Run does it on a page.
//
// [Verbs] lists them; package specs reads their tags, and the engine runs
// lists of them by [Scene.Run]. A new verb is one file, its test and its line
// in Verbs.
package steps

import (
	"context"
	"errors"
	"fmt"
	"pipe/specs"
	"time"

	"github.com/playwright-community/playwright-go"
)

// Action does what its verb says.
type Action interface {
	Run(ctx context.Context, on *Scene) error
}

// targeted is an action that acts on a target, which an optional step before
// it can wait for.
type targeted interface{ target() specs.Target }

// Scene is what steps act on: one page, and the values of their expressions.
// It serves one goroutine.
type Scene struct {
	Page   playwright.Page
	Files  Catcher
	Values specs.Values
	// Step is the limit of a step that names none of its own, Capture that of
	// one file.
	Step, Capture time.Duration
	// Dir is where screenshots go.
	Dir string
	// After is what shows that the steps have led where they should: an
	// optional last step waits no longer than for that.
	After specs.Target
	// Told, if set, is told each step as it starts.
	Told func(step *specs.Step)

	// Captures are the files that the steps caught, on their way.
	Captures []Captured
	// Abandoned is true when a call was given up that is still under way: it
	// may yet act on the page, so the page must not be used again.
	Abandoned bool

	ends    []func()
	results map[string]any
	next    specs.Target
	step    *specs.Step
}

// Error is a step that failed.
type Error struct {
	Step *specs.Step
	Err  error
}

func (e *Error) Error() string { return e.Err.Error() }

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// Where names the step and its place in the file.
func (e *Error) Where() string {
	name := e.Step.Path
	if e.Step.Name != "" {
		name += fmt.Sprintf(" %q", e.Step.Name)
	}
	return fmt.Sprintf("%s (%s)", name, e.Step.Pos)
}

// End takes back what steps have arranged on the page for the steps after them.
func (s *Scene) End() {
	for _, end := range s.ends {
		end()
	}
	s.ends = nil
}

// Run runs the steps in order until one fails. The error is an *Error.
func (s *Scene) Run(ctx context.Context, list []specs.Step) error {
	for i := range list {
		s.next = s.after(list[i+1:])
		if err := s.one(ctx, &list[i]); err != nil {
			return err
		}
	}
	return nil
}

// passive is an action that leaves the page as it is.
type passive interface{ passive() }

// after gives what shows that an optional step is to be passed over: the
// targets of the optional steps behind it and of the first that must be there.
// A step in between that changes the page by itself hides what comes after.
func (s *Scene) after(rest []specs.Step) specs.Target {
	var next specs.Target
	for i := range rest {
		t, ok := rest[i].Do.(targeted)
		if ok && t.target().Given() {
			next.Any = append(next.Any, t.target().Any...)
			if !rest[i].Optional && rest[i].If == nil {
				return next
			}
			continue
		}
		if _, ok := rest[i].Do.(passive); !ok {
			return specs.Target{}
		}
	}
	if !s.After.Given() {
		return specs.Target{}
	}
	next.Any = append(next.Any, s.After.Any...)
	return next
}

// one runs a step with what goes on any step: if, optional, timeout, retry.
func (s *Scene) one(ctx context.Context, step *specs.Step) error {
	holds, err := step.If.Holds(s.Values)
	if err != nil {
		return &Error{Step: step, Err: err}
	}
	if !holds {
		return nil
	}
	if s.Told != nil {
		s.Told(step)
	}
	for try := 0; ; try++ {
		err = s.try(ctx, step)
		if err == nil || ctx.Err() != nil || try >= step.Retry {
			break
		}
	}
	var nested *Error
	switch {
	case err == nil || step.Optional && ctx.Err() == nil && !errors.Is(err, errNothingCame):
		return nil
	case errors.As(err, &nested):
		return err
	default:
		return &Error{Step: step, Err: err}
	}
}

func (s *Scene) try(ctx context.Context, step *specs.Step) error {
	limit := s.Step
	if _, ok := step.Do.(*Capture); ok {
		limit = s.Capture
	}
	if step.Timeout > 0 {
		limit = step.Timeout.Std()
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	if t, ok := step.Do.(targeted); ok && step.Optional {
		there, err := s.arrives(ctx, t.target())
		if err != nil || !there {
			return err
		}
	}
	action, ok := step.Do.(Action)
	if !ok {
		return fmt.Errorf("the step %q has nothing to run", step.Verb)
	}
	before, outer := s.results["_"], s.step
	s.step = step
	err := action.Run(ctx, s)
	s.step = outer
	if err == nil && step.Name != "" {
		s.name(step.Name, s.results["_"])
	}
	if s.results != nil {
		s.results["_"] = before
	}
	return err
}

// result keeps what the step under way found, for steps.NAME.
func (s *Scene) result(v any) { s.name("_", v) }

func (s *Scene) name(name string, v any) {
	if s.results == nil {
		s.results = map[string]any{}
		s.Values = s.Values.With("steps", s.results)
	}
	s.results[name] = v
}

// call runs a Playwright call, which knows no context, and gives up on it when
// ctx ends.
func call[T any](ctx context.Context, s *Scene, what string, f func() (T, error)) (T, error) {
	type answer struct {
		v   T
		err error
	}
	var none T
	if ctx.Err() != nil {
		return none, fmt.Errorf("%s: %w", what, context.Cause(ctx))
	}
	done := make(chan answer, 1)
	go func() {
		v, err := f()
		done <- answer{v, err}
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
	s.Abandoned = true
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return none, fmt.Errorf("%s: %w", what, ErrTimeout)
	}
	return none, fmt.Errorf("%s: %w", what, context.Cause(ctx))
}

func do(ctx context.Context, s *Scene, what string, f func() error) error {
	_, err := call(ctx, s, what, func() (struct{}, error) { return struct{}{}, f() })
	return err
}

// ms gives the time that ctx leaves, in Playwright's milliseconds.
func ms(ctx context.Context) *float64 {
	left := 30_000.0
	if deadline, ok := ctx.Deadline(); ok {
		left = max(1, float64(time.Until(deadline).Milliseconds()))
	}
	return &left
}
