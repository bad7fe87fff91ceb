package engine

import (
	"context"
	"fmt"
	"slices"

	"pipe/pipeline"
)

// onTrial fails an attempt that has gone by targets which are healed on trial, and has come
// to an end that no file proves: that there is nothing to fetch may be another item's end.
func (r *recordStage) onTrial(ctx context.Context, a *Attempt) {
	if a.healing == nil {
		return
	}
	by := a.healing.OnTrial()
	if by == "" || hasFiles(a) {
		return
	}
	end := "no file has come"
	switch {
	case a.skipped != nil:
		end = a.skipped.Error()
	case a.Err == nil && a.missing != "":
		end = "there is no file: " + a.missing
	case a.Err != nil:
		if a.class == "" {
			r.classifier.classify(ctx, a, nil)
		}
		if !slices.Contains([]pipeline.Class{pipeline.NotFound, pipeline.Rejected, pipeline.Spec}, a.class) {
			a.Err = fmt.Errorf("%w; the attempt went by a target on trial (%s)", a.Err, by)
			return
		}
		end = a.Err.Error()
	}
	a.fail(&pipeline.ProofError{Check: "healed", Reason: "is missing, which alone would prove that a target on trial led where it should (" + by + "); the attempt has ended so: " + end}, a.Step)
	a.class, a.skipped = pipeline.ProofFailed, nil
}

// hasFiles tells whether an attempt has ended with all its files, each of them proved.
func hasFiles(a *Attempt) bool {
	return a.Err == nil && a.skipped == nil && a.missing == "" && len(a.Files) > 0
}

// healed tells what healed targets an attempt has proved.
func (r *recordStage) healed(a *Attempt) {
	if a.healing == nil {
		return
	}
	for _, e := range a.healing.End(hasFiles(a), a.class) {
		e.Worker, e.Key, e.Attempt = a.Worker.Name, a.job.item.Key, a.number
		r.reporter.Report(e)
	}
}
