package steps

import (
	"context"

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
	Delay  specs.Duration `yaml:"delay" doc:"between two keys"`
}

func (t *Type) target() specs.Target { return t.Target }

// Run types.
func (t *Type) Run(ctx context.Context, on *StepContext) error {
	value, err := t.Value.Text(on.Values)
	if err != nil {
		return err
	}
	delay := float64(t.Delay.Std().Milliseconds())
	return on.actOn(ctx, "typing into", t.Target, func(l playwright.Locator) error {
		on.noteSecretField(l, value)
		return l.PressSequentially(value, playwright.LocatorPressSequentiallyOptions{Timeout: timeoutMillis(ctx), Delay: &delay})
	})
}
