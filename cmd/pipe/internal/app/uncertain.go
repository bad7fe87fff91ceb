package app

import (
	"context"
	"fmt"
	"slices"

	"pipe/pipeline"
	"pipe/pipeline/ledger"
	"pipe/pipeline/report/console"
	"pipe/specs"
)

// What --uncertain says of steps that are done once and of which nobody knows whether
// they are.
const (
	uncertainDone = "done"
	uncertainRedo = "redo"
)

// uncertainMost is how many items a command that settles them names.
const uncertainMost = 10

// uncertain finds the steps that somebody has to look after, and says how: words name
// the spec on a command line.
func uncertain(ctx context.Context, led *ledger.Ledger, words string) (console.Uncertain, error) {
	rows, err := firstRows(led.Uncertain(ctx))
	if err != nil || len(rows) == 0 {
		return console.Uncertain{}, err
	}
	command := "pipe run " + words + " --uncertain="
	keys := keysOf(rows)
	flags, left := keyWords("only", keys[:min(len(keys), uncertainMost)])
	if left > 0 || len(keys) > uncertainMost {
		flags = " --only=KEY"
	}
	return console.Uncertain{Rows: rows, Done: command + uncertainDone + flags, Redo: command + uncertainRedo + flags}, nil
}

// hasOnce tells whether a spec has steps that are done once for an item.
func hasOnce(spec *specs.Spec) bool {
	all := append(specs.StepsIn(spec.Navigate.Steps), specs.StepsIn(spec.Download.Steps)...)
	return slices.ContainsFunc(all, func(s *specs.Step) bool { return s.Once })
}

// keysOf names the items, each once.
func keysOf(rows []pipeline.UncertainRow) []string {
	var keys []string
	for _, row := range rows {
		if n := len(keys); n == 0 || keys[n-1] != row.Key {
			keys = append(keys, row.Key)
		}
	}
	return keys
}

// settleUncertain takes what is uncertain for what --uncertain says.
func (f RunOptions) settleUncertain(ctx context.Context, led *ledger.Ledger) error {
	if f.Uncertain == "" {
		return nil
	}
	if err := led.SettleOnce(ctx, f.Only, f.Uncertain == uncertainDone); err != nil {
		return Exit(ExitSpec, fmt.Errorf("--uncertain=%s: %w", f.Uncertain, err))
	}
	return nil
}
