package engine

import (
	"cmp"
	"context"
	"errors"

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
	evidence   *evidenceStage
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
			ledger: cfg.Ledger, store: cfg.Store, reporter: reporter, run: readerOf(cfg, run), exclusive: cfg.Exclusive, keepVersions: keep, seen: -1,
		},
		classifier: &classifier{rules: cfg.Spec.Classify, reporter: reporter},
		stop:       newStopConditions(&cfg.Spec.StopWhen),
		evidence:   &evidenceStage{cfg.Evidence},
	}
}

// work settles what comes in. What waits at a time is put on record together, so that
// a hundred outcomes cost hardly more than one; one that is alone waits for no other.
func (r *recordStage) work(ctx context.Context, in <-chan *Attempt, back chan<- settled) error {
	for {
		a, ok, err := receive(ctx, in)
		if err != nil || !ok {
			return err
		}
		for waiting := gather(a, in); len(waiting) > 0; {
			n, err := r.settle(ctx, waiting, back)
			if err != nil {
				for _, a := range waiting {
					a.release()
				}
				return err
			}
			waiting = waiting[n:]
		}
	}
}

// groupMost is how many attempts are put on record together.
const groupMost = 256

// gather takes what waits behind an attempt.
func gather(a *Attempt, in <-chan *Attempt) []*Attempt {
	group := []*Attempt{a}
	for len(group) < groupMost {
		select {
		case a, ok := <-in:
			if !ok {
				return group
			}
			group = append(group, a)
		default:
			return group
		}
	}
	return group
}

// settle decides what the first of the attempts that wait come to, commits them, and
// tells how many they are. No other run puts files in place between the look at what is
// there and the commit.
func (r *recordStage) settle(ctx context.Context, waiting []*Attempt, back chan<- settled) (int, error) {
	g := &group{}
	err := r.placement.exclusively(ctx, func() error {
		for _, a := range waiting {
			if !g.takes(a) {
				break
			}
			if err := r.decide(ctx, g, a); err != nil {
				// What was decided before stands.
				return errors.Join(err, r.commit(ctx, g))
			}
		}
		return r.commit(ctx, g)
	})
	var stop error
	for _, one := range g.settlings {
		if failed := r.finish(ctx, one, back); stop == nil {
			stop = failed
		}
	}
	return len(g.settlings), cmp.Or(err, stop)
}

// finish tells everybody of an attempt that is settled. The error is what ends the run.
func (r *recordStage) finish(ctx context.Context, one *settling, back chan<- settled) error {
	a := one.attempt
	defer a.release()
	r.stop.expected.remove(a)
	if one.err != nil {
		s, err := elsewhere(a.job, one.err)
		if err != nil {
			return err
		}
		a.release()
		return send(ctx, back, s)
	}
	if !one.committed {
		return nil // the run ends
	}
	if err := r.announce(ctx, a, one.out); err != nil {
		return err
	}
	r.healed(a)
	if a.Err == nil && !a.unconfirmed {
		r.worked()
	}
	if stop := r.stop.observe(a, one.out.Status); stop != nil {
		r.reporter.Report(pipeline.Event{Kind: pipeline.Stopping, Reason: stop.Error()})
		return stop
	}
	a.release()
	for _, before := range a.doubted {
		if err := r.revive(ctx, before, back); err != nil {
			return err
		}
	}
	return send(ctx, back, one.next)
}

// readerOf is the run, if it is the one that reads the source.
func readerOf(cfg *Config, run int64) int64 {
	if cfg.Join {
		return 0
	}
	return run
}

// announce tells the observer of a committed attempt.
func (r *recordStage) announce(ctx context.Context, a *Attempt, out pipeline.Outcome) error {
	r.evidence.ofFile(ctx, a)
	e := pipeline.Event{
		Kind: pipeline.ItemDone, Worker: out.Worker, Key: out.Item.Key, Attempt: out.Attempt, Step: out.Step,
		Class: out.Class, Reason: out.Reason, Took: out.Ended.Sub(out.Started), Files: out.Files, Again: a.job.again, Evidence: a.evidence,
		Stages: a.stages, Steps: out.Steps,
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
