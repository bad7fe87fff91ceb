package steps

import (
	"context"

	"pipe/specs/expr"
)

func init() {
	register[Evaluate](130, "evaluate", "runs JavaScript in the page; its value is steps.NAME",
		`evaluate: {name: rows, script: "document.querySelectorAll('tr').length"}`)
}

// Evaluate runs JavaScript in the page.
type Evaluate struct {
	Script string         `yaml:"script" short:"true" required:"true" doc:"an expression, or a function of one argument"`
	Arg    *expr.Template `yaml:"arg" doc:"the function's argument; never write item data into the script itself"`
}

// Run evaluates; the value is steps.NAME when the step has a name.
func (e *Evaluate) Run(ctx context.Context, on *StepContext) error {
	var args []any
	if e.Arg != nil {
		arg, err := e.Arg.Value(on.Values)
		if err != nil {
			return err
		}
		args = append(args, arg)
	}
	v, err := callActionFor(ctx, on, "evaluating the script", func() (any, error) { return on.Page.Evaluate(e.Script, args...) })
	if err != nil {
		return err
	}
	on.setValue(v)
	return nil
}
