package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"

	"pipe/pipeline"
)

// collect reads a short list.
func collect[T any](rows iter.Seq2[T, error], what string) ([]T, error) {
	var all []T
	for row, err := range rows {
		if err != nil {
			return nil, fmt.Errorf("reading %s: %w", what, err)
		}
		all = append(all, row)
	}
	return all, nil
}

// Runs tells of all runs, the oldest first.
func (l *Ledger) Runs(ctx context.Context) ([]pipeline.RunRow, error) {
	return collect(stream(ctx, l.reader, scanRun, runColumns+`
		ORDER BY r.number`, 0), "the runs")
}

// LastRun tells of the newest run; its number is 0 when there is none. It takes no
// longer for all the attempts of the runs before.
func (l *Ledger) LastRun(ctx context.Context) (pipeline.RunRow, error) {
	var newest int64
	err := l.reader.QueryRowContext(ctx, `SELECT COALESCE(MAX(number), 0) FROM runs`).Scan(&newest)
	if err != nil || newest == 0 {
		return pipeline.RunRow{}, err
	}
	return l.Run(ctx, newest)
}

// Run tells of one run; its number is 0 when there is none of that number.
func (l *Ledger) Run(ctx context.Context, number int64) (run pipeline.RunRow, err error) {
	for row, err := range stream(ctx, l.reader, scanRun, runColumns+` WHERE r.number = $1`, number) {
		if err != nil {
			return run, fmt.Errorf("reading run %d: %w", number, err)
		}
		run = row
	}
	return run, nil
}

// LastShort is what was wrong with the length of the list when it was last read to its
// end, "" for nothing.
func (l *Ledger) LastShort(ctx context.Context) (string, error) {
	var short string
	err := l.reader.QueryRowContext(ctx, `SELECT short FROM runs WHERE length IS NOT NULL ORDER BY number DESC LIMIT 1`).Scan(&short)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("looking for the length of the last list: %w", err)
	}
	return short, nil
}

// runColumns are those of a run and, of the runs from the first parameter on, what
// their attempts came to.
const runColumns = `
		SELECT r.number, r.spec, r.revision, r.partial, r.started, r.ended, r.reason,
			COALESCE(a.ended, 0), COALESCE(a.done, 0), COALESCE(a.skipped, 0), COALESCE(a.failed, 0), COALESCE(a.uncounted, 0),
			COALESCE((SELECT n FROM counts c WHERE c.run = r.number AND c.status = 'duplicate'), 0),
			COALESCE((SELECT n FROM counts c WHERE c.run = r.number AND c.status = 'bad'), 0), COALESCE(r.length, -1), r.short, r.beat
		FROM runs r LEFT JOIN (
			SELECT run, COUNT(ended) AS ended, CAST(SUM(uncounted) AS BIGINT) AS uncounted,
				COUNT(CASE WHEN status = 'done' THEN 1 END) AS done,
				COUNT(CASE WHEN status = 'skipped' THEN 1 END) AS skipped,
				COUNT(CASE WHEN status = 'failed' THEN 1 END) AS failed
			FROM attempts WHERE run >= $1 GROUP BY run
		) a ON a.run = r.number`

func scanRun(rows *sql.Rows) (pipeline.RunRow, error) {
	var (
		row                  pipeline.RunRow
		started, ended, beat sql.NullInt64
	)
	err := rows.Scan(&row.Number, &row.Spec, &row.Revision, &row.Partial, &started, &ended, &row.Reason,
		&row.Attempts, &row.Done, &row.Skipped, &row.Failed, &row.Uncounted, &row.Duplicates, &row.Bad, &row.Length, &row.Short, &beat)
	row.Started, row.Ended, row.Beat = moment(started), moment(ended), moment(beat)
	return row, err
}

// FailureReasons groups the failed items that the totals count by class and
// reason, the most frequent first.
func (l *Ledger) FailureReasons(ctx context.Context) ([]pipeline.ReasonCount, error) {
	return collect(stream(ctx, l.reader, scanReason, `
		SELECT class, reason, COUNT(*) FROM items
		WHERE gone = 0 AND status = 'failed'
		GROUP BY class, reason ORDER BY COUNT(*) DESC, class, reason`), "the reasons of failures")
}

func scanReason(rows *sql.Rows) (pipeline.ReasonCount, error) {
	var row pipeline.ReasonCount
	err := rows.Scan(&row.Class, &row.Reason, &row.Items)
	return row, err
}

// Workers tells what each worker did over all runs, by the worker's name.
func (l *Ledger) Workers(ctx context.Context) ([]pipeline.WorkerRow, error) {
	return collect(stream(ctx, l.reader, scanWorker, `
		SELECT worker, COUNT(*),
			COUNT(CASE WHEN status IN ('done', 'skipped') THEN 1 END),
			COUNT(CASE WHEN number > 1 THEN 1 END),
			COUNT(CASE WHEN uncounted = 1 THEN 1 END)
		FROM attempts WHERE ended IS NOT NULL
		GROUP BY worker ORDER BY worker`), "the workers")
}

func scanWorker(rows *sql.Rows) (pipeline.WorkerRow, error) {
	var row pipeline.WorkerRow
	err := rows.Scan(&row.Worker, &row.Attempts, &row.Done, &row.Retries, &row.Uncounted)
	return row, err
}

// durationsMost is of how many attempts the durations are summed up.
const durationsMost = 100_000

// Durations sums up how long the attempts took that brought an item home, over
// all runs, of many the newest.
func (l *Ledger) Durations(ctx context.Context) (pipeline.Durations, error) {
	attempts := stream(ctx, l.reader, scanTook,
		`SELECT ended - started, phases FROM attempts WHERE status = 'done' ORDER BY rowid DESC LIMIT $1`, durationsMost)
	var items []time.Duration
	byPhase := map[string][]time.Duration{}
	for attempt, err := range attempts {
		if err != nil {
			return pipeline.Durations{}, fmt.Errorf("reading the durations: %w", err)
		}
		items = append(items, attempt.total)
		for name, d := range attempt.phases {
			byPhase[name] = append(byPhase[name], d)
		}
	}
	durations := pipeline.Durations{Item: spread(items), Phases: map[string]pipeline.Spread{}}
	for name, phase := range byPhase {
		durations.Phases[name] = spread(phase)
	}
	return durations, nil
}

// took is how long one attempt took.
type took struct {
	total  time.Duration
	phases map[string]time.Duration
}

func scanTook(rows *sql.Rows) (took, error) {
	var (
		t      took
		phases string
	)
	if err := rows.Scan(&t.total, &phases); err != nil {
		return t, err
	}
	var err error
	t.phases, err = decodePhases(phases)
	return t, err
}

// spread sums up the durations; it sorts them in place.
func spread(all []time.Duration) pipeline.Spread {
	n := len(all)
	if n == 0 {
		return pipeline.Spread{}
	}
	slices.Sort(all)
	var sum time.Duration
	for _, d := range all {
		sum += d
	}
	return pipeline.Spread{
		Count:  n,
		Avg:    sum / time.Duration(n),
		Median: (all[(n-1)/2] + all[n/2]) / 2,
		// The smallest that nine in ten do not exceed.
		P90: all[(n*9+9)/10-1],
		Max: all[n-1],
	}
}
