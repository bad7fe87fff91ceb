package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"pipe/pipeline"
	"pipe/pipeline/source"
	"pipe/specs"
)

// admitted is how many rows are admitted to the ledger at once.
const admitted = 1_000

// fedMost is how many jobs wait for the dispatcher while the source is read on.
const fedMost = 1_000

// feedStage reads the source, admits its rows and passes on what is to do.
type feedStage struct {
	spec     *specs.Spec
	ledger   pipeline.Ledger
	source   *source.Source
	reporter *pipeline.Reporter
	run      int64
	// only names the items to do; empty means all.
	only []string
	// limit is how many items --limit allows, left how many more; below 0 means any number.
	limit, left int
	// acceptShrink takes any length of the list as right.
	acceptShrink bool
	// bad counts the rows that are no items, rejected are those not yet noted;
	// short is what is wrong with the length of the list.
	bad      int
	rejected []pipeline.RejectedRow
	short    string
	// partial is true when a part of the source is left out.
	partial bool
	stop    <-chan struct{}
	out     chan<- *job
	// want is told of each item to do, by its account, before its turn: where the ledger
	// knows no item yet, as soon as its row is read.
	want  func(account int)
	fresh bool
	// pages is how many pages there are.
	pages int
	// siblings learns of the items. While one to come may hold another's name, held
	// are the jobs that wait until all are known, or heldMost; released is set then.
	siblings *siblings
	held     []*job
	released bool
	// resumed are the keys of the items that were passed on before the source was read.
	resumed map[string]struct{}
}

// heldMost is how many jobs wait for the rest of the source.
const heldMost = 20_000

func (f *feedStage) feed(ctx context.Context) error {
	defer close(f.out)
	f.source.Length = f.length
	err := f.read(ctx)
	return errors.Join(err, f.reject(context.WithoutCancel(ctx)))
}

func (f *feedStage) read(ctx context.Context) error {
	// Nothing of the source is in hand: a stop need not wait for its rows.
	reading, done := untilStopped(ctx, f.stop)
	defer done()
	if err := f.foresee(ctx); err != nil {
		return err
	}
	if err := f.resume(ctx); err != nil {
		return err
	}
	var items []pipeline.Item
	for row, err := range f.source.Items(reading) {
		if err != nil && f.stopped() && ctx.Err() == nil {
			return nil
		}
		if err != nil {
			return err
		}
		if row.Bad != nil {
			if err := f.badRow(ctx, *row.Bad); err != nil {
				return err
			}
			continue
		}
		if items = append(items, row.Item); len(items) == admitted {
			if err := f.admit(ctx, items); err != nil {
				return err
			}
			items = items[:0]
		}
		if f.stopped() {
			return nil
		}
	}
	if err := f.admit(ctx, items); err != nil || f.stopped() {
		return err
	}
	if err := f.reject(ctx); err != nil {
		return err
	}
	if err := f.sourceRead(ctx); err != nil {
		return err
	}
	_, err := f.release(ctx)
	return err
}

// badRow tells of a row that is of no use, which ends a strict source.
func (f *feedStage) badRow(ctx context.Context, row pipeline.RejectedRow) error {
	row.Reason = f.reporter.Redact(row.Reason)
	f.bad++
	f.reporter.Report(pipeline.Event{Kind: pipeline.BadRow, Row: &row, Reason: row.String()})
	f.rejected = append(f.rejected, row)
	if f.spec.Source.Strict {
		return fmt.Errorf("the source is strict and has a bad row: %s", f.reporter.Redact(row.String()))
	}
	if len(f.rejected) < admitted {
		return nil
	}
	return f.reject(ctx)
}

// reject notes the bad rows.
func (f *feedStage) reject(ctx context.Context) error {
	if len(f.rejected) == 0 {
		return nil
	}
	err := f.ledger.Reject(ctx, f.run, f.rejected)
	f.rejected = f.rejected[:0]
	return err
}

// length holds the length of the list against what it is to be and what it was.
func (f *feedStage) length(ctx context.Context, rows int) error {
	before, err := f.ledger.LastLength(ctx)
	if err != nil {
		return err
	}
	if f.short = source.Shortfall(f.spec.Source.Expect, rows, before, f.acceptShrink); f.short != "" {
		f.reporter.Report(pipeline.Event{Kind: pipeline.ShortList, Reason: f.short})
	}
	return f.ledger.NoteLength(ctx, f.run, rows, f.short)
}

// admit registers items and passes on those that this run is to do.
func (f *feedStage) admit(ctx context.Context, items []pipeline.Item) error {
	if len(items) == 0 {
		return nil
	}
	for _, item := range items {
		f.siblings.note(item.Fields)
	}
	if err := f.begin(ctx, items); err != nil {
		return err
	}
	if f.siblings.unlikely() {
		_, err := f.release(ctx)
		return err
	}
	return nil
}

// begin registers items and passes on those that are to do.
func (f *feedStage) begin(ctx context.Context, items []pipeline.Item) error {
	admissions, err := f.ledger.Admit(ctx, f.run, items, pipeline.RefreshOf(f.spec))
	if err != nil {
		return err
	}
	for i, a := range admissions {
		if a.Duplicate {
			f.reporter.Report(pipeline.Event{Kind: pipeline.DuplicateRow, Key: items[i].Key})
			continue
		}
		if a.Status != pipeline.Pending && !a.Due || !f.wants(items[i].Key) {
			continue
		}
		if _, begun := f.resumed[items[i].Key]; begun {
			continue
		}
		if ok, err := f.pass(ctx, newJob(f.spec, items[i], a.Due, a.Counted)); !ok || err != nil {
			return err
		}
	}
	return nil
}

// wants tells whether the run may begin the item of this key.
func (f *feedStage) wants(key string) bool {
	return f.left != 0 && (len(f.only) == 0 || slices.Contains(f.only, key))
}

// pass hands a job on; false when the run is to begin no more.
func (f *feedStage) pass(ctx context.Context, j *job) (bool, error) {
	f.left--
	if !f.fresh || j.account != pipeline.AnyAccount {
		f.want(j.account)
	}
	if f.released {
		return f.send(ctx, j)
	}
	if f.held = append(f.held, j); len(f.held) < heldMost {
		return true, nil
	}
	return f.release(ctx)
}

// release hands on the jobs that wait.
func (f *feedStage) release(ctx context.Context) (bool, error) {
	f.released = true
	for _, j := range f.held {
		if ok, err := f.send(ctx, j); !ok || err != nil {
			return ok, err
		}
	}
	f.held = nil
	return true, nil
}

func (f *feedStage) send(ctx context.Context, j *job) (bool, error) {
	select {
	case f.out <- j:
		return true, nil
	case <-f.stop:
		return false, nil
	case <-ctx.Done():
		return false, ctx.Err()
	}
}

// sourceRead notes that all items are known.
func (f *feedStage) sourceRead(ctx context.Context) error {
	if !f.partial {
		if err := f.ledger.SourceRead(ctx, f.run); err != nil {
			return err
		}
	}
	totals, err := f.ledger.Totals(ctx)
	if err != nil {
		return err
	}
	f.reporter.Report(pipeline.Event{Kind: pipeline.SourceRead, Totals: &totals, ToDo: f.limit - f.left})
	return nil
}

func (f *feedStage) stopped() bool {
	select {
	case <-f.stop:
		return true
	default:
		return false
	}
}
