package steps

import (
	"context"
	"fmt"

	"github.com/playwright-community/playwright-go"

	"pipe/specs"
)

func init() {
	register[Press](50, "press", "presses a key, such as Enter or Control+A",
		`press: Enter`)
}

// Press presses a key on an element, or on whatever has the focus.
type Press struct {
	Target specs.Target `yaml:",inline"`
	Key    string       `yaml:"key" short:"true" required:"true" doc:"Enter, Tab, Escape, ArrowDown, Control+A, …"`
}

func (p *Press) target() specs.Target { return p.Target }

func (*Press) mayClose() {}

func (p *Press) withoutPage() string {
	if p.Key != "Enter" || !p.Target.Given() {
		return "only Enter on a form field has a meaning of its own"
	}
	return ""
}

// Run presses the key.
func (p *Press) Run(ctx context.Context, on *StepContext) error {
	if err := on.recheckFields(ctx); err != nil {
		return err
	}
	if !p.Target.Given() {
		return callAction(ctx, on, fmt.Sprintf("pressing %q", p.Key), func() error { return on.Page.Keyboard().Press(p.Key) })
	}
	return on.actOn(ctx, fmt.Sprintf("pressing %q on", p.Key), p.Target, func(l playwright.Locator) error {
		return l.Press(p.Key, playwright.LocatorPressOptions{Timeout: timeoutMillis(ctx)})
	})
}
