package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"pipe/pipeline/preview"
	"pipe/specs"
	"pipe/steps"
)

const debugHelp = `step, s, Enter    do what comes next; what fails stays next
continue, c       go on until something fails, asks, or the item is done
until STEP, u     go on until STEP comes next, by its path such as download[1], or its name
back, b           leave the page, and begin the item again
reload, r         read the spec again, as is done whenever it is saved
eval EXPR, e      an expression's value now: eval item.reference + "x"
target T, t       what a target leads to now, marked in the window: target {role: button, name: Go}; alone: the next step's
keep [STEP [FIELD]], k   write the target that was found last into the spec, at the next step, or at STEP within it
page, p           where the page stands
vars, v           the values that expressions know
quit, q           end`

// debugCommands are those with a short name.
var debugCommands = map[string]string{
	"": "step", "s": "step", "c": "continue", "u": "until", "b": "back", "r": "reload", "e": "eval", "t": "target", "k": "keep",
	"p": "page", "v": "vars", "h": "help", "?": "help", "q": "quit", "exit": "quit",
}

// do does what a line says. What is wrong with it is told, and is no error.
func (d *debugger) do(ctx context.Context, line string) error {
	command, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
	rest = strings.TrimSpace(rest)
	if long, is := debugCommands[command]; is {
		command = long
	}
	switch command {
	case "step":
		return d.goOn(ctx, func() bool { return false })
	case "continue":
		return d.goOn(ctx, func() bool { return true })
	case "until":
		return d.until(ctx, rest)
	case "back":
		d.trial.Leave()
		d.over, d.last = false, nil
		err := d.open(ctx)
		if err == nil {
			d.showNext()
		}
		return err
	case "reload":
		return d.reload(ctx, true)
	case "quit":
		return errQuit
	case "help":
		d.tell(debugHelp)
		return nil
	}
	look, is := map[string]func(context.Context, string) error{
		"eval": d.eval, "target": d.target, "keep": d.keep, "page": d.page, "vars": d.vars,
	}[command]
	if !is {
		d.tell(fmt.Sprintf("there is no command %q: help lists them", command))
		return nil
	}
	ended, err := d.stops.do(ctx, func(ctx context.Context) error {
		limited, cancel := context.WithTimeout(ctx, d.spec.Timeouts.Step.Std())
		defer cancel()
		return look(limited, rest)
	})
	var quit *exitError
	switch {
	case ended:
		d.tell("interrupted")
	case errors.As(err, &quit) || ctx.Err() != nil:
		return err
	case err != nil:
		d.tell(d.redact(err.Error()))
	}
	return nil
}

// until goes on until a step comes next.
func (d *debugger) until(ctx context.Context, by string) error {
	known, next := d.trial.Finds(by)
	switch {
	case !known:
		d.tell(d.redact(preview.CheckUntil(d.spec, by).Error()))
		return nil
	case next:
		d.showNext()
		return nil
	}
	return d.goOn(ctx, func() bool {
		_, next := d.trial.Finds(by)
		return !next
	})
}

// goOn does what comes next, and more of it as long as more says so and nothing fails.
func (d *debugger) goOn(ctx context.Context, more func() bool) error {
	for {
		if d.over {
			d.showNext()
			return nil
		}
		may, err := d.mayAct(ctx)
		if err != nil || !may {
			return err
		}
		well, err := d.step(ctx)
		if err != nil {
			return err
		}
		if !well || d.over || !more() {
			d.showNext()
			return nil
		}
	}
}

// step does what comes next, and tells whether it went well.
func (d *debugger) step(ctx context.Context) (well bool, err error) {
	var result preview.TrialResult
	ended, err := d.stops.do(ctx, func(ctx context.Context) (err error) {
		if on := d.trial.Context(); on != nil && d.spec.Browser.Headed {
			_ = on.Unhighlight(ctx) // a page that is gone fails the step
		}
		result, err = d.trial.Step(ctx)
		return err
	})
	switch {
	case ended && d.trial.Abandoned():
		d.trial.Leave()
		d.tell("interrupted, and the page may yet do what it was about to: it is left")
		return false, d.open(ctx)
	case ended:
		d.tell("interrupted")
		return false, nil
	case err != nil:
		return false, err
	case result.Fault == nil && result.Reached:
		d.last = nil
		return true, nil
	}
	d.last = d.result(result)
	d.over = result.Fault == nil
	return d.over, nil
}

// mayAct tells whether what comes next may be done: where it acts on the site for good, its
// user is asked.
func (d *debugger) mayAct(ctx context.Context) (bool, error) {
	d.trial.Once = false
	_, step := d.trial.Next()
	if step == nil {
		return true, nil
	}
	acts := slices.IndexFunc(specs.StepsIn([]specs.Step{*step}), actsForGood)
	if acts < 0 {
		return true, nil
	}
	one := specs.StepsIn([]specs.Step{*step})[acts]
	d.tell(fmt.Sprintf("%s changes something on the site, for real; do it? yes or no", one.Path))
	answer, err := d.line(ctx)
	if err != nil {
		return false, err
	}
	if answer = strings.ToLower(strings.TrimSpace(answer)); answer != "yes" && answer != "y" {
		d.tell("not done")
		return false, nil
	}
	if _, now := d.trial.Next(); now == nil || now.Path != step.Path {
		d.tell("the spec has changed meanwhile: not done")
		return false, nil
	}
	d.trial.Once = true
	return true, nil
}

// actsForGood tells of a step that the spec has act once, or say that it writes, and of
// verbs that do. A capture only fetches, whatever the site notes of it.
func actsForGood(s *specs.Step) bool {
	if _, fetches := s.Do.(*steps.Capture); fetches && s.Writes == nil && !s.Once {
		return false
	}
	return s.Once || steps.Writes(s)
}
