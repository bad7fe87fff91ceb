package steps

import (
	"context"

	"github.com/playwright-community/playwright-go"

	"pipe/specs"
)

func init() {
	register[Click](20, "click", "clicks an element",
		`click: {role: button, name: Export}`)
}

// Click clicks an element once it is visible, enabled and still.
type Click struct {
	Target specs.Target `yaml:",inline" short:"true" required:"true"`
	Button string       `yaml:"button" enum:"left,right,middle" default:"left" doc:"the mouse button"`
	Count  int          `yaml:"count" default:"1" doc:"2 is a double click"`
	Force  bool         `yaml:"force" doc:"clicks even what is covered or disabled"`
}

func (c *Click) target() specs.Target { return c.Target }

func (*Click) mayClose() {}

func (c *Click) needsWay() bool { return !c.Force }

func (c *Click) withoutPage() string {
	if c.Button != "left" || c.Count != 1 || c.Force {
		return "only a plain click has a meaning of its own"
	}
	return ""
}

func (c *Click) scripted(*StepContext) map[string]any {
	if c.Button != "left" || c.Count != 1 {
		return nil
	}
	return map[string]any{"act": "click"}
}

// Run clicks.
func (c *Click) Run(ctx context.Context, on *StepContext) error {
	button := playwright.MouseButton(c.Button)
	click := func(l playwright.Locator) error {
		return l.Click(playwright.LocatorClickOptions{Timeout: timeoutMillis(ctx), Button: &button, ClickCount: &c.Count, Force: &c.Force})
	}
	if err := on.recheckFields(ctx); err != nil {
		return err
	}
	if !c.Force {
		return on.actOn(ctx, "clicking", c.Target, click)
	}
	loc, err := on.firstAlternative(c.Target)
	if err != nil {
		return err
	}
	on.recordTarget(ctx, c.Target, loc)
	what := "clicking " + c.Target.With(on.Values)
	if err := on.tryFirst(ctx, what, loc); err != nil {
		return err
	}
	return callActionOn(ctx, on, what, loc, func() error { return click(loc) })
}
