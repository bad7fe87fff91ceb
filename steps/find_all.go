package steps

import (
	"context"

	"github.com/playwright-community/playwright-go"

	"pipe/specs"
)

// FoundAlternative is what one alternative of a target leads to.
type FoundAlternative struct {
	// Target names it by the values of its expressions.
	Target string
	Count  int
	// Elements are the first of them.
	Elements []Element
}

// FindAll tells what a target leads to on the page as it is, without waiting: for each of its
// alternatives how many elements, and what the first of them are, so many at most. With
// show, what is found first is marked on the page, until Unhighlight.
func (s *StepContext) FindAll(ctx context.Context, t specs.Target, most int, show bool) ([]FoundAlternative, error) {
	var all []FoundAlternative
	for _, l := range t.Any {
		one := specs.Target{Any: []specs.Locator{l}}
		loc, err := s.locate(one)
		if err != nil {
			return nil, err
		}
		found := FoundAlternative{Target: one.With(s.Values)}
		if found.Count, err = Call(ctx, "counting "+found.Target, loc.Count); err != nil {
			return nil, err
		}
		for i := range min(found.Count, most) {
			e, err := DescribeElement(ctx, loc.Nth(i))
			if err != nil {
				return nil, err
			}
			found.Elements = append(found.Elements, e)
		}
		if found.Count > 0 && show {
			show = false
			if err := highlight(ctx, loc); err != nil {
				return nil, err
			}
		}
		all = append(all, found)
	}
	return all, nil
}

// Unhighlight hides what FindAll has shown.
func (s *StepContext) Unhighlight(ctx context.Context) error {
	return highlight(ctx, s.Page.Locator("pipe-nothing")) // what is shown is what a selector leads to at any time
}

func highlight(ctx context.Context, loc playwright.Locator) error {
	_, err := Call(ctx, "showing what was found", func() (struct{}, error) { return struct{}{}, loc.Highlight() })
	return err
}
