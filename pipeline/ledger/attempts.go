package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"pipe/pipeline"
)

// BeginAttempt notes that the item is in hand and returns the attempt's number,
// from 1 over all runs. The item must be admitted, and in no other hand: the
// error is [pipeline.ErrTaken] when another run has it, and [pipeline.ErrSettled]
// when it is done or failed by now.
func (l *Ledger) BeginAttempt(ctx context.Context, run int64, key, worker string, at time.Time) (int, error) {
	number, err := l.beginAttempt(ctx, run, key, worker, at)
	if err != nil {
		return 0, fmt.Errorf("beginning an attempt at item %q (it must be admitted, and in no other hand): %w", key, err)
	}
	return number, nil
}

func (l *Ledger) beginAttempt(ctx context.Context, run int64, key, worker string, at time.Time) (number int, err error) {
	err = l.note(ctx, func(tx *sql.Tx) error {
		if err := l.lease(ctx, tx, run, key); err != nil {
			return err
		}
		return l.queryRow(ctx, tx, beginAttempt, key, run, worker, stamp(at)).Scan(&number)
	})
	return number, err
}

// Commit records, in one transaction, how an attempt ended: the attempt, the
// item's status, and its files and record, which become those of this attempt.
// The attempt must be open and of this run. An item that this run has Done
// stays so: a commit for it is an error.
func (l *Ledger) Commit(ctx context.Context, run int64, out pipeline.Outcome) error {
	return l.CommitAll(ctx, run, []pipeline.Outcome{out})
}

// CommitAll is Commit for several attempts, in one transaction: all or none are on
// record, and durable, when it returns.
func (l *Ledger) CommitAll(ctx context.Context, run int64, outs []pipeline.Outcome) error {
	encoded := make([]encodedOutcome, len(outs))
	for i, out := range outs {
		var err error
		if encoded[i], err = encodeOutcome(out); err != nil {
			return fmt.Errorf("committing attempt %d at item %q: %w", out.Attempt, out.Item.Key, err)
		}
	}
	c := &committing{ledger: l, run: run}
	err := l.writeAs(ctx, len(outs), func(tx *sql.Tx, version int64) error {
		c.tx, c.changes, c.fresh = tx, countChanges{}, map[string]int64{}
		for i, out := range encoded {
			if err := c.commit(ctx, out, version+int64(i)); err != nil {
				return fmt.Errorf("committing attempt %d at item %q: %w", out.Attempt, out.Item.Key, err)
			}
		}
		return c.changes.save(ctx, tx)
	})
	if err == nil {
		l.steps.add(c.fresh)
	}
	return err
}

// encodedOutcome is an outcome as the ledger keeps it.
type encodedOutcome struct {
	pipeline.Outcome
	phases, record, found string
	doneWith              sql.NullString
}

func encodeOutcome(out pipeline.Outcome) (e encodedOutcome, err error) {
	switch out.Status {
	case pipeline.Done, pipeline.Skipped, pipeline.Failed, pipeline.Pending:
	default:
		return e, fmt.Errorf("an item has no status %q", out.Status)
	}
	e.Outcome, e.found = out, encodeFound(out.Found)
	if e.phases, err = encodePhases(out.Phases); err != nil {
		return e, err
	}
	if e.record, err = encodeRecord(out.Record); err != nil {
		return e, err
	}
	e.doneWith, err = encodeRow(out.Item.Fields)
	return e, err
}

// committing is one call of CommitAll.
type committing struct {
	ledger  *Ledger
	tx      *sql.Tx
	run     int64
	changes countChanges
	// fresh are the numbers of steps that the ledger did not know before.
	fresh map[string]int64
}

// exec runs one of the prepared statements.
func (c *committing) exec(ctx context.Context, query string, args ...any) (sql.Result, error) {
	return c.ledger.exec(ctx, c.tx, query, args...)
}

// commit records one outcome, which comes in as the one of this number.
func (c *committing) commit(ctx context.Context, out encodedOutcome, recorded int64) error {
	var before state
	var final int
	err := c.ledger.queryRow(ctx, c.tx, stateBefore, out.Item.Key, c.run).
		Scan(&before.gone, &before.status, &before.refresh, &final)
	switch {
	case err != nil && !errors.Is(err, sql.ErrNoRows): // of no item there is no attempt
		return err
	case final > 0 && before.status != pipeline.Pending:
		return fmt.Errorf("run %d has the item done already", c.run)
	}
	steps, err := c.encodeSteps(ctx, out.Steps)
	if err != nil {
		return err
	}
	err = exactlyOne(c.exec(ctx, endAttempt,
		stamp(out.Ended), out.Status, out.Class, out.Reason, out.Step,
		boolToInt(out.Uncounted), out.phases, out.Item.Key, out.Attempt, c.run, steps))
	switch {
	case errors.Is(err, errNotThere):
		return fmt.Errorf("run %d has no such attempt open: %w", c.run, pipeline.ErrTaken)
	case err != nil:
		return err
	case before.refresh == due && !out.Status.Well():
		return c.keepDone(ctx, before, out.Outcome)
	}
	if err := c.updateItem(ctx, before, out, recorded); err != nil {
		return err
	}
	return c.replaceFiles(ctx, out.Outcome)
}

// updateItem gives the item the attempt's outcome.
func (c *committing) updateItem(ctx context.Context, before state, out encodedOutcome, recorded int64) error {
	var finished sql.NullInt64
	if out.Status != pipeline.Pending {
		finished = stamp(out.Ended)
	}
	err := exactlyOne(c.exec(ctx, updateItem,
		boolToInt(!out.Uncounted), out.Status, out.Class, out.Reason, out.Step, finished, out.record,
		out.Account, out.found, out.doneWith, out.Item.Key, recorded))
	if err != nil {
		return err
	}
	c.changes.move(before.key(before.status), before.key(out.Status))
	c.changes.again(before.key(before.refresh), -1)
	return nil
}

// replaceFiles makes the attempt's files the item's own.
func (c *committing) replaceFiles(ctx context.Context, out pipeline.Outcome) error {
	if err := c.forgetFiles(ctx, out); err != nil {
		return err
	}
	if out.Attempt > 1 { // else the item has never had any
		if _, err := c.exec(ctx, deleteFiles, out.Item.Key); err != nil {
			return err
		}
	}
	for i, file := range out.Files {
		_, err := c.exec(ctx, insertFile, out.Item.Key, i, out.Attempt, file.Name, file.Size, file.SHA256, file.Type,
			file.Pages, file.Via, file.URL, file.Step)
		if err != nil {
			return fmt.Errorf("noting file %q: %w", file.Name, err)
		}
	}
	return nil
}
