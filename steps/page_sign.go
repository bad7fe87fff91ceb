package steps

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/playwright-community/playwright-go"

	"pipe/specs"
)

// ErrSessionLost is a session that the site has ended, seen by the spec's login.lost.
var ErrSessionLost = errors.New("the session is lost: the site wants a login again")

// errNothingCame is an optional step's wait that saw neither its target nor
// what comes after it: the page is not where the spec takes it to be.
var errNothingCame = fmt.Errorf("%w", ErrTimeout)

// AbsentError is a step whose target did not come to be seen in time.
type AbsentError struct {
	Target specs.Target
	// Step is set when the target is that of a later step, without which an
	// optional one cannot be passed over.
	Step *specs.Step
	// Passed are the targets that may be there or not, one of which should have shown
	// before that; nil where there is nothing to pass over.
	Passed []specs.Target
	Err    error
}

func (e *AbsentError) Error() string { return e.Err.Error() }

// Unwrap gives the wait's own error.
func (e *AbsentError) Unwrap() error { return e.Err }

// absentError marks the error of a wait for a target that came to its limit.
func absentError(t specs.Target, err error) error {
	if !errors.Is(err, ErrTimeout) {
		return err
	}
	return &AbsentError{Target: t, Err: err}
}

// optionalError is the error of an optional step that saw neither its own target nor
// what comes after it: it is that, as a rule, which is gone.
func (s *StepContext) optionalError(t specs.Target) error {
	var after specs.Target
	for _, next := range s.upcoming.targets {
		after.Any = append(after.Any, next.target.Any...)
	}
	e := &AbsentError{Target: t, Err: fmt.Errorf("neither %s nor what comes after it, %s, is to be seen: %w", t.With(s.Values), after.With(s.Values), errNothingCame)}
	if n := len(s.upcoming.targets); n > 0 {
		e.Passed = []specs.Target{t}
		for _, next := range s.upcoming.targets[:n-1] {
			e.Passed = append(e.Passed, next.target)
		}
		e.Target = s.upcoming.targets[n-1].target
	}
	if step := s.upcoming.required; step != nil {
		e.Step, e.Target = step, step.Do.(targetedAction).target()
	}
	return e
}

// PageSign is something that a page may show: a target, a text, or both.
type PageSign struct {
	Target specs.Target
	// Text counts in capitals or not, however its words are spaced.
	Text string
}

// IsShown tells whether the page shows all of the sign now.
func (s *StepContext) IsShown(ctx context.Context, sign PageSign) (bool, error) {
	if sign.Target.Given() {
		loc, err := s.locate(sign.Target)
		if err != nil {
			return false, err
		}
		there, err := anyVisible(ctx, "looking for "+sign.Target.With(s.Values), loc)
		if err != nil || !there {
			return false, err
		}
	}
	if sign.Text == "" {
		return true, nil
	}
	if page := s.static(); page != nil {
		text, err := Call(ctx, "reading the page", page.Text)
		return ContainsText(text, sign.Text), err
	}
	body, err := Call(ctx, "reading the page", func() (any, error) { return s.Page.Evaluate(`document.body ? document.body.innerText : ''`) })
	text, _ := body.(string)
	return ContainsText(text, sign.Text), err
}

// anyVisible tells whether any element is to be seen: the first may be a hidden template
// of the others.
func anyVisible(ctx context.Context, what string, loc playwright.Locator) (bool, error) {
	n, err := Call(ctx, what, loc.Filter(playwright.LocatorFilterOptions{Visible: playwright.Bool(true)}).Count)
	return n > 0, err
}

// FindsFirst tells whether the first of some steps finds its target on the page now, or,
// where it is optional, one of those that come after it.
func (s *StepContext) FindsFirst(ctx context.Context, list []specs.Step) bool {
	for i := range list {
		t := TargetOf(&list[i])
		if !t.Given() {
			return false
		}
		if there, err := s.IsShown(ctx, PageSign{Target: t}); err != nil || there {
			return err == nil
		}
		if !list[i].Optional && list[i].If == nil {
			return false
		}
	}
	return false
}

// WaitForAny waits until the page shows one of the signs, for as long as ctx has,
// and gives its index; -1 when none came.
func (s *StepContext) WaitForAny(ctx context.Context, signs []PageSign) int {
	found := -1
	err := s.Until(ctx, func() (bool, error) {
		for i, sign := range signs {
			if there, err := s.IsShown(ctx, sign); err == nil && there {
				found = i
				return true, nil
			}
		}
		return false, ctx.Err()
	})
	if err != nil {
		return -1
	}
	return found
}

// Until waits until something holds of the page, which is asked whenever the page
// changes, and a few times a second for what shows by no change.
func (s *StepContext) Until(ctx context.Context, holds func() (bool, error)) error {
	return s.waitUntil(ctx, "looking at the page", holds)
}

// ContainsText tells whether a text holds another, in capitals or not and however the
// words are spaced.
func ContainsText(text, part string) bool {
	fold := func(s string) string { return strings.Join(strings.Fields(strings.ToLower(s)), " ") }
	return strings.Contains(fold(text), fold(part))
}
