package ledger

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"pipe/pipeline"
)

// What a step that is done once for an item has come to. It begins before it acts, so
// that whatever becomes of the run, nobody has it act again without a word.
const (
	onceBegun   = "begun"
	onceDone    = "done"
	onceDoubted = "doubted"
)

// OnceSteps gives the steps of an item that are done once and have begun, by their names.
func (l *Ledger) OnceSteps(ctx context.Context, key string) (map[string]pipeline.OnceEntry, error) {
	entries := map[string]pipeline.OnceEntry{}
	scan := func(rows *sql.Rows) (string, error) {
		var step, state, item, found string
		var begun sql.NullInt64
		if err := rows.Scan(&step, &state, &begun, &item, &found); err != nil {
			return "", err
		}
		entry, err := onceEntry(item, found)
		entry.Done, entry.Doubted, entry.Begun = state == onceDone, state == onceDoubted, moment(begun)
		entries[step] = entry
		return step, err
	}
	for _, err := range stream(ctx, l.reader, scan, `SELECT step, state, begun, item, found FROM once_steps WHERE key = $1`, key) {
		if err != nil {
			return nil, fmt.Errorf("looking what is done once for item %q: %w", key, err)
		}
	}
	return entries, nil
}

func onceEntry(item, found string) (entry pipeline.OnceEntry, err error) {
	if item != "" {
		if err := json.Unmarshal([]byte(item), &entry.Item); err != nil {
			return entry, err
		}
	}
	if found == "" {
		return entry, nil
	}
	decoder := json.NewDecoder(strings.NewReader(found))
	decoder.UseNumber()
	entry.Found = &pipeline.Found{}
	if err := decoder.Decode(entry.Found); err != nil {
		return entry, err
	}
	for _, values := range []map[string]any{entry.Found.Steps, entry.Found.Vars} {
		for name, v := range values {
			values[name] = plainNumbers(v)
		}
	}
	return entry, nil
}

// plainNumbers makes numbers of those that JSON text has: whole ones int64, others
// float64, as those of a record.
func plainNumbers(v any) any {
	switch v := v.(type) {
	case json.Number:
		if whole, err := v.Int64(); err == nil {
			return whole
		}
		float, err := v.Float64()
		if err != nil {
			return v.String()
		}
		return float
	case []any:
		for i := range v {
			v[i] = plainNumbers(v[i])
		}
	case map[string]any:
		for name := range v {
			v[name] = plainNumbers(v[name])
		}
	}
	return v
}

// BeginOnce notes that a step is about to act, for an attempt that must be open and of
// the run: the error is [pipeline.ErrTaken] when it is not.
func (l *Ledger) BeginOnce(ctx context.Context, run int64, key string, attempt int, step string, item map[string]string, at time.Time) error {
	text, err := json.Marshal(item)
	if err != nil {
		return fmt.Errorf("encoding what it is made of: %w", err)
	}
	// One statement: between a look and the noting another run could take the item.
	err = exactlyOne(l.writer.ExecContext(ctx, `
		INSERT INTO once_steps (key, step, state, attempt, begun, item)
		SELECT key, $1, $2, number, $3, $4 FROM attempts WHERE key = $5 AND number = $6 AND run = $7 AND ended IS NULL`,
		step, onceBegun, stamp(at), string(text), key, attempt, run))
	if errors.Is(err, errNotThere) {
		return fmt.Errorf("item %q: %w", key, pipeline.ErrTaken)
	}
	return err
}

// TakeBackOnce notes that a step has not acted after all.
func (l *Ledger) TakeBackOnce(ctx context.Context, key string, attempt int, step string) error {
	_, err := l.writer.ExecContext(ctx, `DELETE FROM once_steps WHERE key = $1 AND step = $2 AND attempt = $3 AND state = $4`, key, step, attempt, onceBegun)
	if err != nil {
		return fmt.Errorf("noting that %q has not been done for item %q: %w", step, key, err)
	}
	return nil
}

// FinishOnce notes that a step is done, whosever the item is by now. What it found is
// kept as far as JSON has it.
func (l *Ledger) FinishOnce(ctx context.Context, key string, attempt int, step string, found pipeline.Found) error {
	finiteOnly(found.Steps)
	finiteOnly(found.Vars)
	text, err := json.Marshal(found)
	if err == nil {
		err = exactlyOne(l.writer.ExecContext(ctx, `
			UPDATE once_steps SET state = $1, found = $2 WHERE key = $3 AND step = $4 AND attempt = $5`, onceDone, string(text), key, step, attempt))
	}
	if err != nil {
		return fmt.Errorf("noting that %q is done for item %q: %w", step, key, err)
	}
	return nil
}

func finiteOnly(values map[string]any) {
	for name, v := range values {
		values[name] = finite(v)
	}
}

// DoubtOnce notes that a step was done for other values of the item than it has now.
func (l *Ledger) DoubtOnce(ctx context.Context, key, step string) error {
	err := exactlyOne(l.writer.ExecContext(ctx, `UPDATE once_steps SET state = $1 WHERE key = $2 AND step = $3`, onceDoubted, key, step))
	if err != nil {
		return fmt.Errorf("noting that %q was done for another item %q: %w", step, key, err)
	}
	return nil
}

// uncertain are the steps, and their items in the source, of which nobody knows whether
// they are done, and that no run has in hand.
const uncertain = ` FROM once_steps o JOIN items i ON i.key = o.key LEFT JOIN runs r ON r.number = i.lease AND r.ended IS NULL
	WHERE o.state <> 'done' AND NOT (i.status IN ('done', 'skipped') AND i.refresh = '') AND i.gone = 0 AND (r.number IS NULL OR r.beat < $1)`

// Uncertain lists the steps that somebody has to look after, by the items' places in
// the source.
func (l *Ledger) Uncertain(ctx context.Context) iter.Seq2[pipeline.UncertainRow, error] {
	scan := func(rows *sql.Rows) (u pipeline.UncertainRow, err error) {
		var state string
		var begun sql.NullInt64
		err = rows.Scan(&u.Key, &u.Step, &state, &begun)
		u.Doubted, u.Begun = state == onceDoubted, moment(begun)
		return u, err
	}
	return stream(ctx, l.reader, scan, `SELECT o.key, o.step, o.state, o.begun`+uncertain+` ORDER BY i.seq, o.key, o.step`, stamp(time.Now().Add(-silence)))
}

// SettleOnce takes the steps of which nobody knew for done, or else for not done, those
// of the items with these keys or of all, and makes their items pending that have failed,
// with no attempt counted against them. The error names the keys that have no such step;
// then nothing is changed.
func (l *Ledger) SettleOnce(ctx context.Context, keys []string, done bool) error {
	known := map[string]bool{}
	for row, err := range l.Uncertain(ctx) {
		if err != nil {
			return fmt.Errorf("looking for what is uncertain: %w", err)
		}
		known[row.Key] = true
	}
	keys, err := pickUncertain(keys, known)
	if err != nil {
		return err
	}
	return l.write(ctx, func(tx *sql.Tx) error {
		changes := countChanges{}
		for _, key := range keys {
			if err := settleOnce(ctx, tx, key, done, changes); err != nil {
				return fmt.Errorf("item %q: %w", key, err)
			}
		}
		return changes.save(ctx, tx)
	})
}

// pickUncertain gives the keys that are meant: those that are named, or all.
func pickUncertain(keys []string, known map[string]bool) ([]string, error) {
	if len(keys) == 0 {
		keys = slices.Sorted(maps.Keys(known))
	}
	var sure []string
	for _, key := range keys {
		if !known[key] {
			sure = append(sure, strconv.Quote(key))
		}
	}
	switch {
	case len(sure) > 0:
		return nil, fmt.Errorf("nothing is uncertain of the item %s", strings.Join(sure, " or "))
	case len(keys) == 0:
		return nil, errors.New("no item is uncertain")
	}
	return keys, nil
}

func settleOnce(ctx context.Context, tx *sql.Tx, key string, done bool, changes countChanges) error {
	how := `DELETE FROM once_steps WHERE key = $1 AND state <> 'done'`
	if done {
		how = `UPDATE once_steps SET state = 'done', item = '' WHERE key = $1 AND state <> 'done'`
	}
	if _, err := tx.ExecContext(ctx, how, key); err != nil {
		return err
	}
	before, err := stateOf(ctx, tx, key)
	if err != nil || before.status != pipeline.Failed {
		return err
	}
	changes.move(before.key(before.status), before.key(pipeline.Pending))
	_, err = tx.ExecContext(ctx, `UPDATE items SET status = $1, counted = 0, finished = NULL WHERE key = $2`, pipeline.Pending, key)
	return err
}

// forgetOnce has all steps of an item done anew that are done once.
func forgetOnce(ctx context.Context, tx *sql.Tx, key string) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM once_steps WHERE key = $1`, key)
	return err
}
