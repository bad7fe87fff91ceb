package steps

import (
	"context"

	"pipe/specs/expr"
)

func init() {
	register[Log](310, "log", "writes a line to the run's log",
		`log: "at ${{ item.reference }}"`)
}

// Log writes a line to the run's log.
type Log struct {
	Text expr.Template `yaml:",body" required:"true" doc:"the line; secrets are taken out of it, and the item's key and the step go with it"`
}

func (*Log) readOnly() {}

func (*Log) withoutPage() string { return "" }

// Run writes the line.
func (l *Log) Run(ctx context.Context, on *StepContext) error {
	text, err := l.Text.Text(on.Values)
	if err != nil {
		return err
	}
	if on.OnLog != nil {
		on.OnLog(ctx, on.step, text)
	}
	return nil
}
