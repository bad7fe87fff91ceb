package steps

import (
	"context"

	"pipe/specs"
)

func init() {
	register[Then](230, "then", "runs steps when the if of the same step holds, else those in else",
		`{if: 'item.reference startsWith "A"', then: [{click: "#a"}], else: [{click: "#b"}]}`)
}

// Then runs steps when the step's if holds, and others when it does not.
type Then struct {
	Steps []specs.Step `yaml:",body" required:"true" needs:"if" doc:"the steps to run when the if of this step holds"`
	Else  []specs.Step `yaml:"else" beside:"true" doc:"the steps to run when it does not"`
}

func (*Then) unlimited() {}

func (t *Then) elseSteps() []specs.Step { return t.Else }

func (t *Then) nestedSteps() [][]specs.Step { return [][]specs.Step{t.Steps, t.Else} }

func (t *Then) firstSteps() ([][]specs.Step, bool) { return t.nestedSteps(), true }

func (*Then) withoutPage() string { return "" }

// Run runs the steps.
func (t *Then) Run(ctx context.Context, on *StepContext) error { return on.Run(ctx, t.Steps) }
