package ledger

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"pipe/pipeline"
)

// Admit registers rows of the source, all or none, and tells where each stands.
// A row whose key another row of the same run had is a duplicate; the same row
// given twice is not. An item keeps its status, and takes the place and the
// fields that the newest run gives it. Done items are due again by the rule.
//
// One query looks at all rows, and of those that are as they were nothing is written.
func (l *Ledger) Admit(ctx context.Context, run int64, items []pipeline.Item, rule pipeline.Refresh) ([]pipeline.Admission, error) {
	a := &admitting{run: run, rule: rule, now: time.Now(), sight: &l.sight}
	err := a.findRound(ctx, l.reader)
	if err == nil {
		err = a.look(ctx, l.reader, items)
	}
	if err == nil && a.writes > 0 {
		err = l.write(ctx, func(tx *sql.Tx) error {
			// Since the look at them another run may have settled some.
			if err := a.look(ctx, tx, items); err != nil {
				return err
			}
			return a.save(ctx, tx, items)
		})
	}
	if err != nil {
		return nil, fmt.Errorf("admitting %d rows of the source: %w", len(items), err)
	}
	admissions := make([]pipeline.Admission, len(items))
	seen := make([]int64, len(items))
	for i, row := range a.rows {
		admissions[i], seen[i] = row.after.Admission, row.after.id
	}
	l.sight.add(run, seen)
	return admissions, nil
}

// admitting is one call of Admit.
type admitting struct {
	run        int64
	rule       pipeline.Refresh
	round, now time.Time
	sight      *sight

	rows []admittedRow
	// writes is how many of the rows are to be written.
	writes int
}

// admittedRow is a row, and how the ledger has its item before it and after.
type admittedRow struct {
	kind          rowKind
	before, after knownItem
	// other is true where the item's fields are others than before.
	other bool
}

// rowKind is what is to be written of a row.
type rowKind int

const (
	asItWas rowKind = iota
	newItem
	renewedItem
	duplicateRow
)

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

// look finds out what is to be written of each row.
func (a *admitting) look(ctx context.Context, from queryer, items []pipeline.Item) error {
	known, err := findItems(ctx, from, items)
	if err != nil {
		return err
	}
	a.rows, a.writes = make([]admittedRow, len(items)), 0
	places := make(map[string]int, len(items))
	for i, item := range items {
		k := known[i]
		seen := k.id > 0 && (k.run == a.run || a.sight.has(a.run, k.id))
		if place, again := places[item.Key]; again {
			k, seen = a.rows[place].after, true
		} else {
			places[item.Key] = i
		}
		if a.rows[i], err = a.row(ctx, from, item, k, seen); err != nil {
			return fmt.Errorf("row %d, item %q: %w", item.Seq, item.Key, err)
		}
		if a.rows[i].kind != asItWas {
			a.writes++
		}
	}
	return nil
}

// row finds out what is to be written of one, seen being true for an item of which
// this run has had a row before.
func (a *admitting) row(ctx context.Context, from queryer, item pipeline.Item, k knownItem, seen bool) (admittedRow, error) {
	if seen {
		row := admittedRow{before: k, after: k}
		row.after.Due = k.refresh == due
		if row.after.Duplicate = k.seq != int64(item.Seq); row.after.Duplicate {
			row.kind = duplicateRow
		}
		return row, nil
	}
	digest, err := digestOf(item.Fields)
	if err != nil {
		return admittedRow{}, err
	}
	row := admittedRow{before: k, after: k, other: !k.digest.Valid || k.digest.Int64 != digest}
	next := &row.after
	next.run, next.seq, next.gone, next.digest = a.run, int64(item.Seq), false, sql.NullInt64{Int64: digest, Valid: true}
	if k.id == 0 {
		row.kind, next.Status = newItem, pipeline.Pending
		return row, nil
	}
	if k.Status.Well() {
		if err := a.again(ctx, from, item, next, row.other); err != nil {
			return row, err
		}
	}
	// What is to be done is written in any case: runs that joined this one look for it.
	todo := next.Status == pipeline.Pending || next.refresh == due
	if row.other || todo || next.seq != k.seq || k.gone || next.Status != k.Status || next.refresh != k.refresh || next.doneWith != k.doneWith {
		row.kind = renewedItem
	}
	return row, nil
}

// again finds whether a done item is due again.
func (a *admitting) again(ctx context.Context, from queryer, item pipeline.Item, k *knownItem, other bool) error {
	if err := a.due(ctx, from, item, k, other); err != nil {
		return err
	}
	before := k.refresh
	k.refresh = ""
	switch {
	case k.Due && k.Status == pipeline.Skipped: // nothing of it stands
		k.Status, k.Due = pipeline.Pending, false
	case k.Due:
		k.refresh = due
	}
	if before != due {
		k.Counted = 0
	}
	return nil
}

// due asks the rule about a done item, with the row that it was done with.
func (a *admitting) due(ctx context.Context, from queryer, item pipeline.Item, k *knownItem, other bool) error {
	was := pipeline.DoneItem{Fields: item.Fields, Finished: moment(k.finished), Round: a.round}
	if other || k.doneWith.Valid {
		text, err := json.Marshal(item.Fields)
		if err != nil {
			return fmt.Errorf("encoding its fields: %w", err)
		}
		if !k.doneWith.Valid {
			var fields string
			if err := from.QueryRowContext(ctx, `SELECT fields FROM items WHERE rowid = $1`, k.id).Scan(&fields); err != nil {
				return err
			}
			k.doneWith = sql.NullString{String: fields, Valid: fields != string(text)}
		}
		if k.doneWith.Valid && k.doneWith.String != string(text) {
			was.Fields = nil
			if err := json.Unmarshal([]byte(k.doneWith.String), &was.Fields); err != nil {
				return fmt.Errorf("the row that it was done with: %w", err)
			}
		}
		if !k.doneWith.Valid {
			k.doneWith = sql.NullString{}
		}
	}
	k.Due = a.rule.Due(was, item.Fields, a.now)
	return nil
}

// save writes what is to be written.
func (a *admitting) save(ctx context.Context, tx *sql.Tx, items []pipeline.Item) error {
	w := &itemWriter{tx: tx, run: a.run, changes: countChanges{}}
	defer w.close()
	if err := w.prepare(ctx); err != nil {
		return err
	}
	ids := map[string]int64{}
	for i, item := range items {
		row := &a.rows[i]
		if row.after.id == 0 {
			row.after.id = ids[item.Key] // one that is new in this call
		}
		if err := w.write(ctx, item, row); err != nil {
			return fmt.Errorf("row %d, item %q: %w", item.Seq, item.Key, err)
		}
		if row.kind == newItem {
			ids[item.Key] = row.after.id
		}
	}
	return w.changes.save(ctx, tx)
}
