package steps

import (
	"context"

	"github.com/playwright-community/playwright-go"

	"pipe/specs"
)

func init() {
	register[Drag](210, "drag", "drags one element onto another",
		`drag: {from: "#card", to: "#done"}`)
}

// Drag drags one element onto another.
type Drag struct {
	From specs.Target `yaml:"from" required:"true" doc:"what is dragged"`
	To   specs.Target `yaml:"to" required:"true" doc:"where it is dropped"`
}

func (d *Drag) target() specs.Target { return d.From }

// Run drags and drops.
func (d *Drag) Run(ctx context.Context, on *StepContext) error {
	to, err := on.firstAlternative(d.To)
	if err != nil {
		return err
	}
	if err := on.awaitVisible(ctx, d.To, to); err != nil {
		return err
	}
	return on.actOn(ctx, "dragging", d.From, func(l playwright.Locator) error {
		return l.DragTo(to, playwright.LocatorDragToOptions{Timeout: timeoutMillis(ctx)})
	})
}
