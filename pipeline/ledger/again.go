package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"pipe/pipeline"
)

// RetryFailed makes all failed items pending again, with no attempt counted
// against them, and returns how many they are. Their last reason stays until
// the next attempt ends.
func (l *Ledger) RetryFailed(ctx context.Context) (int, error) {
	var n int64
	err := l.write(ctx, func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, `
			UPDATE items SET status = $1, counted = 0, finished = NULL WHERE status = $2`,
			pipeline.Pending, pipeline.Failed)
		if err != nil {
			return err
		}
		if n, err = result.RowsAffected(); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `
			INSERT INTO counts (run, status, n)
			SELECT run, 'pending', n FROM counts WHERE status = 'failed'
			ON CONFLICT (run, status) DO UPDATE SET n = counts.n + excluded.n`)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `DELETE FROM counts WHERE status = 'failed'`)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("making failed items pending again: %w", err)
	}
	return int(n), nil
}

// Again makes items pending that are done or failed, with no attempt counted
// against them. What is done once for them is done again, unless keepOnce is true. The
// error names the keys that no item has; then none is changed.
func (l *Ledger) Again(ctx context.Context, keys []string, keepOnce bool) error {
	err := l.write(ctx, func(tx *sql.Tx) error {
		changes, unknown := countChanges{}, []string(nil)
		for _, key := range keys {
			before, err := stateOf(ctx, tx, key)
			if errors.Is(err, sql.ErrNoRows) {
				unknown = append(unknown, strconv.Quote(key))
				continue
			}
			if err != nil {
				return err
			}
			_, err = tx.ExecContext(ctx, `
				UPDATE items SET status = $1, counted = 0, finished = NULL, refresh = '' WHERE key = $2`, pipeline.Pending, key)
			if err != nil {
				return err
			}
			if !keepOnce {
				if err := forgetOnce(ctx, tx, key); err != nil {
					return err
				}
			}
			changes.move(before.key(before.status), before.key(pipeline.Pending))
			changes.again(before.key(before.refresh), -1)
		}
		if len(unknown) > 0 {
			return fmt.Errorf("no item has the key %s", strings.Join(unknown, " or "))
		}
		return changes.save(ctx, tx)
	})
	if err != nil {
		return fmt.Errorf("doing items again: %w", err)
	}
	return nil
}
