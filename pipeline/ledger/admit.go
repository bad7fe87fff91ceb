package ledger

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"pipe/pipeline"
)

// Admit registers rows of the source, all or none, and tells where each stands.
// A row whose key another row of the same run had is a duplicate; the same row
// given twice is not. An item keeps its status, and takes the place and the
// fields that the newest run gives it.
func (l *Ledger) Admit(ctx context.Context, run int64, items []pipeline.Item) ([]pipeline.Admission, error) {
	admissions := make([]pipeline.Admission, len(items))
	err := l.write(ctx, func(tx *sql.Tx) error {
		changes := tally{}
		for i, item := range items {
			admission, err := admit(ctx, tx, run, item, changes)
			if err != nil {
				return fmt.Errorf("row %d, item %q: %w", item.Seq, item.Key, err)
			}
			admissions[i] = admission
		}
		return changes.save(ctx, tx)
	})
	if err != nil {
		return nil, fmt.Errorf("admitting %d rows of the source: %w", len(items), err)
	}
	return admissions, nil
}

func admit(ctx context.Context, tx *sql.Tx, run int64, item pipeline.Item, changes tally) (pipeline.Admission, error) {
	var (
		known      pipeline.Admission
		seen, last int64
	)
	err := tx.QueryRowContext(ctx, `SELECT run, seq, status, counted FROM items WHERE key = $1`, item.Key).
		Scan(&seen, &last, &known.Status, &known.Counted)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		known = pipeline.Admission{Status: pipeline.Pending}
		changes[bin{run, pipeline.Pending}]++
		return known, putItem(ctx, tx, run, item)
	case err != nil:
		return known, err
	case seen != run:
		changes.move(bin{seen, known.Status}, bin{run, known.Status})
		return known, putItem(ctx, tx, run, item)
	case last == int64(item.Seq):
		return known, nil
	}
	known.Duplicate = true
	result, err := tx.ExecContext(ctx, `
		INSERT INTO duplicates (run, key, seq) VALUES ($1, $2, $3)
		ON CONFLICT (run, key, seq) DO NOTHING`, run, item.Key, item.Seq)
	if err != nil {
		return known, err
	}
	added, err := result.RowsAffected()
	changes[bin{run, duplicate}] += int(added)
	return known, err
}

// putItem adds the item, or renews what the source says of it.
func putItem(ctx context.Context, tx *sql.Tx, run int64, item pipeline.Item) error {
	fields, err := json.Marshal(item.Fields)
	if err != nil {
		return fmt.Errorf("encoding its fields: %w", err)
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO items (key, seq, fields, status, run) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (key) DO UPDATE
		SET seq = excluded.seq, fields = excluded.fields, run = excluded.run`,
		item.Key, item.Seq, string(fields), pipeline.Pending, run)
	return err
}

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
