package pipeline

import (
	"context"
	"errors"
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

// settle decides what an attempt comes to and commits it. No other run puts
// files in place between the look at what is there and the commit.
func (r *run) settle(ctx context.Context, a *attempt) (settled, error) {
	out := Outcome{
		Item: a.job.item, Attempt: a.number, Status: Done, Worker: a.worker, Started: a.started, Phases: a.phases,
		Account: a.account, Found: r.found(a),
	}
	s := settled{job: a.job, began: a.started, took: a.phases["navigate"] + a.phases["download"] + a.phases["fetch"]}
	err := r.exclusive(ctx, func() error {
		if err := r.cfg.Ledger.Holds(ctx, r.number, a.job.item.Key, a.number); err != nil {
			return err
		}
		if err := r.place(ctx, a); err != nil {
			return err
		}
		if out.Files, out.Record, out.Versions = a.files, a.record, a.versions; a.err != nil {
			s = r.failed(ctx, a, &out)
		}
		if a.skipped != nil {
			out.Status, out.Reason = Skipped, r.redact(a.skipped.Reason)
		}
		out.Ended = time.Now()
		if err := r.cfg.Ledger.Commit(ctx, r.number, out); err != nil || !out.Status.Well() {
			return err
		}
		return r.discard(ctx)
	})
	if err != nil {
		return elsewhere(a.job, err)
	}
	if err := r.announce(ctx, a, out); err != nil {
		return s, err
	}
	if stop := r.sense.take(a, out.Status); stop != nil {
		r.tell(Event{Kind: Stopping, Reason: stop.Error()})
		return s, stop
	}
	return s, nil
}

func (r *run) exclusive(ctx context.Context, f func() error) error {
	if r.cfg.Exclusive == nil {
		return f()
	}
	unlock, err := r.cfg.Exclusive(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	return f()
}

// place puts an attempt's files in place, if they are no other item's.
func (r *run) place(ctx context.Context, a *attempt) error {
	if a.err == nil {
		if err := r.unique(ctx, a); err != nil {
			return err
		}
	}
	if a.err != nil {
		return nil
	}
	defer a.phase("place", time.Now())
	if err := r.keepVersions(ctx, a); err != nil || a.err != nil {
		return err
	}
	for i, f := range a.files {
		if err := r.cfg.Store.Place(ctx, a.staged[i], f.Name); err != nil {
			return fmt.Errorf("putting %s in place: %w", f.Name, err)
		}
	}
	return nil
}

// unique makes sure that the files are no other item's, by bytes and by name.
func (r *run) unique(ctx context.Context, a *attempt) error {
	if err := r.claim(ctx, a); err != nil || a.err != nil {
		return err
	}
	for i, f := range a.files {
		c, owner := &a.captures[i], ""
		if c.Proof.Unique {
			var err error
			if owner, err = r.cfg.Ledger.Owner(ctx, f.SHA256); err != nil {
				return err
			}
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
			failed.Member = c.InArchive
			a.fail(failed, whereOf(c.Step))
			return nil
		}
	}
	return nil
}

// claim makes sure that the files can have their names, all of them before any
// is placed.
func (r *run) claim(ctx context.Context, a *attempt) error {
	var names []string
	for i, f := range a.files {
		names = append(names, f.Name)
		err := r.cfg.Store.Claim(ctx, names...)
		var refused *ProofError
		if errors.As(err, &refused) {
			a.fail(refused, whereOf(a.captures[i].Step))
			return nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// failed fills in the outcome of an attempt that failed and tells what becomes
// of its item.
func (r *run) failed(ctx context.Context, a *attempt, out *Outcome) settled {
	if a.class == "" {
		r.judge(ctx, a, nil)
	}
	rule := ruleFor(&r.cfg.Spec.Retry, a.class)
	j := a.job
	j.failures[a.class]++
	if !rule.free {
		j.counted++
	}
	out.Status, out.Class, out.Uncounted = Pending, a.class, rule.free
	out.Reason, out.Step = r.redact(a.err.Error()), a.step
	out.Files, out.Record, out.Versions = nil, nil, nil
	var held *heldError
	if errors.As(a.err, &held) {
		out.Uncounted = true
		return settled{job: j}
	}
	s := settled{job: j, began: a.started, class: a.class, asked: a.asked, rule: rule, trouble: strained(a), reason: out.Reason}
	if j.failures[a.class] >= rule.attempts || !rule.free && j.counted >= max(r.cfg.Spec.Retry.Attempts, rule.attempts) {
		out.Status = Failed
		return s
	}
	s.again = true
	j.due = time.Now().Add(max(rule.wait(j.failures[a.class]), a.asked))
	return s
}

// announce tells the observer of a committed attempt.
func (r *run) announce(ctx context.Context, a *attempt, out Outcome) error {
	e := Event{
		Kind: ItemDone, Worker: a.worker, Key: out.Item.Key, Attempt: out.Attempt, Step: out.Step,
		Class: out.Class, Reason: out.Reason, Took: out.Ended.Sub(out.Started), Files: out.Files, Again: a.job.again,
	}
	switch out.Status {
	case Done:
		r.done++
		r.through.Store(true)
	case Skipped:
		e.Kind = ItemSkipped
		r.skipped++
		r.through.Store(true)
	case Failed:
		e.Kind = ItemFailed
		if r.lost++; a.job.again {
			e.Kind = RefreshFailed
		}
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
