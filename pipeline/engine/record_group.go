package engine

import (
	"context"
	"errors"
	"time"

	"pipe/pipeline"
	"pipe/specs"
)

// settling is an attempt on its way to the record.
type settling struct {
	attempt *Attempt
	out     pipeline.Outcome
	// next is what the dispatcher is told, err why the attempt is not the run's to
	// settle; committed is true once it is on record.
	next      settled
	err       error
	committed bool
}

// group are attempts that are put on record together. None of them depends on what
// becomes of another: no two have a file of the same name or the same bytes, and of
// several none is of an item that has files on record.
type group struct {
	settlings []*settling
	names     map[string]bool
	sums      map[string]bool
	// closed is true once it takes no others.
	closed bool
}

// takes tells whether an attempt may be put on record with those before it, and
// notes its files.
func (g *group) takes(a *Attempt) bool {
	alone := a.number > 1 || a.job.again
	if len(g.settlings) > 0 && (g.closed || alone) {
		return false
	}
	for _, f := range a.Files {
		if g.names[specs.FoldName(f.File.Name)] || f.File.SHA256 != "" && g.sums[f.File.SHA256] {
			return false
		}
	}
	if g.names == nil {
		g.names, g.sums = map[string]bool{}, map[string]bool{}
	}
	for _, f := range a.Files {
		g.names[specs.FoldName(f.File.Name)], g.sums[f.File.SHA256] = true, true
	}
	// A failure may end the run, or cast others into doubt, before they are decided.
	g.closed = alone || a.Err != nil || len(a.doubted) > 0
	return true
}

// decide puts an attempt's files in place and makes up its outcome. The error is
// fatal to the run.
func (r *recordStage) decide(ctx context.Context, g *group, a *Attempt) error {
	if a.job.doubted && a.Err == nil {
		a.fail(errGuest, "login.success")
		a.skipped = nil
	}
	a.job.doubted = false
	r.onTrial(ctx, a)
	own, _ := r.spec.Values["vars"].(map[string]any)
	one := &settling{attempt: a}
	g.settlings = append(g.settlings, one)
	one.out = pipeline.Outcome{
		Item: a.job.item, Attempt: a.number, Status: pipeline.Done, Worker: a.Worker.Name, Started: a.started, Phases: a.phases, Steps: a.steps.all,
		Account: a.Worker.Account, Found: foundValues(a, own, r.reporter.Redact),
	}
	one.next = settled{job: a.job, began: a.started, took: a.phases["navigate"] + a.phases["download"] + a.phases["fetch"]}
	if one.err = r.ledger.Holds(ctx, r.result.Run, a.job.item.Key, a.number); one.err != nil {
		return nil //nolint:nilerr // it is the attempt's, and told by finish
	}
	if err := r.placement.place(ctx, a); err != nil {
		return err
	}
	switch out := &one.out; {
	case a.Err != nil:
		one.next = r.failed(ctx, a, out)
	case a.skipped != nil:
		out.Status, out.Reason = pipeline.Skipped, r.reporter.Redact(a.skipped.Reason)
		one.next.again = againFromHome(a, out) || r.secondLook(a, pipeline.SkipEnd, out)
	default:
		out.Files, out.Record, out.Versions = a.placed(), a.Record, a.versions
		out.Reason = r.reporter.Redact(a.missing)
	}
	one.out.Ended = time.Now()
	return nil
}

// commit puts the group on record in one transaction. Where one of them is another
// run's by now, it does so one by one.
func (r *recordStage) commit(ctx context.Context, g *group) error {
	var all []*settling
	var outs []pipeline.Outcome
	for _, one := range g.settlings {
		if one.err == nil && !one.out.Ended.IsZero() {
			all, outs = append(all, one), append(outs, one.out)
		}
	}
	together, singly := r.ledger.(pipeline.GroupLedger)
	if singly = !singly || len(all) == 1; !singly {
		err := together.CommitAll(ctx, r.result.Run, outs)
		if singly = errors.Is(err, pipeline.ErrTaken); err != nil && !singly {
			return errors.Join(err, r.placement.putBackNow(ctx))
		}
	}
	lost, well := false, false
	for _, one := range all {
		if singly {
			one.err = r.ledger.Commit(ctx, r.result.Run, one.out)
		}
		one.committed = one.err == nil
		lost, well = lost || !one.committed, well || one.committed && one.out.Status.Well()
	}
	if lost {
		if err := r.placement.putBackNow(ctx); err != nil {
			return err
		}
	}
	if !well {
		return nil
	}
	for _, one := range all {
		if one.committed && one.out.Status.Well() {
			if err := r.placement.dropSaved(one.attempt); err != nil {
				return err
			}
		}
	}
	return r.placement.removeReplaced(ctx)
}
