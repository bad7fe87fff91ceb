package steps

import (
	"context"

	"pipe/specs"
)

func init() {
	register[Do](225, "do", "runs steps as one: what goes on any step goes for them all",
		`{name: order, once: true, do: [{click: "#send"}, {wait: "#receipt"}]}`)
}

// Do runs steps as one step, on which if, once, exclusive, timeout and retry stand.
type Do struct {
	Steps []specs.Step `yaml:",body" required:"true" doc:"the steps, one after the other"`
}

func (*Do) unlimited() {}

func (d *Do) nestedSteps() [][]specs.Step { return [][]specs.Step{d.Steps} }

func (d *Do) firstSteps() ([][]specs.Step, bool) { return d.nestedSteps(), true }

func (*Do) withoutPage() string { return "" }

// Run runs the steps.
func (d *Do) Run(ctx context.Context, on *StepContext) error { return on.Run(ctx, d.Steps) }
