package steps

import (
	"context"

	"github.com/playwright-community/playwright-go"

	"pipe/specs"
	"pipe/specs/expr"
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

func (*SetChecked) withoutPage() string { return "" }

// Run ticks or unticks.
func (t *SetChecked) Run(ctx context.Context, on *StepContext) error {
	f := &filledField{target: t.Target, want: ticked, fits: func(now *fieldState) bool { return (now.text == ticked) == t.Checked }}
	if !t.Checked {
		f.want = unticked
	}
	return on.choose(ctx, f, expr.Template{}, func(ctx context.Context, l playwright.Locator) error {
		return l.SetChecked(t.Checked, playwright.LocatorSetCheckedOptions{Timeout: timeoutMillis(ctx)})
	}, func(put func(playwright.Locator) error) error { return on.actOn(ctx, "ticking", t.Target, put) })
}
