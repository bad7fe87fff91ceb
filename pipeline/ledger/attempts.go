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

func (l *Ledger) beginAttempt(ctx context.Context, run int64, key, worker string, at time.Time) (int, error) {
	tx, err := l.writer.BeginTx(ctx, nil)
	if err != nil {
		return 0, err
	}
	defer func() { _ = tx.Rollback() }() // nothing is left of it after the commit
	if err := lease(ctx, tx, run, key); err != nil {
		return 0, err
	}
	var number int
	err = tx.QueryRowContext(ctx, `
		INSERT INTO attempts (key, number, run, worker, started)
		VALUES ($1, (SELECT COALESCE(MAX(number), 0) + 1 FROM attempts WHERE key = $1), $2, $3, $4)
		RETURNING number`, key, run, worker, stamp(at)).Scan(&number)
	if err != nil {
		return 0, err
	}
	return number, tx.Commit()
}

// Commit records, in one transaction, how an attempt ended: the attempt, the
// item's status, and its files and record, which become those of this attempt.
// The attempt must be open and of this run. An item that this run has Done
// stays so: a commit for it is an error.
func (l *Ledger) Commit(ctx context.Context, run int64, out pipeline.Outcome) error {
	if err := l.commit(ctx, run, out); err != nil {
		return fmt.Errorf("committing attempt %d at item %q: %w", out.Attempt, out.Item.Key, err)
	}
	return nil
}

func (l *Ledger) commit(ctx context.Context, run int64, out pipeline.Outcome) error {
	switch out.Status {
	case pipeline.Done, pipeline.Skipped, pipeline.Failed, pipeline.Pending:
	default:
		return fmt.Errorf("an item has no status %q", out.Status)
	}
	phases, err := encodePhases(out.Phases)
	if err != nil {
		return err
	}
	record, err := encodeRecord(out.Record)
	if err != nil {
		return err
	}
	return l.write(ctx, func(tx *sql.Tx) error {
		if err := endAttempt(ctx, tx, run, out, phases); err != nil {
			return err
		}
		before, err := stateOf(ctx, tx, out.Item.Key)
		if err != nil {
			return err
		}
		if before.refresh == due && !out.Status.Well() {
			return keepDone(ctx, tx, before, out)
		}
		if err := updateItem(ctx, tx, before, out, record, encodeFound(out.Found)); err != nil {
			return err
		}
		return replaceFiles(ctx, tx, out)
	})
}

// endAttempt closes the attempt, once.
func endAttempt(ctx context.Context, tx *sql.Tx, run int64, out pipeline.Outcome, phases string) error {
	var final int
	err := tx.QueryRowContext(ctx, `
		SELECT COUNT(*) FROM attempts a JOIN items i ON i.key = a.key
		WHERE a.key = $1 AND +a.run = $2 AND a.status IN ('done', 'skipped') AND i.status <> $3`,
		out.Item.Key, run, pipeline.Pending).Scan(&final)
	if err != nil {
		return err
	}
	if final > 0 {
		return fmt.Errorf("run %d has the item done already", run)
	}
	err = exactlyOne(tx.ExecContext(ctx, `
		UPDATE attempts SET ended = $1, status = $2, class = $3, reason = $4, step = $5,
			uncounted = $6, phases = $7
		WHERE key = $8 AND number = $9 AND run = $10 AND ended IS NULL`,
		stamp(out.Ended), out.Status, out.Class, out.Reason, out.Step,
		boolToInt(out.Uncounted), phases, out.Item.Key, out.Attempt, run))
	if errors.Is(err, errNotThere) {
		return fmt.Errorf("run %d has no such attempt open: %w", run, pipeline.ErrTaken)
	}
	return err
}

// updateItem gives the item the attempt's outcome.
func updateItem(ctx context.Context, tx *sql.Tx, before state, out pipeline.Outcome, record, found string) error {
	doneWith, err := encodeRow(out.Item.Fields)
	if err != nil {
		return err
	}
	var finished sql.NullInt64
	if out.Status != pipeline.Pending {
		finished = stamp(out.Ended)
	}
	// The count starts anew for an item that an earlier run had settled.
	err = exactlyOne(tx.ExecContext(ctx, `
		UPDATE items SET counted = CASE WHEN status = 'pending' OR refresh = 'due' THEN counted ELSE 0 END + $1,
			status = $2, class = $3, reason = $4, step = $5, finished = $6, record = $7,
			account = $8, found = $9, lease = CASE WHEN $2 = 'pending' THEN lease END,
			refresh = '', done_with = NULLIF($10, fields),
			recorded = CASE WHEN $2 = 'done' THEN (SELECT n + 1 FROM version) ELSE recorded END
		WHERE key = $11`,
		boolToInt(!out.Uncounted), out.Status, out.Class, out.Reason, out.Step, finished, record,
		out.Account, found, doneWith, out.Item.Key))
	if err != nil {
		return err
	}
	changes := countChanges{}
	changes.move(before.key(before.status), before.key(out.Status))
	changes.again(before.key(before.refresh), -1)
	return changes.save(ctx, tx)
}

// replaceFiles makes the attempt's files the item's own.
func replaceFiles(ctx context.Context, tx *sql.Tx, out pipeline.Outcome) error {
	if err := forgetFiles(ctx, tx, out); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM artifacts WHERE key = $1`, out.Item.Key); err != nil {
		return err
	}
	for i, file := range out.Files {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO artifacts (key, place, attempt, name, size, sha256, type, pages, via, url, step)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
			out.Item.Key, i, out.Attempt, file.Name, file.Size, file.SHA256, file.Type,
			file.Pages, file.Via, file.URL, file.Step)
		if err != nil {
			return fmt.Errorf("noting file %q: %w", file.Name, err)
		}
	}
	return nil
}
