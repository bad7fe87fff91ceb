package pipeline

import (
	"context"
	"fmt"
	"time"
)

// record is the last stage, one goroutine: it puts proven files in place,
// commits each attempt, and tells the dispatcher.
func (r *run) record(ctx context.Context, in <-chan *attempt, back chan<- settled) error {
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
		if err := send(ctx, back, s); err != nil {
			return err
		}
	}
}

// settle decides what an attempt comes to and commits it.
func (r *run) settle(ctx context.Context, a *attempt) (settled, error) {
	if a.err == nil {
		if err := r.unique(ctx, a); err != nil {
			return settled{}, err
		}
	}
	began := time.Now()
	if a.err == nil {
		for i, f := range a.files {
			if err := r.cfg.Store.Place(ctx, a.staged[i], f.Name); err != nil {
				return settled{}, fmt.Errorf("putting %s in place: %w", f.Name, err)
			}
		}
	}
	a.phase("place", began)
	out := Outcome{
		Item: a.job.item, Attempt: a.number, Status: Done, Worker: a.worker,
		Started: a.started, Ended: time.Now(), Phases: a.phases, Files: a.files, Record: a.record,
	}
	s := settled{job: a.job}
	if a.err != nil {
		s = r.failed(a, &out)
	}
	if err := r.cfg.Ledger.Commit(ctx, r.number, out); err != nil {
		return settled{}, err
	}
	return s, r.announce(ctx, a, out)
}

// unique makes sure that the files are no other item's, by bytes and by name.
func (r *run) unique(ctx context.Context, a *attempt) error {
	for i, f := range a.files {
		owner, err := r.cfg.Ledger.Owner(ctx, f.SHA256)
		if err != nil {
			return err
		}
		holder, err := r.cfg.Ledger.Holder(ctx, f.Name)
		if err != nil {
			return err
		}
		var failed *ProofError
		switch key := a.job.item.Key; {
		case owner != "" && owner != key:
			failed = &ProofError{Check: "unique", Reason: fmt.Sprintf("has the same bytes as the file of item %q", owner)}
			if _, err := a.staged[i].SetAside(key); err != nil {
				r.cfg.Log.WarnContext(ctx, "the file could not be kept as evidence", "item", key, "error", err)
			}
		case holder != "" && holder != key:
			failed = &ProofError{Check: "name", Reason: fmt.Sprintf("is to be named %q, which is item %q's: make the name in `as` depend on the key", f.Name, holder)}
		}
		if failed != nil {
			a.fail(failed, whereOf(a.captures[i].Step))
			return nil
		}
	}
	return nil
}

// failed fills in the outcome of an attempt that failed and tells what becomes
// of its item.
func (r *run) failed(a *attempt, out *Outcome) settled {
	class, asked := classify(a.err)
	rule := ruleFor(&r.cfg.Spec.Retry, class)
	j := a.job
	j.failures[class]++
	if !rule.free {
		j.counted++
	}
	out.Status, out.Class, out.Uncounted = Pending, class, rule.free
	out.Reason, out.Step = r.redact(a.err.Error()), a.step
	out.Files, out.Record = nil, nil
	if j.failures[class] >= rule.attempts || !rule.free && j.counted >= max(r.cfg.Spec.Retry.Attempts, rule.attempts) {
		out.Status = Failed
		return settled{job: j}
	}
	wait := max(rule.wait(j.failures[class]), asked)
	j.due = time.Now().Add(wait)
	s := settled{job: j, again: true}
	if class == RateLimited {
		s.hold = wait
	}
	return s
}

// announce tells the observer of a committed attempt.
func (r *run) announce(ctx context.Context, a *attempt, out Outcome) error {
	e := Event{
		Kind: ItemDone, Worker: a.worker, Key: out.Item.Key, Attempt: out.Attempt, Step: out.Step,
		Class: out.Class, Reason: out.Reason, Took: out.Ended.Sub(out.Started), Files: out.Files,
	}
	switch out.Status {
	case Done:
		r.done++
	case Failed:
		r.lost++
		e.Kind = ItemFailed
	default:
		e.Kind = AttemptFailed
		r.tell(e)
		return nil
	}
	totals, err := r.cfg.Ledger.Totals(ctx)
	if err != nil {
		return err
	}
	e.Totals = &totals
	r.tell(e)
	return nil
}
