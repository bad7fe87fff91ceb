package steps

import (
	"context"

	"github.com/playwright-community/playwright-go"

	"pipe/specs"
	"pipe/specs/expr"
)

func init() {
	register[Select](60, "select", "chooses options of a select field",
		`select: {label: Branch, option: North}`)
}

// Select chooses options of a select field, by value or label.
type Select struct {
	Target specs.Target    `yaml:",inline" required:"true"`
	Option []expr.Template `yaml:"option" required:"true" doc:"the value or label of the option, or a list of them"`
}

func (s *Select) target() specs.Target { return s.Target }

// Run selects.
func (s *Select) Run(ctx context.Context, on *StepContext) error {
	options, err := on.texts(s.Option...)
	if err != nil {
		return err
	}
	return on.actOn(ctx, "selecting in", s.Target, func(l playwright.Locator) error {
		_, err := l.SelectOption(playwright.SelectOptionValues{ValuesOrLabels: &options}, playwright.LocatorSelectOptionOptions{Timeout: timeoutMillis(ctx)})
		return err
	})
}
