package steps

import (
	"context"

	"github.com/playwright-community/playwright-go"

	"pipe/specs"
	"pipe/specs/expr"
)

func init() {
	register[Fill](30, "fill", "sets a form field to a value",
		`fill: {label: User name, value: "${{ account.username }}"}`)
}

// Fill sets a form field to a value at once.
type Fill struct {
	Target specs.Target  `yaml:",inline" required:"true"`
	Value  expr.Template `yaml:"value" required:"true" doc:"the value; an empty text clears the field"`
}

func (f *Fill) target() specs.Target { return f.Target }

// Run fills the field.
func (f *Fill) Run(ctx context.Context, on *StepContext) error {
	value, err := f.Value.Text(on.Values)
	if err != nil {
		return err
	}
	return on.actOn(ctx, "filling", f.Target, func(l playwright.Locator) error {
		on.noteSecretField(l, value)
		return l.Fill(value, playwright.LocatorFillOptions{Timeout: timeoutMillis(ctx)})
	})
}
