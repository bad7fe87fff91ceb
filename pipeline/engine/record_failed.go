package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"pipe/pipeline"
)

// failed fills in the outcome of an attempt that failed and tells what becomes
// of its item.
func (r *recordStage) failed(ctx context.Context, a *Attempt, out *pipeline.Outcome) settled {
	if a.class == "" {
		r.classifier.classify(ctx, a, nil)
	}
	rule := r.ruleOf(a)
	j := a.job
	out.Status, out.Class, out.Uncounted = pipeline.Pending, a.class, rule.Free
	out.Reason, out.Step = r.reporter.Redact(a.Err.Error()), a.Step
	if againFromHome(a, out) {
		return settled{job: j, again: true}
	}
	if inDoubt(a) || a.healing != nil && a.healing.Asked() {
		out.Uncounted = true
		return settled{job: j, again: true}
	}
	var absent *pipeline.UnreachableError
	if errors.As(a.Err, &absent) && a.class != pipeline.Uncertain {
		out.Uncounted = true
		j.due = time.Now().Add(rule.Wait(1))
		return settled{job: j, again: true, began: a.started, class: a.class, rule: rule, reason: out.Reason}
	}
	if r.secondLook(a, string(a.class), out) {
		return settled{job: j, began: a.started, class: a.class, again: true, rule: rule, reason: out.Reason}
	}
	j.failures[a.class]++
	if !rule.Free {
		j.counted++
	}
	var held *heldError
	if errors.As(a.Err, &held) {
		out.Uncounted = true
		return settled{job: j}
	}
	s := settled{
		job: j, began: a.started, class: a.class, asked: a.asked, rule: rule, overload: pipeline.Overload(a.class, a.Err), reason: out.Reason,
	}
	if j.failures[a.class] >= rule.Attempts || !rule.Free && j.counted >= max(r.spec.Retry.Attempts, rule.Attempts) {
		out.Status = pipeline.Failed
		return s
	}
	s.again = true
	j.due = time.Now().Add(max(rule.Wait(j.failures[a.class]), a.asked))
	return s
}

// ruleOf is the retry rule for an attempt's failure. A browser that was lost, or the
// connection to it, is no item's fault, whatever the failure looks like.
func (r *recordStage) ruleOf(a *Attempt) pipeline.RetryRule {
	if a.browserGone == nil || a.class != pipeline.Transient && a.class != pipeline.Crashed || !a.browserGone() {
		return pipeline.RetryRuleOf(&r.spec.Retry, a.class)
	}
	a.class = pipeline.Crashed
	a.Err = fmt.Errorf("the browser, or the connection to it, was lost: %w", a.Err)
	return pipeline.FreeRule(pipeline.RetryRuleOf(&r.spec.Retry, a.class))
}

// doubtsMost is how often an attempt waits for the rest of the source.
const doubtsMost = 10

// inDoubt puts an attempt off that has failed for what the rest of the source may
// make right, each time for longer.
func inDoubt(a *Attempt) bool {
	var proof *pipeline.ProofError
	if !errors.As(a.Err, &proof) || !proof.InDoubt || a.job.doubts == doubtsMost {
		return false
	}
	a.job.due = time.Now().Add(doubtWait << a.job.doubts)
	a.job.doubts++
	return true
}

// doubtWait is the first such wait.
const doubtWait = 2 * time.Second
