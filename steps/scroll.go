package steps

import (
	"context"
	"errors"

	"github.com/playwright-community/playwright-go"

	"pipe/specs"
)

func init() {
	register[Scroll](90, "scroll", "scrolls an element into view, or the page by an amount",
		`scroll: {text: Show more}`)
}

// Scroll scrolls an element into view, or the page by pixels.
type Scroll struct {
	Target specs.Target `yaml:",inline" short:"true"`
	By     *int         `yaml:"by" doc:"pixels down, without a target"`
}

// Run scrolls.
func (s *Scroll) Run(ctx context.Context, on *StepContext) error {
	if s.Target.Given() {
		// What is to be loaded by the scrolling may have no size yet.
		if err := on.awaitAttached(ctx, s.Target); err != nil {
			return err
		}
		loc, err := on.firstAlternative(s.Target)
		if err != nil {
			return err
		}
		return callAction(ctx, on, "scrolling to "+s.Target.With(on.Values), func() error {
			return loc.ScrollIntoViewIfNeeded(playwright.LocatorScrollIntoViewIfNeededOptions{Timeout: timeoutMillis(ctx)})
		})
	}
	if s.By == nil {
		return errors.New("scroll: give a target or by")
	}
	return callAction(ctx, on, "scrolling", func() error { return on.Page.Mouse().Wheel(0, float64(*s.By)) })
}
