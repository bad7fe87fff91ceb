package steps

import (
	"context"
	"fmt"
	"time"

	"pipe/specs"
	"pipe/specs/expr"
)

func init() {
	register[While](260, "while", "runs steps as long as something holds",
		`while: {visible: "#unread", most: 50, do: [{click: "#unread"}, {wait: "#read"}]}`)
}

// While runs steps as long as something holds.
type While struct {
	If      *expr.Condition `yaml:"if" doc:"as long as this holds"`
	Visible specs.Target    `yaml:"visible" doc:"as long as this is to be seen; it is looked for at once, so let the steps wait for what they bring about"`
	Index   specs.VarName   `yaml:"index" doc:"the name under which do knows the number of the round, from 1, as vars.NAME"`
	Hidden  specs.Target    `yaml:"hidden" doc:"as long as this is not to be seen, as a report that is being made; it is looked for at once"`
	Every   specs.Duration  `yaml:"every" doc:"the least time from the beginning of one round to that of the next, as in asking every 10s"`
	Pause   specs.Duration  `yaml:"pause" doc:"the wait between two rounds"`
	Most    int             `yaml:"most" min:"1" default:"100" doc:"how many rounds there are at most: it is a failure when it holds after that"`
	Do      []specs.Step    `yaml:"do" required:"true" doc:"the steps of each round"`
}

// Fault tells of a loop without an end.
func (w *While) Fault() string {
	if w.If == nil && !w.Visible.Given() && !w.Hidden.Given() {
		return "say how long: give if, visible or hidden"
	}
	return noSteps(w.Do)
}

func (*While) unlimited() {}

func (w *While) nestedSteps() [][]specs.Step { return [][]specs.Step{w.Do} }

func (w *While) firstSteps() ([][]specs.Step, bool) { return w.nestedSteps(), false }

// Run runs the rounds; their number is steps.NAME.
func (w *While) Run(ctx context.Context, on *StepContext) error {
	before := on.currentVars()
	defer func() { on.restoreVars(before, w.Index) }()
	var begun time.Time
	for i := 0; ; i++ {
		on.setValue(i)
		holds, err := w.holds(ctx, on)
		if wait := max(w.Pause.Std(), w.Every.Std()-time.Since(begun)); i > 0 && holds && wait > 0 && i < w.Most {
			if Pause(ctx, wait) != nil {
				return ContextError(ctx, fmt.Sprintf("waiting for round %d, as it still holds", i+1))
			}
			holds, err = w.holds(ctx, on)
		}
		begun = time.Now()
		switch {
		case err != nil || !holds:
			return err
		case i == w.Most:
			return fmt.Errorf("%w: it still holds after %d rounds (while.most)", errTooMany, w.Most)
		}
		if w.Index != "" {
			on.SetVar(w.Index, i+1)
		}
		if err := on.runNested(w.Do, true, func(list []specs.Step) error { return on.Run(ctx, list) }); err != nil {
			return err
		}
	}
}

func (w *While) holds(ctx context.Context, on *StepContext) (bool, error) {
	holds, err := w.If.Holds(on.Values)
	for _, one := range []struct {
		target specs.Target
		want   bool
	}{{w.Visible, true}, {w.Hidden, false}} {
		if err != nil || !holds || !one.target.Given() {
			continue
		}
		err = on.withStepLimit(ctx, func(ctx context.Context) error {
			shown, err := on.IsShown(ctx, PageSign{Target: one.target})
			holds = shown == one.want
			return err
		})
	}
	return holds, err
}
