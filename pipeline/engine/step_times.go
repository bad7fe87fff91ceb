package engine

import (
	"context"
	"time"

	"pipe/pipeline"
)

// stepsMost is how many steps of an attempt are timed: one that loops may have any
// number.
const stepsMost = 500

// stepTimes are the times of an attempt's steps, kept by the goroutine that has the
// attempt in hand.
type stepTimes struct {
	all []pipeline.StepTime
	// open are the places in all of the steps under way, the innermost last; below 0 for
	// those that are not timed.
	open []int
}

// begin notes that a step begins, which may be inside of others.
func (t *stepTimes) begin(path string, started time.Time) {
	place := -1
	if len(t.all) < stepsMost {
		place = len(t.all)
		t.all = append(t.all, pipeline.StepTime{Step: path, At: time.Since(started)})
	}
	t.open = append(t.open, place)
}

// end notes that the step that began last is over.
func (t *stepTimes) end(started time.Time) {
	last := len(t.open) - 1
	if last < 0 {
		return
	}
	if place := t.open[last]; place >= 0 {
		t.all[place].Took = time.Since(started) - t.all[place].At
	}
	t.open = t.open[:last]
}

// beginStep notes that a step begins, in the attempt's trace too; endStep that the one that
// began last is over.
func (a *Attempt) beginStep(ctx context.Context, path string) {
	a.steps.begin(path, a.started)
	if a.trace != nil {
		a.trace.BeginStep(ctx, path)
	}
}

func (a *Attempt) endStep(ctx context.Context) {
	a.steps.end(a.started)
	if a.trace != nil {
		a.trace.EndStep(ctx)
	}
}

// timed notes the beginning of a part of the attempt that is no step, and its end once
// the function that it gives is called.
func (a *Attempt) timed(path string) (over func()) {
	a.steps.begin(path, a.started)
	return func() { a.steps.end(a.started) }
}
