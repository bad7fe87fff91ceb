package steps

import (
	"context"
	"strings"

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
	Holds  expr.Template   `yaml:"holds" doc:"the value or label that is to be chosen then, where the page makes something else of it: a text in which * stands for anything; by default the options must stay chosen"`
}

func (s *Select) target() specs.Target { return s.Target }

func (*Select) withoutPage() string { return "" }

// Run selects.
func (s *Select) Run(ctx context.Context, on *StepContext) error {
	options, err := on.texts(s.Option...)
	if err != nil {
		return err
	}
	f := &filledField{target: s.Target, want: strings.Join(options, ", "), fits: optionsChosen(options)}
	return on.choose(ctx, f, s.Holds, func(ctx context.Context, l playwright.Locator) error {
		_, err := l.SelectOption(playwright.SelectOptionValues{ValuesOrLabels: &options}, playwright.LocatorSelectOptionOptions{Timeout: timeoutMillis(ctx)})
		return err
	}, func(put func(playwright.Locator) error) error { return on.actOn(ctx, "selecting in", s.Target, put) })
}
