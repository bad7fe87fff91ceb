package steps

import (
	"context"

	"github.com/playwright-community/playwright-go"

	"pipe/specs"
)

func init() {
	register[SetChecked](70, "check", "ticks a check box or radio button, or unticks it",
		`check: {label: Remember me}`)
}

// SetChecked ticks a check box or radio button.
type SetChecked struct {
	Target  specs.Target `yaml:",inline" short:"true" required:"true"`
	Checked bool         `yaml:"checked" default:"true" doc:"false unticks it"`
}

func (t *SetChecked) target() specs.Target { return t.Target }

// Run ticks or unticks.
func (t *SetChecked) Run(ctx context.Context, on *StepContext) error {
	return on.actOn(ctx, "ticking", t.Target, func(l playwright.Locator) error {
		return l.SetChecked(t.Checked, playwright.LocatorSetCheckedOptions{Timeout: timeoutMillis(ctx)})
	})
}
