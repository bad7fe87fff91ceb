package ledger

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"pipe/pipeline"
	"pipe/specs"
)

// Freeable is what of a ledger the rules of a spec do not keep.
type Freeable struct {
	// Runs are the numbers of those whose attempts go, Attempts how many these are.
	Runs     []int64
	Attempts int
	Evidence []pipeline.Evidence
	Versions []pipeline.FileRow
}

// Freeable gives what a clean-up would free.
func (l *Ledger) Freeable(ctx context.Context, keep *specs.Keep, now time.Time) (f Freeable, err error) {
	runs, err := l.endedRuns(ctx)
	if err != nil {
		return f, err
	}
	ofEvidence := map[int64]bool{}
	for newer, run := range runs {
		if newer == 0 {
			continue // the newest stays
		}
		ofEvidence[run.number] = keep.Evidence.Frees(newer, run.started, now)
		if !keep.Runs.Frees(newer, run.started, now) {
			continue
		}
		var n int
		if err := l.reader.QueryRowContext(ctx, `SELECT COUNT(*) FROM attempts WHERE `+oldAttempts, run.number).Scan(&n); err != nil {
			return f, fmt.Errorf("counting the attempts of run %d: %w", run.number, err)
		}
		if n > 0 {
			f.Runs, f.Attempts = append(f.Runs, run.number), f.Attempts+n
		}
	}
	for e, err := range l.Evidence(ctx, pipeline.Of{}) {
		if err != nil {
			return f, err
		}
		if ofEvidence[e.Run] {
			f.Evidence = append(f.Evidence, e)
		}
	}
	f.Versions, err = l.oldVersions(ctx, keep.Versions, now)
	return f, err
}

// oldAttempts are a run's that nothing is told by any more: neither an item's newest, nor
// the one that it was done with, nor one that did what is done once.
const oldAttempts = `run = $1 AND ended IS NOT NULL
	AND number < (SELECT MAX(b.number) FROM attempts b WHERE b.key = attempts.key)
	AND number <> COALESCE((SELECT MAX(b.number) FROM attempts b WHERE b.key = attempts.key AND b.status = 'done'), 0)
	AND NOT EXISTS (SELECT 1 FROM artifacts f WHERE f.key = attempts.key AND f.attempt = attempts.number)
	AND NOT EXISTS (SELECT 1 FROM once_steps o WHERE o.key = attempts.key AND o.attempt = attempts.number)`

type endedRun struct {
	number  int64
	started time.Time
}

// endedRuns lists the runs that have ended, the newest first.
func (l *Ledger) endedRuns(ctx context.Context) ([]endedRun, error) {
	return collect(stream(ctx, l.reader, func(rows *sql.Rows) (r endedRun, err error) {
		var started sql.NullInt64
		err = rows.Scan(&r.number, &started)
		r.started = moment(started)
		return r, err
	}, `SELECT number, started FROM runs WHERE ended IS NOT NULL ORDER BY number DESC`), "the runs")
}

// oldVersions are those of each file that a rule does not keep.
func (l *Ledger) oldVersions(ctx context.Context, rule *specs.KeepRule, now time.Time) ([]pipeline.FileRow, error) {
	type version struct {
		row    pipeline.FileRow
		origin string
	}
	all, err := collect(stream(ctx, l.reader, func(rows *sql.Rows) (v version, err error) {
		var fetched sql.NullInt64
		err = rows.Scan(&v.row.Key, &v.origin, &v.row.File.Name, &v.row.File.Size, &v.row.File.SHA256, &fetched)
		v.row.Finished = moment(fetched)
		return v, err
	}, `SELECT key, origin, name, size, sha256, fetched FROM versions ORDER BY fetched DESC, name DESC`), "the older files")
	if err != nil {
		return nil, err
	}
	newer := map[string]int{}
	var old []pipeline.FileRow
	for _, v := range all {
		if rule.Frees(newer[v.origin], v.row.Finished, now) {
			old = append(old, v.row)
		}
		newer[v.origin]++
	}
	slices.Reverse(old)
	return old, nil
}

// Free takes what is freeable out of the ledger, all or nothing. The files of versions
// are to be removed then, as Discards tells; folders of evidence that the ledger no
// longer knows are nobody's.
func (l *Ledger) Free(ctx context.Context, f Freeable) error {
	err := l.write(ctx, func(tx *sql.Tx) error {
		for _, run := range f.Runs {
			if _, err := tx.ExecContext(ctx, `DELETE FROM attempts WHERE `+oldAttempts, run); err != nil {
				return err
			}
		}
		for _, e := range f.Evidence {
			if err := exactlyOne(tx.ExecContext(ctx, `DELETE FROM evidence WHERE run = $1 AND number = $2`, e.Run, e.Number)); err != nil {
				return err
			}
		}
		for _, v := range f.Versions {
			if err := exactlyOne(tx.ExecContext(ctx, `DELETE FROM versions WHERE name = $1`, v.File.Name)); err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, `INSERT INTO discards (name) VALUES ($1) ON CONFLICT DO NOTHING`, v.File.Name); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("freeing what is not kept: %w", err)
	}
	if f.Attempts == 0 {
		return nil
	}
	if _, err := l.writer.ExecContext(ctx, `VACUUM`); err != nil {
		return fmt.Errorf("making the ledger smaller: %w", err)
	}
	return nil
}
