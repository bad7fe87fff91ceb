package steps

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/playwright-community/playwright-go"

	"pipe/specs"
)

// actOn waits until the target is to be seen and acts on it.
func (s *StepContext) actOn(ctx context.Context, what string, t specs.Target, f func(playwright.Locator) error) error {
	loc, err := s.firstAlternative(t)
	if err != nil {
		return err
	}
	if s.found == nil || s.found != s.step {
		err = s.awaitVisible(ctx, t, loc)
	} else {
		s.recordTarget(ctx, t, loc)
		s.foundElement(ctx, t, loc)
	}
	if s.found = nil; err != nil {
		return err
	}
	what += " " + t.With(s.Values)
	mayClose := s.mayCloseTab()
	if mayClose {
		if mayClose, err = s.atHand(ctx, what, loc); err != nil {
			return err
		}
	}
	if err := s.tryFirst(ctx, what, loc); err != nil {
		return err
	}
	if err = s.actByScript(ctx, what, loc); errors.Is(err, errByHand) {
		err = s.act(ctx, what, loc, f)
	}
	err = s.misuse(err)
	switch {
	case mayClose && errors.Is(err, ErrClosed):
		s.tabClosed = true
		return nil
	case errors.Is(err, ErrTimeout):
		return fmt.Errorf("%w%s", err, s.obstacle(ctx, loc))
	default:
		return err
	}
}

// pointingAction is an action for which its element must be enabled, still and in
// nobody's cover.
type pointingAction interface{ needsWay() bool }

// tryFirst makes sure, before what is done once is begun, that nothing is in its way, or
// at least that it is one element: it would not be known later. The driver's own trial of
// a click is none to be used, as it clicks, and only keeps most of the page from knowing.
func (s *StepContext) tryFirst(ctx context.Context, what string, loc playwright.Locator) error {
	if !s.aboutToAct() {
		return nil
	}
	enabled := func() (bool, error) {
		return loc.IsEnabled(playwright.LocatorIsEnabledOptions{Timeout: timeoutMillis(ctx)})
	}
	if action, points := s.step.Do.(pointingAction); !points || !action.needsWay() {
		_, err := Call(ctx, what, enabled)
		return err
	}
	err := s.waitUntil(ctx, what, enabled)
	if err == nil {
		acting := s.withoutActing()
		err = s.act(ctx, what, loc, func(l playwright.Locator) error {
			return l.Hover(playwright.LocatorHoverOptions{Timeout: timeoutMillis(ctx), Trial: playwright.Bool(true)})
		})
		acting()
	}
	if errors.Is(err, ErrTimeout) {
		return fmt.Errorf("%w%s", err, s.obstacle(ctx, loc))
	}
	return err
}

// closingAction is an action that is over in one moment, in which it may close its
// tab. A tab that closes while a text is being typed has not got all of it.
type closingAction interface{ mayClose() }

// mayCloseTab tells whether the step under way may close its tab: no other step
// follows in there.
func (s *StepContext) mayCloseTab() bool {
	if !s.inTab || slices.ContainsFunc(s.pending, func(p pendingSteps) bool { return len(p.steps) > 0 }) {
		return false
	}
	_, may := s.step.Do.(closingAction)
	return may
}
