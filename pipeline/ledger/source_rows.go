package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"

	"pipe/pipeline"
)

// rejectedMost bounds the bad rows of a run that are kept; all of them count.
const rejectedMost = 1_000

// bad counts rows of the source that are no items beside the items' states.
const bad = "bad"

// Reject notes rows of the run's source that are no items.
func (l *Ledger) Reject(ctx context.Context, run int64, rows []pipeline.RejectedRow) error {
	err := l.write(ctx, func(tx *sql.Tx) error {
		var kept int
		if err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM rejected WHERE run = $1`, run).Scan(&kept); err != nil {
			return err
		}
		for _, row := range rows[:min(len(rows), max(rejectedMost-kept, 0))] {
			_, err := tx.ExecContext(ctx, `
				INSERT INTO rejected (run, number, file, place, reason) VALUES ($1, $2, $3, $4, $5)
				ON CONFLICT (run, number) DO NOTHING`,
				run, row.Number, row.File, row.Row, row.Reason)
			if err != nil {
				return err
			}
		}
		return countChanges{countKey{run, bad}: len(rows)}.save(ctx, tx)
	})
	if err != nil {
		return fmt.Errorf("noting bad rows of the source: %w", err)
	}
	return nil
}

// badRun is the run whose bad rows count: the newest that read the whole list,
// or the newest of all as long as none has.
const badRun = `COALESCE((SELECT MAX(number) FROM runs WHERE length IS NOT NULL), (SELECT MAX(number) FROM runs))`

// Rejected reads the rows of the newest list that are no items, the first of
// them.
func (l *Ledger) Rejected(ctx context.Context) iter.Seq2[pipeline.RejectedRow, error] {
	return stream(ctx, l.reader, scanRejected, `SELECT number, file, place, reason FROM rejected WHERE run = `+badRun+` ORDER BY number`)
}

func scanRejected(rows *sql.Rows) (pipeline.RejectedRow, error) {
	var row pipeline.RejectedRow
	if err := rows.Scan(&row.Number, &row.File, &row.Row, &row.Reason); err != nil {
		return row, fmt.Errorf("reading the bad rows: %w", err)
	}
	return row, nil
}

// NoteLength notes how many rows the run's source has, and what is wrong with
// that, "" for nothing.
func (l *Ledger) NoteLength(ctx context.Context, run int64, rows int, short string) error {
	err := l.write(ctx, func(tx *sql.Tx) error {
		return exactlyOne(tx.ExecContext(ctx, `UPDATE runs SET length = $1, short = $2 WHERE number = $3`, rows, short, run))
	})
	if err != nil {
		return fmt.Errorf("noting the length of the source of run %d: %w", run, err)
	}
	return nil
}

// LastLength tells how many rows the list had when it was last read to its end
// and nothing was wrong with its length; below 0 when it never was.
func (l *Ledger) LastLength(ctx context.Context) (int, error) {
	rows := -1
	err := l.reader.QueryRowContext(ctx, `
		SELECT length FROM runs WHERE length IS NOT NULL AND short = '' ORDER BY number DESC LIMIT 1`).Scan(&rows)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return -1, fmt.Errorf("looking for the length of the last list: %w", err)
	}
	return rows, nil
}
