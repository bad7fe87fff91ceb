package steps

import (
	"context"
	"errors"
	"pipe/specs"

	"github.com/playwright-community/playwright-go"
)

// Scroll scrolls an element into view, or the page by pixels.
type Scroll struct {
	Target specs.Target `yaml:",inline" short:"true"`
	By     *int         `yaml:"by" doc:"pixels down, without a target"`
}

// Run scrolls.
func (s *Scroll) Run(ctx context.Context, on *Scene) error {
	if s.Target.Given() {
		return on.on(ctx, "scrolling to", s.Target, func(l playwright.Locator) error {
			return l.ScrollIntoViewIfNeeded(playwright.LocatorScrollIntoViewIfNeededOptions{Timeout: ms(ctx)})
		})
	}
	if s.By == nil {
		return errors.New("scroll: give a target or by")
	}
	return do(ctx, on, "scrolling", func() error { return on.Page.Mouse().Wheel(0, float64(*s.By)) })
}
