package steps

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/playwright-community/playwright-go"

	"pipe/specs"
)

// awaitVisible waits until a locator's first element is visible.
func (s *StepContext) awaitVisible(ctx context.Context, t specs.Target, loc playwright.Locator) error {
	first := loc.First()
	err := s.waitForPage(ctx, "waiting for "+t.With(s.Values), func() (bool, error) { return first.IsVisible() })
	if err == nil {
		s.recordTarget(ctx, t, loc)
		s.foundElement(ctx, t, loc)
	}
	if !errors.Is(err, ErrTimeout) {
		return err
	}
	return absentError(t, fmt.Errorf("%w%s", err, s.describeMatches(ctx, loc)))
}

// describeMatches says what is there in place of what was waited for.
func (s *StepContext) describeMatches(ctx context.Context, loc playwright.Locator) string {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	n, err := Call(ctx, "counting", loc.Count)
	switch {
	case err != nil:
		return ""
	case n == 0:
		return " (no element matches)"
	case n == 1:
		return " (one element matches and is hidden)"
	default:
		return fmt.Sprintf(" (%d elements match, the first is hidden)", n)
	}
}

// awaitOptional waits for a target, or for what comes after it, whichever is there
// first, and tells whether it is the target.
func (s *StepContext) awaitOptional(ctx context.Context, t specs.Target) (bool, error) {
	mine, err := s.locate(t)
	if err != nil {
		return false, err
	}
	next, err := s.anyOf(s.upcoming.targets)
	if err != nil {
		return false, err
	}
	mine = mine.First()
	there := false
	if page := s.static(); page != nil && next == nil && page.CertainlyAbsent() {
		return Call(ctx, "looking for "+t.With(s.Values), func() (bool, error) { return mine.IsVisible() })
	}
	err = s.waitForPage(ctx, "waiting for "+t.With(s.Values), func() (bool, error) {
		var err error
		if there, err = mine.IsVisible(); err != nil || there || next == nil {
			return there, err
		}
		return next.IsVisible()
	})
	switch {
	case errors.Is(err, ErrTimeout) && next != nil:
		return false, s.optionalError(t)
	case err != nil:
		// The last look may still be under way.
		return false, err
	default:
		return there, nil
	}
}

// anyOf gives the first element that is one of the targets; nil without targets.
func (s *StepContext) anyOf(targets []awaitedTarget) (playwright.Locator, error) {
	outer := s.root
	defer func() { s.root = outer }()
	var all playwright.Locator
	for _, one := range targets {
		s.root = one.root
		loc, err := s.locate(one.target)
		if err != nil {
			return nil, err
		}
		if all == nil {
			all = loc
		} else {
			all = all.Or(loc)
		}
	}
	if all == nil {
		return nil, nil
	}
	return all.First(), nil
}

// Check waits until something holds of the page.
func (s *StepContext) Check(ctx context.Context, c *specs.Check) error {
	if c == nil {
		return nil
	}
	if c.Visible.Given() {
		if err := s.awaitTarget(ctx, c.Visible); err != nil {
			return err
		}
	}
	if c.Hidden.Given() {
		if err := s.awaitHidden(ctx, c.Hidden); err != nil {
			return err
		}
	}
	if c.URL.Empty() {
		return nil
	}
	glob, err := c.URL.Text(s.Values)
	if err != nil {
		return err
	}
	err = callPage(ctx, fmt.Sprintf("waiting for the address %q", glob), func() error {
		return s.Page.WaitForURL(glob, playwright.PageWaitForURLOptions{Timeout: timeoutMillis(ctx)})
	})
	if errors.Is(err, ErrTimeout) {
		err = fmt.Errorf("%w (the address is %s)", err, ShortURL(s.Page.URL()))
	}
	return err
}

// Holds tells whether something holds of the page now. An address costs no question
// to the browser.
func (s *StepContext) Holds(ctx context.Context, c *specs.Check) (bool, error) {
	if !c.URL.Empty() {
		glob, err := c.URL.Text(s.Values)
		if err != nil {
			return false, err
		}
		now := playwright.PageWaitForURLOptions{Timeout: playwright.Float(1), WaitUntil: playwright.WaitUntilStateCommit}
		err = callPage(ctx, "reading the address", func() error { return s.Page.WaitForURL(glob, now) })
		if err != nil {
			return false, unless(err, ErrTimeout)
		}
	}
	if c.Visible.Given() {
		if there, err := s.IsShown(ctx, PageSign{Target: c.Visible}); err != nil || !there {
			return false, err
		}
	}
	if !c.Hidden.Given() {
		return true, nil
	}
	loc, err := s.locate(c.Hidden)
	if err != nil {
		return false, err
	}
	visible := loc.Filter(playwright.LocatorFilterOptions{Visible: playwright.Bool(true)})
	n, err := Call(ctx, "looking for "+c.Hidden.With(s.Values), visible.Count)
	return err == nil && n == 0, err
}

// unless gives an error that is not of a kind.
func unless(err, kind error) error {
	if errors.Is(err, kind) {
		return nil
	}
	return err
}

func (s *StepContext) awaitTarget(ctx context.Context, t specs.Target) error {
	loc, err := s.locate(t)
	if err != nil {
		return err
	}
	return s.awaitVisible(ctx, t, loc)
}

// AwaitFor waits until what a step acts on is to be seen, or what it has bring its file: a page
// may show it only after a while. For an optional step it does not wait.
func (s *StepContext) AwaitFor(ctx context.Context, step *specs.Step) error {
	if c, is := step.Do.(*Capture); is && c.On != nil {
		step = c.On
	}
	t := TargetOf(step)
	if step.Optional || !t.Given() {
		return nil
	}
	loc, err := s.locate(t)
	if err != nil {
		return err
	}
	first := loc.First()
	return s.waitForPage(ctx, "waiting for "+t.With(s.Values), func() (bool, error) { return first.IsVisible() })
}

// awaitHidden waits until no element of the target is visible.
func (s *StepContext) awaitHidden(ctx context.Context, t specs.Target) error {
	loc, err := s.locate(t)
	if err != nil {
		return err
	}
	visible := loc.Filter(playwright.LocatorFilterOptions{Visible: playwright.Bool(true)})
	err = s.waitForPage(ctx, fmt.Sprintf("waiting until %s is gone", t.With(s.Values)), func() (bool, error) {
		n, err := visible.Count()
		return n == 0, err
	})
	return s.insteadOf(ctx, err, "still there", visible)
}

// awaitAttached waits until something matches: what is read may well be hidden.
func (s *StepContext) awaitAttached(ctx context.Context, t specs.Target) error {
	loc, err := s.locate(t)
	if err != nil {
		return err
	}
	err = s.waitForPage(ctx, "waiting for "+t.With(s.Values), func() (bool, error) {
		n, err := loc.Count()
		return n > 0, err
	})
	if err == nil {
		s.recordTarget(ctx, t, loc)
		s.foundElement(ctx, t, loc)
	}
	return absentError(t, err)
}
