package steps

import (
	"context"
	"fmt"
	"math"

	"github.com/playwright-community/playwright-go"

	"pipe/specs"
)

// conditionHolds tells whether what a step waits for is so now. The error says that
// it cannot be told yet.
func (s *StepContext) conditionHolds(ctx context.Context, step *specs.Step) (bool, error) {
	switch do := step.Do.(type) {
	case *Expect:
		return s.checkHolds(ctx, specs.Check{Visible: do.Visible, Hidden: do.Hidden, URL: do.URL})
	case *Wait:
		for _, look := range []func(context.Context, *Wait) (bool, error){s.elementHolds, s.stateHolds, s.functionHolds} {
			if holds, err := look(ctx, do); err != nil || !holds {
				return false, err
			}
		}
		return s.checkHolds(ctx, specs.Check{Visible: do.Visible, Hidden: do.Hidden, URL: do.URL})
	default:
		return false, nil
	}
}

func (s *StepContext) checkHolds(ctx context.Context, c specs.Check) (bool, error) {
	for _, one := range []struct {
		target specs.Target
		want   bool
	}{{c.Visible, true}, {c.Hidden, false}} {
		if !one.target.Given() {
			continue
		}
		if is, err := s.isShown(ctx, one.target, ""); err != nil || is != one.want {
			return false, err
		}
	}
	if c.URL.Empty() {
		return true, nil
	}
	glob, err := c.URL.Text(s.Values)
	return err == nil && Glob(glob)(s.Page.URL()), err
}

// isShown tells whether an element of a target is to be seen that holds a text.
func (s *StepContext) isShown(ctx context.Context, t specs.Target, text string) (bool, error) {
	loc, err := s.locate(t)
	if err != nil {
		return false, err
	}
	if text != "" {
		loc = loc.Filter(playwright.LocatorFilterOptions{HasText: text})
	}
	return anyVisible(ctx, "looking at the page", loc)
}

func (s *StepContext) elementHolds(ctx context.Context, w *Wait) (bool, error) {
	text, err := w.Text.Text(s.Values)
	switch {
	case err != nil || text == "" && !w.Target.Given():
		return err == nil, err
	case w.Target.Given():
		return s.isShown(ctx, w.Target, text)
	default:
		return s.isShown(ctx, specs.Target{Any: []specs.Locator{{Text: w.Text}}}, "")
	}
}

// stateHolds tells whether the page has come so far already. The driver looks at
// what it knows before it waits.
func (s *StepContext) stateHolds(ctx context.Context, w *Wait) (bool, error) {
	if w.State == "" {
		return true, nil
	}
	state := playwright.LoadState(w.State)
	const known = 50.0
	err := callPage(ctx, "looking at the page", func() error {
		return s.Page.WaitForLoadState(playwright.PageWaitForLoadStateOptions{State: &state, Timeout: playwright.Float(known)})
	})
	return err == nil, ctx.Err()
}

func (s *StepContext) functionHolds(ctx context.Context, w *Wait) (bool, error) {
	if w.Function == "" {
		return true, nil
	}
	holds, err := Call(ctx, "looking at the page", func() (any, error) { return s.Page.Evaluate(w.Function) })
	return truthy(holds), err
}

// truthy tells whether JavaScript takes a value for true.
func truthy(v any) bool {
	switch v := v.(type) {
	case nil:
		return false
	case bool:
		return v
	case string:
		return v != ""
	case int:
		return v != 0
	case float64:
		return v != 0 && !math.IsNaN(v)
	default:
		return true
	}
}

// documentOf tells the documents apart that a wait's targets are looked for in.
func (s *StepContext) documentOf(ctx context.Context, wait *specs.Step) (string, error) {
	const origin = `() => performance.timeOrigin`
	at, err := Call(ctx, "looking at the page", func() (any, error) { return s.Page.Evaluate(origin) })
	if err != nil {
		return "", err
	}
	document := fmt.Sprint(at)
	for _, target := range targetsOf(wait) {
		for _, l := range target.Any {
			frame, err := s.frame(l)
			if err != nil || frame == "" {
				continue
			}
			at, err := Call(ctx, "looking at the frame", func() (any, error) {
				return s.Page.FrameLocator(frame).Locator(":root").Evaluate(origin, nil, playwright.LocatorEvaluateOptions{Timeout: timeoutMillis(ctx)})
			})
			if err == nil {
				document += fmt.Sprint(" ", at)
			}
		}
	}
	return document, nil
}

func targetsOf(wait *specs.Step) []specs.Target {
	switch do := wait.Do.(type) {
	case *Wait:
		return []specs.Target{do.Target, do.Visible, do.Hidden}
	case *Expect:
		return []specs.Target{do.Visible, do.Hidden}
	default:
		return nil
	}
}
