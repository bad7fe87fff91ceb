package steps

import (
	"context"
	"time"

	"github.com/playwright-community/playwright-go"

	"pipe/specs"
	"pipe/specs/expr"
)

func init() {
	register[Type](40, "type", "types a text key by key, for fields that listen to keys",
		`type: {selector: "#search", value: "${{ item.reference }}", delay: 50ms}`)
}

// Type types a text key by key.
type Type struct {
	Target specs.Target   `yaml:",inline" required:"true"`
	Value  expr.Template  `yaml:"value" required:"true" doc:"what is typed"`
	Holds  expr.Template  `yaml:"holds" doc:"what the field is to hold then, as in fill; what it held before may stand before it"`
	Delay  specs.Duration `yaml:"delay" doc:"between two keys"`
}

func (t *Type) target() specs.Target { return t.Target }

// Run types.
func (t *Type) Run(ctx context.Context, on *StepContext) error {
	return on.putText(ctx, "typing into", t.Target, t.Value, t.Holds, func(ctx context.Context, l playwright.Locator, text string) error {
		return typeKeys(ctx, l, text, t.Delay.Std())
	})
}

// typeKeys types a text key by key.
func typeKeys(ctx context.Context, l playwright.Locator, text string, between time.Duration) error {
	delay := float64(between.Milliseconds())
	return l.PressSequentially(text, playwright.LocatorPressSequentiallyOptions{Timeout: timeoutMillis(ctx), Delay: &delay})
}
