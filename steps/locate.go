package steps

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/playwright-community/playwright-go"

	"pipe/specs"
	"pipe/specs/expr"
)

// locate gives the target's locator: its alternatives joined by or.
func (s *StepContext) locate(t specs.Target) (playwright.Locator, error) {
	var all playwright.Locator
	for _, l := range t.Any {
		one, err := s.locator(l)
		if err != nil {
			return nil, err
		}
		if all == nil {
			all = one
		} else {
			all = all.Or(one)
		}
	}
	return all, nil
}

// locator gives the elements that one alternative of a target stands for.
func (s *StepContext) locator(l specs.Locator) (playwright.Locator, error) {
	texts, err := s.texts(l.Selector, l.Name, l.Label, l.Text, l.Placeholder, l.TestID)
	if err != nil {
		return nil, err
	}
	frame, err := s.frame(l)
	if err != nil {
		return nil, err
	}
	by := locatorTexts{selector: texts[0], name: texts[1], label: texts[2], text: texts[3], placeholder: texts[4], testID: texts[5]}
	var found playwright.Locator
	switch {
	case s.root != nil && frame != "":
		found = findInFrame(s.root.FrameLocator(frame), l, by)
	case s.root != nil && by.selector == ":scope":
		found = s.root
	case s.root != nil:
		found = findInElement(s.root, l, by)
	case frame != "":
		found = findInFrame(s.Page.FrameLocator(frame), l, by)
	default:
		found = findOnPage(s.Page, l, by)
	}
	if l.Nth != nil {
		found = found.Nth(*l.Nth)
	}
	return found, nil
}

// enterFrame is how Playwright's own selectors go from a frame to one within it.
const enterFrame = " >> internal:control=enter-frame >> "

// frame gives one selector for the frame that holds a locator's element, ""
// for the page itself.
func (s *StepContext) frame(l specs.Locator) (string, error) {
	frames, err := s.texts(l.Frame...)
	return strings.Join(frames, enterFrame), err
}

func (s *StepContext) texts(templates ...expr.Template) ([]string, error) {
	return evaluateTexts(s.Values, templates...)
}

func evaluateTexts(values expr.Values, templates ...expr.Template) ([]string, error) {
	out := make([]string, len(templates))
	for i, t := range templates {
		text, err := t.Text(values)
		if err != nil {
			return nil, err
		}
		out[i] = text
	}
	return out, nil
}

// actOn waits until the target is to be seen and acts on it.
func (s *StepContext) actOn(ctx context.Context, what string, t specs.Target, f func(playwright.Locator) error) error {
	loc, err := s.firstAlternative(t)
	if err != nil {
		return err
	}
	if err := s.awaitVisible(ctx, t, loc); err != nil {
		return err
	}
	err = callAction(ctx, s, what+" "+t.String(), func() error { return f(loc) })
	if !errors.Is(err, ErrTimeout) {
		return err
	}
	return fmt.Errorf("%w%s", err, s.obstacle(ctx, loc))
}

// obstacleJS is what keeps a visible element from being acted on.
const obstacleJS = `el => {
	if (el.disabled || el.closest('[aria-disabled=true]')) return 'it is disabled';
	if (el.readOnly) return 'it is read-only';
	const r = el.getBoundingClientRect();
	const hit = document.elementFromPoint(r.x + r.width / 2, r.y + r.height / 2);
	if (!hit || el.contains(hit) || hit.contains(el)) return '';
	return 'it is covered by ' + hit.cloneNode().outerHTML.slice(0, 100);
}`

// obstacle says what kept an action from its element, or nothing. Playwright
// knows as well, in a log that its Go port leaves out.
func (s *StepContext) obstacle(ctx context.Context, loc playwright.Locator) string {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	text, err := Call(ctx, "looking", func() (any, error) {
		return loc.Evaluate(obstacleJS, nil, playwright.LocatorEvaluateOptions{Timeout: timeoutMillis(ctx)})
	})
	if err != nil || text == "" {
		return ""
	}
	return fmt.Sprintf(" (%v)", text)
}

// firstAlternative gives the target's locator; of alternatives, the first that is there.
func (s *StepContext) firstAlternative(t specs.Target) (playwright.Locator, error) {
	loc, err := s.locate(t)
	if err == nil && len(t.Any) > 1 {
		loc = loc.First()
	}
	return loc, err
}

// awaitVisible waits until a locator's first element is visible.
func (s *StepContext) awaitVisible(ctx context.Context, t specs.Target, loc playwright.Locator) error {
	first := loc.First()
	err := s.waitUntil(ctx, "waiting for "+t.String(), func() (bool, error) { return first.IsVisible() })
	if err == nil {
		s.recordTarget(ctx, t, loc)
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
	err = s.waitUntil(ctx, "waiting for "+t.String(), func() (bool, error) {
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
	return callPage(ctx, fmt.Sprintf("waiting for the address %q", glob), func() error {
		return s.Page.WaitForURL(glob, playwright.PageWaitForURLOptions{Timeout: timeoutMillis(ctx)})
	})
}

func (s *StepContext) awaitTarget(ctx context.Context, t specs.Target) error {
	loc, err := s.locate(t)
	if err != nil {
		return err
	}
	return s.awaitVisible(ctx, t, loc)
}

// awaitHidden waits until no element of the target is visible.
func (s *StepContext) awaitHidden(ctx context.Context, t specs.Target) error {
	loc, err := s.locate(t)
	if err != nil {
		return err
	}
	visible := loc.Filter(playwright.LocatorFilterOptions{Visible: playwright.Bool(true)})
	return s.waitUntil(ctx, fmt.Sprintf("waiting until %s is gone", t), func() (bool, error) {
		n, err := visible.Count()
		return n == 0, err
	})
}
