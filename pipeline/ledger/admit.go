package ledger

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"pipe/pipeline"
)

// Admit registers rows of the source, all or none, and tells where each stands.
// A row whose key another row of the same run had is a duplicate; the same row
// given twice is not. An item keeps its status, and takes the place and the
// fields that the newest run gives it. Done items are due again by the rule.
func (l *Ledger) Admit(ctx context.Context, run int64, items []pipeline.Item, rule pipeline.Refresh) ([]pipeline.Admission, error) {
	admissions := make([]pipeline.Admission, len(items))
	err := l.write(ctx, func(tx *sql.Tx) error {
		a := &admitting{tx: tx, run: run, rule: rule, now: time.Now(), changes: countChanges{}}
		if err := a.findRound(ctx, tx); err != nil {
			return err
		}
		for i, item := range items {
			admission, err := a.admit(ctx, item)
			if err != nil {
				return fmt.Errorf("row %d, item %q: %w", item.Seq, item.Key, err)
			}
			admissions[i] = admission
		}
		return a.changes.save(ctx, tx)
	})
	if err != nil {
		return nil, fmt.Errorf("admitting %d rows of the source: %w", len(items), err)
	}
	return admissions, nil
}

// admitting is one call of Admit.
type admitting struct {
	tx         *sql.Tx
	run        int64
	rule       pipeline.Refresh
	round, now time.Time
	changes    countChanges
}

// findRound looks when the newest run ended that came to the end of all items.
func (a *admitting) findRound(ctx context.Context, from queryer) error {
	if !a.rule.Always {
		return nil
	}
	var ended sql.NullInt64
	err := from.QueryRowContext(ctx, `
		SELECT MAX(ended) FROM runs WHERE partial = 0 AND reason = $1 AND number < $2`, finished, a.run).Scan(&ended)
	a.round = moment(ended)
	return err
}

// queryer is a transaction, or a database.
type queryer interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// knownItem is an item as the ledger has it.
type knownItem struct {
	pipeline.Admission
	run, seq        int64
	fields, refresh string
	doneWith        sql.NullString
	finished        sql.NullInt64
}

// findItem finds what the ledger has of an item; none is [sql.ErrNoRows].
func findItem(ctx context.Context, from queryer, key string) (k knownItem, err error) {
	err = from.QueryRowContext(ctx, `
		SELECT run, seq, status, counted, fields, done_with, finished, refresh FROM items WHERE key = $1`, key).
		Scan(&k.run, &k.seq, &k.Status, &k.Counted, &k.fields, &k.doneWith, &k.finished, &k.refresh)
	return k, err
}

func (a *admitting) admit(ctx context.Context, item pipeline.Item) (pipeline.Admission, error) {
	text, err := json.Marshal(item.Fields)
	if err != nil {
		return pipeline.Admission{}, fmt.Errorf("encoding its fields: %w", err)
	}
	k, err := findItem(ctx, a.tx, item.Key)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		a.changes[countKey{a.run, pipeline.Pending}]++
		_, err := a.tx.ExecContext(ctx, `
			INSERT INTO items (key, seq, fields, status, run) VALUES ($1, $2, $3, $4, $5)`,
			item.Key, item.Seq, string(text), pipeline.Pending, a.run)
		return pipeline.Admission{Status: pipeline.Pending}, err
	case err != nil:
		return k.Admission, err
	case k.run != a.run:
		return a.renew(ctx, item, string(text), k)
	}
	if k.Due = k.refresh == due; k.seq == int64(item.Seq) {
		return k.Admission, nil
	}
	k.Duplicate = true
	result, err := a.tx.ExecContext(ctx, `
		INSERT INTO duplicates (run, key, seq) VALUES ($1, $2, $3)
		ON CONFLICT (run, key, seq) DO NOTHING`, a.run, item.Key, item.Seq)
	if err != nil {
		return k.Admission, err
	}
	added, err := result.RowsAffected()
	a.changes[countKey{a.run, duplicate}] += int(added)
	return k.Admission, err
}

// renew gives an item what the source says of it now, and finds whether it is
// due again.
func (a *admitting) renew(ctx context.Context, item pipeline.Item, text string, k knownItem) (pipeline.Admission, error) {
	was, before := k.Status, k.refresh
	if was.Well() {
		if err := a.again(item, text, &k); err != nil {
			return k.Admission, err
		}
		k.refresh = ""
		switch {
		case k.Due && was == pipeline.Skipped: // nothing of it stands
			k.Status, k.Due = pipeline.Pending, false
		case k.Due:
			k.refresh = due
		}
		if before != due {
			k.Counted = 0
		}
		if before == "" && (k.refresh == due || k.Status == pipeline.Pending) {
			// A refresh that has failed before goes on with what it has done.
			if err := forgetOnce(ctx, a.tx, item.Key); err != nil {
				return k.Admission, err
			}
		}
	}
	a.changes.move(countKey{k.run, was}, countKey{a.run, k.Status})
	a.changes.again(countKey{k.run, pipeline.Status(before)}, -1)
	a.changes.again(countKey{a.run, pipeline.Status(k.refresh)}, 1)
	// What failed in doing it again is the reason of nothing any more.
	_, err := a.tx.ExecContext(ctx, `
		UPDATE items SET seq = $1, fields = $2, run = $3, done_with = $4, refresh = $5, counted = $6,
			status = $7, finished = CASE WHEN $7 = 'pending' THEN NULL ELSE finished END,
			class = CASE WHEN status = 'done' THEN '' ELSE class END,
			reason = CASE WHEN status = 'done' THEN '' ELSE reason END,
			step = CASE WHEN status = 'done' THEN '' ELSE step END
		WHERE key = $8`, item.Seq, text, a.run, k.doneWith, k.refresh, k.Counted, k.Status, item.Key)
	return k.Admission, err
}

// again asks the rule about a done item, with the row that it was done with.
func (a *admitting) again(item pipeline.Item, text string, k *knownItem) error {
	if !k.doneWith.Valid && k.fields != text {
		k.doneWith = sql.NullString{String: k.fields, Valid: true}
	}
	was := pipeline.DoneItem{Fields: item.Fields, Finished: moment(k.finished), Round: a.round}
	if k.doneWith.Valid && k.doneWith.String != text {
		was.Fields = nil
		if err := json.Unmarshal([]byte(k.doneWith.String), &was.Fields); err != nil {
			return fmt.Errorf("the row that it was done with: %w", err)
		}
	}
	k.Due = a.rule.Due(was, item.Fields, a.now)
	return nil
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

// Again makes items pending that are done or failed, with no attempt counted
// against them. What is done once for them is done again, unless keepOnce is true. The
// error names the keys that no item has; then none is changed.
func (l *Ledger) Again(ctx context.Context, keys []string, keepOnce bool) error {
	err := l.write(ctx, func(tx *sql.Tx) error {
		changes, unknown := countChanges{}, []string(nil)
		for _, key := range keys {
			var before countKey
			var refresh pipeline.Status
			err := tx.QueryRowContext(ctx, `SELECT run, status, refresh FROM items WHERE key = $1`, key).Scan(&before.run, &before.status, &refresh)
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
			changes.move(before, countKey{before.run, pipeline.Pending})
			changes.again(countKey{before.run, refresh}, -1)
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
