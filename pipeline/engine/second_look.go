package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"pipe/pipeline"
	"pipe/steps"
)

// What ends an item for good, and may come of the page alone, counts only once a
// second look has come to the same: a list that was not loaded yet, a message of the
// item before, a site that is short of breath all look like an item that is not there.
// The second look is an attempt on a fresh page, and goes on like any other when it
// finds the item.

// patience is how long an expect gives the page in a second look: a page that says for
// a moment that there is nothing, until its list has come, says so each time.
const patience = 5 * time.Second

// secondLook tells whether the end of an attempt is to be seen once more before it
// counts, and notes that it was seen. The first look costs the item no try.
func (r *recordStage) secondLook(a *Attempt, end string, out *pipeline.Outcome) bool {
	j := a.job
	if certain(a) || !pipeline.NeedsSecondLook(&r.spec.Retry, end) {
		return false
	}
	if j.seen[end] {
		out.Reason += " (seen twice)"
		return false
	}
	if j.seen == nil {
		j.seen = map[string]bool{}
	}
	j.seen[end], j.fresh, a.unconfirmed = true, true, true
	j.due = time.Now().Add(pipeline.RetryRuleOf(&r.spec.Retry, pipeline.Class(end)).Wait(1))
	out.Status, out.Uncounted = pipeline.Pending, true
	out.Reason = fmt.Sprintf("%s (to be seen once more, on a fresh page)", out.Reason)
	return true
}

// certain tells whether an end follows from the row of the source alone, or is the
// site's answer to what is done once.
func certain(a *Attempt) bool {
	var named *steps.ClassError
	var refused *steps.RefusalError
	return errors.As(a.Err, &refused) || a.skipped != nil && a.skipped.Certain || errors.As(a.Err, &named) && named.Certain
}

// page lends the worker's page: a fresh one for a job that asks for it, and for one
// whose file was not what it should be, as what a page has kept of an item before may
// be what it shows again.
func (b *browseStage) page(ctx context.Context, j *job, index int) (pipeline.Page, error) {
	page, err := b.pages.Open(ctx, index)
	if err != nil || !j.fresh && j.failures[pipeline.ProofFailed] == 0 {
		return page, err
	}
	j.fresh = false
	page.Done()
	page.Discard()
	return b.pages.Open(ctx, index)
}
