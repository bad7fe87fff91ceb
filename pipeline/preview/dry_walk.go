package preview

import (
	"context"
	"errors"
	"fmt"
	"time"

	"pipe/pipeline"
	"pipe/pipeline/engine"
	"pipe/specs"
	"pipe/specs/expr"
	"pipe/steps"
)

// dryWalk is one item on its way through the steps of a dry run.
type dryWalk struct {
	reports *stepReports
	on      *steps.StepContext
	key     string
	item    engine.ItemSteps
	// left is the first write that was not done, beyond is true once a step was
	// not reached for it.
	left   *specs.Step
	beyond bool
	// faults are those of the record's fields; unmatched is true when one of them
	// is a selector that resolved to nothing.
	faults    []error
	unmatched bool
}

func (w *dryWalk) walk(ctx context.Context) error {
	spec := w.reports.spec
	began := time.Now()
	err := w.item.GoHome(ctx, w.on)
	if !spec.Navigate.Home.URL.Empty() {
		w.reports.tell(w.reports.home(w.key, time.Since(began), err))
	}
	if err != nil {
		return err
	}
	for _, list := range [][]specs.Step{spec.Navigate.Steps, spec.Download.Steps} {
		if err := w.on.Run(ctx, list); err != nil {
			return err
		}
	}
	var failed error
	for _, field := range spec.Record.Fields {
		if err := w.field(ctx, field); err != nil && ctx.Err() == nil {
			if _, none := w.on.Unmatched(ctx, err); none {
				w.unmatched = true
			}
			w.faults = append(w.faults, fmt.Errorf("item %s: %w", w.key, err))
			failed = err
		}
	}
	return errors.Join(failed, ctx.Err())
}

// instead leaves what writes on the site or makes a file, and what cannot be
// reached without.
func (w *dryWalk) instead(ctx context.Context, step *specs.Step) (bool, error) {
	writes := leaves(step)
	switch {
	case w.beyond, w.left != nil && !w.on.Ready(ctx, step):
		w.beyond = true
		w.on.SetNote(fmt.Sprintf("not reached: it may depend on %s, which was not done", w.left.Path))
		return true, nil
	case !writes:
		return false, nil
	}
	text, err := w.on.DryRun(ctx, step)
	var eval *expr.EvalError
	if w.left != nil && errors.As(err, &eval) {
		text, err = fmt.Sprintf("not reached: %v, which may depend on %s", eval, w.left.Path), nil
	}
	if err == nil {
		w.on.SetNote(text)
	}
	if _, shot := step.Do.(*steps.Screenshot); w.left == nil && !shot {
		w.left = step
	}
	return true, err
}

// leaves tells whether a dry run leaves a step: it writes, or makes a file.
func leaves(step *specs.Step) bool {
	switch step.Do.(type) {
	case *steps.Capture, *steps.Screenshot:
		return true
	}
	on := steps.Trigger(step)
	return on != nil && leaves(on) || steps.Writes(step)
}

// captures tells of a step that takes a file: what the page shows is there without.
func captures(step *specs.Step) bool {
	if step == nil {
		return false
	}
	_, is := step.Do.(*steps.Capture)
	return is
}

// beyondLimit bounds the look for a field of a page that may not be reached.
const beyondLimit = 2 * time.Second

// field reads a field of the record, or says why that cannot be told yet.
func (w *dryWalk) field(ctx context.Context, field specs.Field) error {
	began := time.Now()
	if !field.Read.OnPage() && field.Read.Value.Names("file", "") {
		r := w.reports.field(w.key, field, 0, nil, nil, nil)
		r.Note = "needs the file, which a dry run does not fetch"
		w.reports.tell(r)
		return nil
	}
	var v any
	sights, err := w.on.RecordTargets(func() (err error) {
		if v, err = w.value(ctx, field); err != nil {
			return err
		}
		if v, err = field.Read.Make(v); err != nil {
			return pipeline.FieldError(field, fmt.Errorf("the record's %s %w", field.Name, err))
		}
		return nil
	})
	var eval *expr.EvalError
	var wrong *expr.ValueError
	var gone *steps.AbsentError
	r := w.reports.field(w.key, field, time.Since(began), sights, v, err)
	early := errors.As(err, &eval) || errors.As(err, &wrong) && (w.beyond || !captures(w.left))
	if w.left != nil && early || w.beyond && errors.As(err, &gone) {
		r.Note, r.Error, err = "not reached: "+r.Error, "", nil
	}
	w.reports.tell(r)
	return err
}

// value is what a field has before it is made what the spec says of it.
func (w *dryWalk) value(ctx context.Context, field specs.Field) (any, error) {
	if field.Read.OnPage() {
		if w.beyond {
			// Not all steps that lead to it were done.
			var cancel context.CancelFunc
			ctx, cancel = context.WithTimeout(ctx, beyondLimit)
			defer cancel()
		}
		return w.item.ReadField(ctx, w.on, field)
	}
	v, err := field.Read.Value.Value(w.on.Values)
	if err != nil {
		return nil, pipeline.FieldError(field, err)
	}
	return v, nil
}
