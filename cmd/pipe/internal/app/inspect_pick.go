package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync/atomic"

	"pipe/pipeline/engine"
	"pipe/pipeline/inspect"
	"pipe/pipeline/orderedjson"
	"pipe/pipeline/preview"
	"pipe/pipeline/report/console"
	"pipe/specs/secret"
	"pipe/steps"
)

// picker is one `pipe inspect --pick`.
type picker struct {
	InspectOptions
	secrets *secret.Store
	std     Std
	// begun is true once things can be picked: an interrupt is then the end of it.
	begun atomic.Bool
}

// run goes to the place and has things picked there. What fails on the way is told, and the
// page is there to pick from all the same.
func (p *picker) run(ctx context.Context, cfg engine.Config) error {
	v := preview.Visit{At: p.At, Key: p.Item, Look: func(ctx context.Context, on *steps.StepContext) error {
		p.begun.Store(true)
		fmt.Fprintln(p.std.Err, "Click on things in the window: their targets are told here. With Alt held a click is the page's. Close the window or press Ctrl-C to end.")
		return inspect.Pick(ctx, on.Page, cfg.Redact, p.tell)
	}}
	result, err := v.Run(ctx, cfg, stepPrinter(redacted{p.std.Err, p.secrets}))
	var none *preview.NoItemError
	switch {
	case errors.As(err, &none):
		return Exit(ExitSpec, err)
	case result.Fault != nil:
		fmt.Fprintln(p.std.Err, faultText(*result.Fault, cfg.Redact))
		return Exit(ExitFailed, nil)
	}
	return err
}

// tell prints what was picked: a target on a line of its own and, as comments, what else finds
// the element; with --json an object.
func (p *picker) tell(one inspect.Picked) {
	if p.AsJSON {
		if text, err := json.Marshal(one); err == nil {
			fmt.Fprintf(p.std.Out, "%s\n", orderedjson.Quiet(text))
		}
		return
	}
	if len(one.Targets) == 0 {
		fmt.Fprintln(p.std.Out, "# nothing finds it by itself")
	}
	for i, target := range one.Targets {
		if i > 0 {
			target = "# or " + target
		}
		fmt.Fprintln(p.std.Out, console.Clean(target))
	}
}
