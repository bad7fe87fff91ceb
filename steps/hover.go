package steps

import (
	"context"

	"github.com/playwright-community/playwright-go"

	"pipe/specs"
)

func init() {
	register[Hover](80, "hover", "moves the mouse over an element",
		`hover: {role: link, name: Reports}`)
}

// Hover moves the mouse over an element.
type Hover struct {
	Target specs.Target `yaml:",inline" short:"true" required:"true"`
}

func (h *Hover) target() specs.Target { return h.Target }

// Run hovers.
func (h *Hover) Run(ctx context.Context, on *StepContext) error {
	return on.actOn(ctx, "hovering over", h.Target, func(l playwright.Locator) error {
		return l.Hover(playwright.LocatorHoverOptions{Timeout: timeoutMillis(ctx)})
	})
}
