package steps

import (
	"context"
	"errors"
	"fmt"
	"pipe/specs"

	"github.com/playwright-community/playwright-go"
)

// locate gives the target's locator: its alternatives joined by or.
func (s *Scene) locate(t specs.Target) (playwright.Locator, error) {
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

func (s *Scene) locator(l specs.Locator) (playwright.Locator, error) {
	texts, err := s.texts(l.Selector, l.Name, l.Label, l.Text, l.Placeholder, l.TestID, l.Frame)
	if err != nil {
		return nil, err
	}
	selector, name, label, text, placeholder, testID, frame := texts[0], texts[1], texts[2], texts[3], texts[4], texts[5], texts[6]
	var found playwright.Locator
	if frame != "" {
		found = inFrame(s.Page.FrameLocator(frame), l, selector, name, label, text, placeholder, testID)
	} else {
		found = onPage(s.Page, l, selector, name, label, text, placeholder, testID)
	}
	if l.Nth != nil {
		found = found.Nth(*l.Nth)
	}
	return found, nil
}

func onPage(p playwright.Page, l specs.Locator, selector, name, label, text, placeholder, testID string) playwright.Locator {
	switch {
	case l.Role != "":
		o := playwright.PageGetByRoleOptions{Exact: &l.Exact}
		if name != "" {
			o.Name = name
		}
		return p.GetByRole(playwright.AriaRole(l.Role), o)
	case label != "":
		return p.GetByLabel(label, playwright.PageGetByLabelOptions{Exact: &l.Exact})
	case text != "":
		return p.GetByText(text, playwright.PageGetByTextOptions{Exact: &l.Exact})
	case placeholder != "":
		return p.GetByPlaceholder(placeholder, playwright.PageGetByPlaceholderOptions{Exact: &l.Exact})
	case testID != "":
		return p.GetByTestId(testID)
	default:
		return p.Locator(selector)
	}
}

func inFrame(f playwright.FrameLocator, l specs.Locator, selector, name, label, text, placeholder, testID string) playwright.Locator {
	switch {
	case l.Role != "":
		o := playwright.FrameLocatorGetByRoleOptions{Exact: &l.Exact}
		if name != "" {
			o.Name = name
		}
		return f.GetByRole(playwright.AriaRole(l.Role), o)
	case label != "":
		return f.GetByLabel(label, playwright.FrameLocatorGetByLabelOptions{Exact: &l.Exact})
	case text != "":
		return f.GetByText(text, playwright.FrameLocatorGetByTextOptions{Exact: &l.Exact})
	case placeholder != "":
		return f.GetByPlaceholder(placeholder, playwright.FrameLocatorGetByPlaceholderOptions{Exact: &l.Exact})
	case testID != "":
		return f.GetByTestId(testID)
	default:
		return f.Locator(selector)
	}
}

func (s *Scene) texts(templates ...specs.Template) ([]string, error) {
	out := make([]string, len(templates))
	for i, t := range templates {
		text, err := t.Text(s.Values)
		if err != nil {
			return nil, err
		}
		out[i] = text
	}
	return out, nil
}

// on locates the target and runs f on it.
func (s *Scene) on(ctx context.Context, what string, t specs.Target, f func(playwright.Locator) error) error {
	loc, err := s.locate(t)
	if err != nil {
		return err
	}
	if len(t.Any) > 1 {
		loc = loc.First()
	}
	return do(ctx, s, what+" "+t.String(), func() error { return f(loc) })
}

// arrives waits for a target, or for what comes after it, whichever is there
// first, and tells whether it is the target.
func (s *Scene) arrives(ctx context.Context, t specs.Target) (bool, error) {
	mine, err := s.locate(t)
	if err != nil {
		return false, err
	}
	either := mine
	if s.next.Given() {
		next, err := s.locate(s.next)
		if err != nil {
			return false, err
		}
		either = mine.Or(next)
	}
	err = do(ctx, s, "waiting for "+t.String(), func() error {
		return either.First().WaitFor(playwright.LocatorWaitForOptions{Timeout: ms(ctx)})
	})
	if errors.Is(err, ErrTimeout) && s.next.Given() {
		return false, fmt.Errorf("neither %s nor what comes after it, %s, is to be seen: %w", t, s.next, errNothingCame)
	}
	if err != nil {
		return false, err
	}
	return call(ctx, s, "looking for "+t.String(), func() (bool, error) { return mine.First().IsVisible() })
}

// Check waits until something holds of the page.
func (s *Scene) Check(ctx context.Context, c *specs.Check) error {
	if c == nil {
		return nil
	}
	if c.Visible.Given() {
		if err := s.state(ctx, c.Visible, playwright.WaitForSelectorStateVisible); err != nil {
			return err
		}
	}
	if c.Hidden.Given() {
		if err := s.state(ctx, c.Hidden, playwright.WaitForSelectorStateHidden); err != nil {
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
	return do(ctx, s, fmt.Sprintf("waiting for the address %q", glob), func() error {
		return s.Page.WaitForURL(glob, playwright.PageWaitForURLOptions{Timeout: ms(ctx)})
	})
}

func (s *Scene) state(ctx context.Context, t specs.Target, state *playwright.WaitForSelectorState) error {
	what := fmt.Sprintf("waiting until it is %s:", *state)
	return s.on(ctx, what, t, func(l playwright.Locator) error {
		return l.First().WaitFor(playwright.LocatorWaitForOptions{State: state, Timeout: ms(ctx)})
	})
}
