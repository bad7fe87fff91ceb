package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"pipe/pipeline"
	"pipe/specs"
)

// recordStage is the last stage, one goroutine: it has proven files put in place,
// commits each attempt, and tells the dispatcher.
type recordStage struct {
	spec       *specs.Spec
	ledger     pipeline.Ledger
	reporter   *pipeline.Reporter
	placement  *placement
	classifier *classifier
	stop       *stopConditions
	// worked is told of each item that came through.
	worked func()
	// result counts the items that this run finished, passed over and gave up.
	result Result
}

func newRecordStage(cfg *Config, run int64, reporter *pipeline.Reporter) *recordStage {
	keep := cfg.Spec.Refresh != nil && cfg.Spec.Refresh.Keep == "versions"
	return &recordStage{
		worked: cfg.Pages.Worked,
		spec:   cfg.Spec, ledger: cfg.Ledger, reporter: reporter, result: Result{Run: run},
		placement: &placement{
			ledger: cfg.Ledger, store: cfg.Store, reporter: reporter, run: readerOf(cfg, run), exclusive: cfg.Exclusive, keepVersions: keep,
		},
		classifier: &classifier{rules: cfg.Spec.Classify, reporter: reporter},
		stop:       newStopConditions(&cfg.Spec.StopWhen),
	}
}

func (r *recordStage) work(ctx context.Context, in <-chan *Attempt, back chan<- settled) error {
	for {
		a, ok, err := receive(ctx, in)
		if err != nil || !ok {
			return err
		}
		s, err := r.settle(ctx, a)
		a.release()
		if err != nil {
			return err
		}
		for _, before := range a.doubted {
			if err := r.revive(ctx, before, back); err != nil {
				return err
			}
		}
		if err := send(ctx, back, s); err != nil {
			return err
		}
	}
}

// settle decides what an attempt comes to and commits it. No other run puts
// files in place between the look at what is there and the commit.
func (r *recordStage) settle(ctx context.Context, a *Attempt) (settled, error) {
	if a.job.doubted && a.Err == nil {
		a.fail(errGuest, "login.success")
		a.skipped = nil
	}
	a.job.doubted = false
	own, _ := r.spec.Values["vars"].(map[string]any)
	out := pipeline.Outcome{
		Item: a.job.item, Attempt: a.number, Status: pipeline.Done, Worker: a.Worker.Name, Started: a.started, Phases: a.phases,
		Account: a.Worker.Account, Found: foundValues(a, own, r.reporter.Redact),
	}
	s := settled{job: a.job, began: a.started, took: a.phases["navigate"] + a.phases["download"] + a.phases["fetch"]}
	err := r.placement.exclusively(ctx, func() error {
		if err := r.ledger.Holds(ctx, r.result.Run, a.job.item.Key, a.number); err != nil {
			return err
		}
		if err := r.placement.place(ctx, a); err != nil {
			return err
		}
		switch {
		case a.Err != nil:
			s = r.failed(ctx, a, &out)
		case a.skipped != nil:
			out.Status, out.Reason = pipeline.Skipped, r.reporter.Redact(a.skipped.Reason)
			s.again = againFromHome(a, &out) || r.secondLook(a, pipeline.SkipEnd, &out)
		default:
			out.Files, out.Record, out.Versions = a.placed(), a.Record, a.versions
			out.Reason = r.reporter.Redact(a.missing)
		}
		out.Ended = time.Now()
		if err := r.ledger.Commit(ctx, r.result.Run, out); err != nil {
			return errors.Join(err, r.placement.putBackNow(ctx))
		}
		if !out.Status.Well() {
			return nil
		}
		return errors.Join(r.placement.dropSaved(a), r.placement.removeReplaced(ctx))
	})
	if err != nil {
		return elsewhere(a.job, err)
	}
	if err := r.announce(ctx, a, out); err != nil {
		return s, err
	}
	if a.Err == nil && !a.unconfirmed {
		r.worked()
	}
	if stop := r.stop.observe(a, out.Status); stop != nil {
		r.reporter.Report(pipeline.Event{Kind: pipeline.Stopping, Reason: stop.Error()})
		return s, stop
	}
	return s, nil
}

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
	if inDoubt(a) {
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

// readerOf is the run, if it is the one that reads the source.
func readerOf(cfg *Config, run int64) int64 {
	if cfg.Join {
		return 0
	}
	return run
}

// announce tells the observer of a committed attempt.
func (r *recordStage) announce(ctx context.Context, a *Attempt, out pipeline.Outcome) error {
	e := pipeline.Event{
		Kind: pipeline.ItemDone, Worker: out.Worker, Key: out.Item.Key, Attempt: out.Attempt, Step: out.Step,
		Class: out.Class, Reason: out.Reason, Took: out.Ended.Sub(out.Started), Files: out.Files, Again: a.job.again,
	}
	a.job.status = out.Status
	switch out.Status {
	case pipeline.Done:
		r.result.Done++
	case pipeline.Skipped:
		e.Kind = pipeline.ItemSkipped
		r.result.Skipped++
	case pipeline.Failed:
		e.Kind = pipeline.ItemFailed
		if r.result.Failed++; a.job.again {
			e.Kind = pipeline.RefreshFailed
		}
	default:
		if e.Kind = pipeline.AttemptFailed; a.unconfirmed {
			e.Kind = pipeline.SecondLook
		}
		r.reporter.Report(e)
		return nil
	}
	totals, err := r.ledger.Totals(ctx)
	if err != nil {
		return err
	}
	e.Totals = &totals
	r.reporter.Report(e)
	return nil
}
