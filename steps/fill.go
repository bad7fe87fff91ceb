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
	Holds  expr.Template `yaml:"holds" doc:"what the field is to hold then, where the page makes something else of the value: a text in which * stands for anything; by default it must hold the same letters and digits in the same order, a number the same number"`
}

func (f *Fill) target() specs.Target { return f.Target }

func (*Fill) withoutPage() string { return "" }

func (f *Fill) scripted(on *StepContext) map[string]any {
	text, err := f.Value.Text(on.Values)
	if err != nil {
		return nil
	}
	return map[string]any{"act": "fill", "value": text}
}

// Run fills the field.
func (f *Fill) Run(ctx context.Context, on *StepContext) error {
	return on.putText(ctx, "filling", f.Target, f.Value, f.Holds, func(ctx context.Context, l playwright.Locator, text string) error {
		return l.Fill(text, playwright.LocatorFillOptions{Timeout: timeoutMillis(ctx)})
	})
}
