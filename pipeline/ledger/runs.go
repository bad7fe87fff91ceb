package ledger

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"pipe/pipeline"
)

// finished is the reason of a run that came to its end.
const finished = pipeline.RunFinished

// BeginRun notes that a run starts and returns its number, from 1. What earlier
// runs left open is closed first; beside others, of those that are silent alone.
func (l *Ledger) BeginRun(ctx context.Context, run pipeline.RunInfo) (int64, error) {
	var number int64
	err := l.write(ctx, func(tx *sql.Tx) error {
		since := time.Time{}
		if run.Shared {
			since = run.Started.Add(-silence)
		}
		if err := closeLost(ctx, tx, since); err != nil {
			return err
		}
		return tx.QueryRowContext(ctx, `
			INSERT INTO runs (number, spec, revision, partial, started, beat, shared)
			VALUES ((SELECT COALESCE(MAX(number), 0) + 1 FROM runs), $1, $2, $3, $4, $4, $5)
			RETURNING number`,
			run.Spec, run.Revision, boolToInt(run.Partial), stamp(run.Started), boolToInt(run.Shared)).Scan(&number)
	})
	if err != nil {
		return 0, fmt.Errorf("beginning a run: %w", err)
	}
	return number, nil
}

// SourceRead notes that the run has read its source to the end, so that the
// totals leave out the rows that are no longer in it. It changes nothing for a
// partial run.
func (l *Ledger) SourceRead(ctx context.Context, run int64) error {
	err := l.write(ctx, func(tx *sql.Tx) error {
		if err := exactlyOne(tx.ExecContext(ctx, `UPDATE runs SET source_read = 1 WHERE number = $1`, run)); err != nil {
			return err
		}
		return l.sourceRead(ctx, tx, run)
	})
	if err != nil {
		return fmt.Errorf("noting that run %d has read its source: %w", run, err)
	}
	return nil
}

// EndRun notes how the run ended. A run that finished has read its source.
// Attempts that it leaves open are closed as interrupted and uncounted.
func (l *Ledger) EndRun(ctx context.Context, run int64, end pipeline.RunEnd) error {
	err := l.write(ctx, func(tx *sql.Tx) error {
		err := exactlyOne(tx.ExecContext(ctx, `
			UPDATE runs SET ended = $1, reason = $2,
				source_read = CASE WHEN $3 = 1 THEN 1 ELSE source_read END
			WHERE number = $4`,
			stamp(end.Ended), end.Reason, boolToInt(end.Reason == finished), run))
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `
			UPDATE attempts SET ended = $1, status = $2, class = $3, reason = $4, uncounted = 1
			WHERE ended IS NULL AND run = $5`,
			stamp(end.Ended), pipeline.Pending, pipeline.Interrupted,
			"the run ended with the item in hand", run)
		if err != nil {
			return err
		}
		if end.Reason == finished {
			if err := l.sourceRead(ctx, tx, run); err != nil {
				return err
			}
		}
		return freeItems(ctx, tx, run)
	})
	if err != nil {
		return fmt.Errorf("ending run %d: %w", run, err)
	}
	return nil
}
