package engine

import (
	"context"
	"fmt"

	"pipe/pipeline"
	"pipe/steps"
)

// Where the spec has home only when it is lost, an item starts where the last one of its
// page came to its end. What that has left on the page may be why the item fails, so it
// is done again from home then, at no cost.

// startsHere tells whether an item starts where its page is.
func (b *browseStage) startsHere(ctx context.Context, on *steps.StepContext, a *Attempt) bool {
	j := a.job
	if b.spec.Navigate.Home.When != "lost" || !b.ended || j.fromHome || j.counted > 0 || len(j.failures) > 0 || len(j.seen) > 0 || j.lostAtEnd {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, b.spec.Timeouts.Step.Std())
	defer cancel()
	a.startedHere = on.FindsFirst(ctx, b.spec.Navigate.Steps)
	return a.startedHere
}

// againFromHome tells whether an attempt that began elsewhere is to be made again from
// home, in place of what it came to.
func againFromHome(a *Attempt, out *pipeline.Outcome) bool {
	if !a.startedHere || certain(a) || a.class == pipeline.Uncertain || a.class == pipeline.SessionLost {
		return false
	}
	a.job.fromHome, a.unconfirmed = true, true
	out.Status, out.Uncounted = pipeline.Pending, true
	out.Reason = fmt.Sprintf("%s (to be done again from navigate.home)", out.Reason)
	return true
}
