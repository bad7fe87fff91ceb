package steps

import (
	"context"
	"errors"
	"fmt"

	"pipe/specs"
)

// DryRun does everything of a step but what it does: it evaluates the step's
// expressions as far as they need no file, and waits for its targets. It tells
// what it would have done.
func (s *StepContext) DryRun(ctx context.Context, step *specs.Step) (string, error) {
	if err := specs.Evaluate(step.Do, s.Values); err != nil {
		return "", err
	}
	switch do := step.Do.(type) {
	case *Capture:
		return s.dryRunCapture(ctx, do)
	case *Screenshot:
		return "would take a picture", nil
	}
	if on := Trigger(step); on != nil {
		return s.dryRunNested(ctx, on)
	}
	t, ok := step.Do.(targetedAction)
	if !ok || !t.target().Given() {
		return "would " + step.Verb, nil
	}
	if step.Optional {
		if there, err := s.awaitOptional(ctx, t.target()); err != nil || !there {
			return "passed over: it is optional, and not there", err
		}
	}
	n, err := s.resolve(ctx, t.target())
	return fmt.Sprintf("would %s: %s resolves to %s", step.Verb, t.target().With(s.Values), elementCount(n)), err
}

// dryRunNested is DryRun for a step that stands in another.
func (s *StepContext) dryRunNested(ctx context.Context, step *specs.Step) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, s.StepTimeout)
	defer cancel()
	text, err := s.DryRun(ctx, step)
	if err != nil {
		err = &Error{Step: step, Err: err}
	}
	return text, err
}

func (s *StepContext) dryRunCapture(ctx context.Context, c *Capture) (string, error) {
	out, err := c.Expected(s.Values)
	if err != nil {
		return "", err
	}
	what := "would capture " + out.Name
	switch {
	case c.Many:
		what = "would capture the files of an archive"
	case out.Late:
		what = "would capture a file under the site's name for it"
	}
	switch {
	case c.On != nil:
		text, err := s.dryRunNested(ctx, c.On)
		if t, ok := c.On.Do.(targetedAction); ok && t.target().Given() && err == nil {
			n, err := s.count(ctx, t.target())
			return fmt.Sprintf("%s: the trigger %s %s resolves to %s", what, c.On.Verb, t.target().With(s.Values), elementCount(n)), err
		}
		return what + ": the trigger " + text, err
	case c.From.Given():
		if err := s.awaitAttached(ctx, c.From); err != nil {
			return "", err
		}
		link, err := c.link(ctx, s)
		return fmt.Sprintf("%s from %s", what, ShortURL(link.URL)), err
	case !c.URL.Empty():
		link, err := c.link(ctx, s)
		return fmt.Sprintf("%s from %s", what, ShortURL(link.URL)), err
	default:
		return what + ": the page as it is", nil
	}
}

// resolve waits for a target and wants one element of it, as an action does.
func (s *StepContext) resolve(ctx context.Context, t specs.Target) (any, error) {
	loc, err := s.locate(t)
	if err != nil {
		return nil, err
	}
	if err := s.awaitVisible(ctx, t, loc); err != nil {
		return nil, err
	}
	n, err := Call(ctx, "counting "+t.With(s.Values), loc.Count)
	if err == nil && n > 1 && len(t.Any) == 1 {
		err = fmt.Errorf("%s resolves to %d elements, of which one is to be acted on: say which, by nth or a closer selector", t.With(s.Values), n)
	}
	return n, err
}

func elementCount(n any) string {
	if n == 1 {
		return "1 element"
	}
	return fmt.Sprintf("%v elements", n)
}

// Ready tells whether what a step needs of the page is there now, as far as
// that can be told.
func (s *StepContext) Ready(ctx context.Context, step *specs.Step) bool {
	switch do := step.Do.(type) {
	case *Goto, *Dismiss, *Screenshot:
		return true
	case *Capture:
		switch {
		case do.On != nil:
			return s.Ready(ctx, do.On)
		case do.From.Given():
			return s.CountMatches(ctx, do.From) > 0
		default:
			return true
		}
	case *Tab:
		return do.On == nil || s.Ready(ctx, do.On)
	case targetedAction:
		return do.target().Given() && s.CountMatches(ctx, do.target()) > 0
	default:
		return false
	}
}

// CountMatches counts the elements of a target that are on the page now; -1 when
// that cannot be told.
func (s *StepContext) CountMatches(ctx context.Context, t specs.Target) int {
	n, err := s.count(ctx, t)
	if count, ok := n.(int); ok && err == nil {
		return count
	}
	return -1
}

// Unmatched gives the target for which an error says that nothing came, and for
// which there is no element on the page now.
func (s *StepContext) Unmatched(ctx context.Context, err error) (specs.Target, bool) {
	var gone *AbsentError
	if !errors.As(err, &gone) {
		return specs.Target{}, false
	}
	return gone.Target, s.CountMatches(ctx, gone.Target) == 0
}

// IsReadOnly tells whether a step leaves the page as it is.
func IsReadOnly(step *specs.Step) bool {
	_, ok := step.Do.(readOnlyAction)
	return ok
}
