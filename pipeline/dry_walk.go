package pipeline

import (
	"context"
	"errors"
	"fmt"
	"time"

	"pipe/specs"
	"pipe/steps"
)

// dryWalk is one item on its way through the steps of a dry run.
type dryWalk struct {
	*dryRun
	b     *browser
	a     *attempt
	scene *steps.Scene
	// left is the first write that was not done, beyond is true once a step was
	// not reached for it.
	left   *specs.Step
	beyond bool
}

func (w *dryWalk) walk(ctx context.Context) error {
	spec, key := w.cfg.Spec, w.a.job.item.Key
	began := time.Now()
	err := w.b.goHome(ctx, w.scene, w.a)
	if !spec.Navigate.Home.Empty() {
		w.report(w.placeReport(key, "navigate.home", spec.PlaceOf("navigate.home"), time.Since(began), nil, nil, err))
	}
	if err != nil {
		return err
	}
	for _, list := range [][]specs.Step{spec.Navigate.Steps, spec.Download} {
		if err := w.scene.Run(ctx, list); err != nil {
			return err
		}
	}
	w.a.values = w.scene.Values
	var failed error
	for _, field := range spec.Record.Fields {
		if err := w.field(ctx, field); err != nil && ctx.Err() == nil {
			if _, none := w.scene.Unmatched(ctx, err); none {
				w.result.Unmatched = true
			}
			w.fault(fmt.Errorf("item %s: %w", key, err))
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
	case w.beyond, w.left != nil && !w.scene.Ready(ctx, step):
		w.beyond = true
		w.scene.Note(fmt.Sprintf("not reached: it may depend on %s, which was not done", w.left.Path))
		return true, nil
	case !writes:
		return false, nil
	}
	text, err := w.scene.Rehearse(ctx, step)
	var eval *specs.EvalError
	if w.left != nil && errors.As(err, &eval) {
		text, err = fmt.Sprintf("not reached: %v, which may depend on %s", eval, w.left.Path), nil
	}
	if err == nil {
		w.scene.Note(text)
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

// field reads a field of the record, or says why that cannot be told yet.
func (w *dryWalk) field(ctx context.Context, field specs.Field) error {
	began, key, path := time.Now(), w.a.job.item.Key, "record.fields."+field.Name
	if needsFile(field) && !field.Read.OnPage() {
		r := w.placeReport(key, path, field.Pos, 0, nil, nil, nil)
		r.Note = "needs the file, which a dry run does not fetch"
		w.report(r)
		return nil
	}
	sights, err := w.scene.Sights(func() error {
		if field.Read.OnPage() {
			return w.b.readField(ctx, w.scene, w.a, field)
		}
		v, err := field.Read.Value.Value(w.scene.Values)
		w.a.read[field.Name] = v
		if err != nil {
			return &placed{fmt.Sprintf("%s (%s)", path, field.Pos), err}
		}
		return nil
	})
	var eval *specs.EvalError
	r := w.placeReport(key, path, field.Pos, time.Since(began), sights, w.a.read[field.Name], err)
	if w.left != nil && errors.As(err, &eval) {
		r.Note, r.Error, err = "not reached: "+r.Error, "", nil
	}
	w.report(r)
	return err
}

// placeReport is what is told of a place of the spec that is no step.
func (r *run) placeReport(key, path string, pos specs.Pos, took time.Duration, found []steps.Sight, v any, err error) StepReport {
	out := StepReport{Item: key, Step: path, At: pos.String(), Took: took, Found: found, Value: r.valueText(v)}
	if err != nil {
		out.Error = r.redact(err.Error())
	}
	return out
}
