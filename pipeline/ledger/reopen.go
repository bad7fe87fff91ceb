package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"pipe/pipeline"
)

// Reopen makes the items pending again that a run has given up, with no attempt
// counted against them, and returns how many they are. Those stay of which it is
// uncertain what has been done: somebody has to look.
func (l *Ledger) Reopen(ctx context.Context, run int64) (int, error) {
	n := 0
	err := l.write(ctx, func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, `
			SELECT gone, count(*) FROM items
			WHERE status = $1 AND class <> $3 AND EXISTS (SELECT 1 FROM attempts a WHERE a.key = items.key AND +a.run = $2 AND a.status = $1)
			GROUP BY gone`, pipeline.Failed, run, pipeline.Uncertain)
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		changes := countChanges{}
		for rows.Next() {
			var gone bool
			var failed int
			if err := rows.Scan(&gone, &failed); err != nil {
				return err
			}
			changes[stateKey(gone, pipeline.Failed)] -= failed
			changes[stateKey(gone, pipeline.Pending)] += failed
			n += failed
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `
			UPDATE items SET status = $1, counted = 0, finished = NULL
			WHERE status = $2 AND class <> $4 AND EXISTS (SELECT 1 FROM attempts a WHERE a.key = items.key AND +a.run = $3 AND a.status = $2)`,
			pipeline.Pending, pipeline.Failed, run, pipeline.Uncertain)
		if err != nil {
			return err
		}
		return errors.Join(changes.save(ctx, tx), reopenStale(ctx, tx, run))
	})
	if err != nil {
		return 0, fmt.Errorf("making the items of run %d pending again: %w", run, err)
	}
	return n, nil
}

// reopenStale makes done items whose refresh a run has given up as they were
// before it; the next run finds that they are due. Those for which a step that is once
// has begun stay as they are: what it has done is not forgotten.
func reopenStale(ctx context.Context, tx *sql.Tx, run int64) error {
	const those = ` refresh = 'stale' AND NOT EXISTS (SELECT 1 FROM once_steps o WHERE o.key = items.key) AND EXISTS (SELECT 1 FROM attempts a WHERE a.key = items.key AND +a.run = $1 AND a.status = 'failed')`
	_, err := tx.ExecContext(ctx, `
		INSERT INTO counts (run, status, n)
		SELECT 0, 'stale', -COUNT(*) FROM items WHERE gone = 0 AND`+those+`
		ON CONFLICT (run, status) DO UPDATE SET n = counts.n + excluded.n`, run)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE items SET refresh = '', class = '', reason = '', step = '' WHERE`+those, run)
	return err
}
