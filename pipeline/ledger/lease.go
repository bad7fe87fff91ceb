package ledger

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"math"
	"time"

	"pipe/pipeline"
)

// silence is how long a run may give no sign of life before others take it for
// dead, and what it had in hand for theirs.
const silence = pipeline.Silence

// Beat is a run's sign of life. Other runs that have been silent for too long
// are closed, and their items are free again. A run that was itself taken for
// dead is told so by [pipeline.ErrTaken].
func (l *Ledger) Beat(ctx context.Context, run int64, at time.Time) error {
	err := exactlyOne(l.writer.ExecContext(ctx, `UPDATE runs SET beat = $1 WHERE number = $2 AND ended IS NULL`, stamp(at), run))
	if errors.Is(err, errNotThere) {
		return fmt.Errorf("run %d gave no sign of life for %v and another took its place: %w", run, silence, pipeline.ErrTaken)
	}
	if err != nil {
		return fmt.Errorf("telling that run %d is alive: %w", run, err)
	}
	var dead int
	if err := l.reader.QueryRowContext(ctx, `SELECT COUNT(*) FROM runs WHERE ended IS NULL AND beat < $1`, stamp(at.Add(-silence))).Scan(&dead); err != nil {
		return fmt.Errorf("looking for dead runs: %w", err)
	}
	if dead == 0 {
		return nil
	}
	if err := l.write(ctx, func(tx *sql.Tx) error { return closeLost(ctx, tx, at.Add(-silence)) }); err != nil {
		return fmt.Errorf("closing dead runs: %w", err)
	}
	return nil
}

// CloseLost closes all runs that never told how they ended. It is for who has
// the ledger alone.
func (l *Ledger) CloseLost(ctx context.Context) error {
	err := l.write(ctx, func(tx *sql.Tx) error { return closeLost(ctx, tx, time.Time{}) })
	if err != nil {
		return fmt.Errorf("closing lost runs: %w", err)
	}
	return nil
}

// closeLost closes the runs whose last sign of life is older than since, or all
// for no time: their attempts as interrupted and uncounted, the runs themselves
// at the end of their last attempt.
func closeLost(ctx context.Context, tx *sql.Tx, since time.Time) error {
	before := int64(math.MaxInt64)
	if !since.IsZero() {
		before = since.UnixNano()
	}
	lost, err := openRuns(ctx, tx, before)
	if err != nil {
		return err
	}
	for _, number := range lost {
		if err := closeRun(ctx, tx, number); err != nil {
			return err
		}
	}
	return nil
}

// openRuns lists the runs that have not ended and were last heard of before.
func openRuns(ctx context.Context, tx *sql.Tx, before int64) ([]int64, error) {
	rows, err := tx.QueryContext(ctx, `SELECT number FROM runs WHERE ended IS NULL AND beat < $1`, before)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }() // what it could tell, rows.Err told
	var open []int64
	for rows.Next() {
		var number int64
		if err := rows.Scan(&number); err != nil {
			return nil, err
		}
		open = append(open, number)
	}
	return open, rows.Err()
}

func closeRun(ctx context.Context, tx *sql.Tx, number int64) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE runs SET reason = $1, ended = COALESCE(
			(SELECT MAX(COALESCE(a.ended, a.started)) FROM attempts a WHERE a.run = runs.number),
			started)
		WHERE number = $2`, lostRun, number)
	if err != nil {
		return err
	}
	// Nobody knows when these attempts ended, so they are not said to have
	// taken any time.
	_, err = tx.ExecContext(ctx, `
		UPDATE attempts SET ended = started, status = $1, class = $2, reason = $3, uncounted = 1
		WHERE ended IS NULL AND run = $4`,
		pipeline.Pending, pipeline.Interrupted, "the run "+lostRun, number)
	if err != nil {
		return err
	}
	return freeItems(ctx, tx, number)
}

// freeItems gives back what a run had in hand.
func freeItems(ctx context.Context, tx *sql.Tx, run int64) error {
	_, err := tx.ExecContext(ctx, `UPDATE items SET lease = NULL WHERE lease = $1`, run)
	return err
}

// lease takes an item for a run, unless it is another's or needs nothing more.
func (l *Ledger) lease(ctx context.Context, tx *sql.Tx, run int64, key string) error {
	var holder sql.NullInt64
	// Beside other runs, an item may have been settled since it was handed out.
	var settled int
	err := l.queryRow(ctx, tx, leaseOf, key, run).Scan(&holder, &settled)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return errNotThere
	case err != nil:
		return err
	case holder.Valid && holder.Int64 != run:
		return pipeline.ErrTaken
	case settled > 0:
		return pipeline.ErrSettled
	}
	_, err = l.exec(ctx, tx, takeLease, run, key)
	return err
}

// Holds fails with [pipeline.ErrTaken] when the attempt is no longer the run's:
// another run took it for dead.
func (l *Ledger) Holds(ctx context.Context, run int64, key string, attempt int) error {
	var n int
	err := l.reader.QueryRowContext(ctx, `
		SELECT COUNT(*) FROM attempts WHERE key = $1 AND number = $2 AND run = $3 AND ended IS NULL`,
		key, attempt, run).Scan(&n)
	if err != nil {
		return fmt.Errorf("looking who has item %q: %w", key, err)
	}
	if n == 0 {
		return fmt.Errorf("item %q: %w", key, pipeline.ErrTaken)
	}
	return nil
}

// reading is the newest other run that still reads its whole source, or 0.
const reading = `(SELECT COALESCE(MAX(number), 0) FROM runs
	WHERE ended IS NULL AND partial = 0 AND source_read = 0 AND number <> $1)`

// Waiting tells what is pending or due again, for a run that joined others, in the source's
// order. While another reads its source, that is what it has read so far.
func (l *Ledger) Waiting(ctx context.Context, run int64) (pipeline.Waiting, error) {
	var w pipeline.Waiting
	err := l.reader.QueryRowContext(ctx, `
		SELECT `+reading+` > 0, (SELECT COUNT(*) FROM runs WHERE ended IS NULL AND number <> $1), `+reading+``, run).
		Scan(&w.Reading, &w.Others, &w.List)
	if err != nil {
		return w, fmt.Errorf("looking for other runs: %w", err)
	}
	w.Items, err = collect(stream(ctx, l.reader, scanWaiting, `
		SELECT key, seq, fields, counted, refresh = 'due' FROM items
		WHERE (status = 'pending' OR refresh = 'due' AND refresh <> '') AND gone = 0 AND run >= $1
		ORDER BY seq, key`, w.List), "the pending items")
	return w, err
}

// Listed gives the items of a list, settled ones too, that have a place in it
// behind after, in its order.
func (l *Ledger) Listed(ctx context.Context, list int64, after int) iter.Seq2[pipeline.Item, error] {
	scan := func(rows *sql.Rows) (pipeline.Item, error) {
		var item pipeline.Item
		return item, scanListed(rows, &item)
	}
	return stream(ctx, l.reader, scan, `SELECT key, seq, fields FROM items WHERE gone = 0 AND run >= $1 AND seq > $2 ORDER BY seq, key`, list, after)
}

// scanListed reads key, seq, fields, and what there is beside them.
func scanListed(rows *sql.Rows, item *pipeline.Item, more ...any) error {
	var fields string
	if err := rows.Scan(append([]any{&item.Key, &item.Seq, &fields}, more...)...); err != nil {
		return fmt.Errorf("reading an item: %w", err)
	}
	if err := json.Unmarshal([]byte(fields), &item.Fields); err != nil {
		return fmt.Errorf("item %q: its fields: %w", item.Key, err)
	}
	return nil
}

func scanWaiting(rows *sql.Rows) (w pipeline.WaitingItem, err error) {
	err = scanListed(rows, &w.Item, &w.Counted, &w.Due)
	return w, err
}

// lostRun is the reason of a run that never told how it ended.
const lostRun = pipeline.RunLost
