package ledger

import (
	"context"
	"database/sql"
	"fmt"
	"pipe/pipeline"
)

// finished is the reason of a run that came to its end.
const finished = "finished"

// lostRun is the reason of a run that never told how it ended.
const lostRun = "ended without notice: it was killed or the machine stopped"

// BeginRun notes that a run starts and returns its number, from 1. What earlier
// runs left open is closed first: their attempts as interrupted and uncounted,
// the runs themselves at their last sign of life.
func (l *Ledger) BeginRun(ctx context.Context, run pipeline.RunInfo) (int64, error) {
	var number int64
	err := l.write(ctx, func(tx *sql.Tx) error {
		if err := closeLostRuns(ctx, tx); err != nil {
			return err
		}
		return tx.QueryRowContext(ctx, `
			INSERT INTO runs (number, spec, revision, partial, started)
			VALUES ((SELECT COALESCE(MAX(number), 0) + 1 FROM runs), $1, $2, $3, $4)
			RETURNING number`,
			run.Spec, run.Revision, flag(run.Partial), stamp(run.Started)).Scan(&number)
	})
	if err != nil {
		return 0, fmt.Errorf("beginning a run: %w", err)
	}
	return number, nil
}

func closeLostRuns(ctx context.Context, tx *sql.Tx) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE runs SET reason = $1, ended = COALESCE(
			(SELECT MAX(COALESCE(a.ended, a.started)) FROM attempts a WHERE a.run = runs.number),
			started)
		WHERE ended IS NULL`, lostRun)
	if err != nil {
		return err
	}
	// Nobody knows when these attempts ended, so they are not said to have
	// taken any time.
	_, err = tx.ExecContext(ctx, `
		UPDATE attempts SET ended = started, status = $1, class = $2, reason = $3, uncounted = 1
		WHERE ended IS NULL`,
		pipeline.Pending, pipeline.Interrupted, "the run "+lostRun)
	return err
}

// SourceRead notes that the run has read its source to the end, so that the
// totals leave out the rows that are no longer in it. It changes nothing for a
// partial run.
func (l *Ledger) SourceRead(ctx context.Context, run int64) error {
	err := l.write(ctx, func(tx *sql.Tx) error {
		return one(tx.ExecContext(ctx, `UPDATE runs SET source_read = 1 WHERE number = $1`, run))
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
		err := one(tx.ExecContext(ctx, `
			UPDATE runs SET ended = $1, reason = $2,
				source_read = CASE WHEN $3 = 1 THEN 1 ELSE source_read END
			WHERE number = $4`,
			stamp(end.Ended), end.Reason, flag(end.Reason == finished), run))
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `
			UPDATE attempts SET ended = $1, status = $2, class = $3, reason = $4, uncounted = 1
			WHERE ended IS NULL AND run = $5`,
			stamp(end.Ended), pipeline.Pending, pipeline.Interrupted,
			"the run ended with the item in hand", run)
		return err
	})
	if err != nil {
		return fmt.Errorf("ending run %d: %w", run, err)
	}
	return nil
}
