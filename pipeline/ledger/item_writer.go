package ledger

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"pipe/pipeline"
)

// itemWriter writes the rows of one call of Admit.
type itemWriter struct {
	tx      *sql.Tx
	run     int64
	changes countChanges

	insert, renew, duplicate *sql.Stmt
}

func (w *itemWriter) prepare(ctx context.Context) error {
	for to, text := range map[**sql.Stmt]string{
		&w.insert: `INSERT INTO items (key, seq, fields, status, run, digest) VALUES ($1, $2, $3, $4, $5, $6)`,
		// What failed in doing it again is the reason of nothing any more.
		&w.renew: `
			UPDATE items SET seq = $1, fields = COALESCE($2, fields), run = $3, done_with = $4, refresh = $5, counted = $6,
				status = $7, digest = $8, gone = 0, finished = CASE WHEN $7 = 'pending' THEN NULL ELSE finished END,
				class = CASE WHEN refresh = '' THEN class ELSE '' END,
				reason = CASE WHEN refresh = '' THEN reason ELSE '' END,
				step = CASE WHEN refresh = '' THEN step ELSE '' END
			WHERE rowid = $9`,
		&w.duplicate: `INSERT INTO duplicates (run, key, seq) VALUES ($1, $2, $3) ON CONFLICT (run, key, seq) DO NOTHING`,
	} {
		var err error
		if *to, err = w.tx.PrepareContext(ctx, text); err != nil {
			return err
		}
	}
	return nil
}

// close lets go of the statements; with the transaction they would go too.
func (w *itemWriter) close() {
	for _, s := range []*sql.Stmt{w.insert, w.renew, w.duplicate} {
		if s != nil {
			_ = s.Close()
		}
	}
}

func (w *itemWriter) write(ctx context.Context, item pipeline.Item, row *admittedRow) error {
	switch row.kind {
	case newItem:
		return w.writeNew(ctx, item, row)
	case renewedItem:
		return w.writeRenewed(ctx, item, row)
	case duplicateRow:
		result, err := w.duplicate.ExecContext(ctx, w.run, item.Key, item.Seq)
		if err != nil {
			return err
		}
		added, err := result.RowsAffected()
		w.changes[countKey{w.run, duplicate}] += int(added)
		return err
	default:
		return nil
	}
}

func (w *itemWriter) writeNew(ctx context.Context, item pipeline.Item, row *admittedRow) error {
	text, err := json.Marshal(item.Fields)
	if err != nil {
		return fmt.Errorf("encoding its fields: %w", err)
	}
	result, err := w.insert.ExecContext(ctx, item.Key, item.Seq, string(text), pipeline.Pending, w.run, row.after.digest)
	if err != nil {
		return err
	}
	w.changes[stateKey(false, pipeline.Pending)]++
	row.after.id, err = result.LastInsertId()
	return err
}

// writeRenewed gives an item what the source says of it now.
func (w *itemWriter) writeRenewed(ctx context.Context, item pipeline.Item, row *admittedRow) error {
	before, after := row.before, row.after
	var fields sql.NullString
	if row.other {
		text, err := json.Marshal(item.Fields)
		if err != nil {
			return fmt.Errorf("encoding its fields: %w", err)
		}
		fields = sql.NullString{String: string(text), Valid: true}
	}
	if before.Status.Well() && before.refresh == "" && (after.refresh == due || after.Status == pipeline.Pending) {
		// A refresh that has failed before goes on with what it has done.
		if err := forgetOnce(ctx, w.tx, item.Key); err != nil {
			return err
		}
	}
	w.changes.move(stateKey(before.gone, before.Status), stateKey(false, after.Status))
	w.changes.again(state{gone: before.gone}.key(pipeline.Status(before.refresh)), -1)
	w.changes.again(state{}.key(pipeline.Status(after.refresh)), 1)
	_, err := w.renew.ExecContext(ctx, item.Seq, fields, w.run, after.doneWith, after.refresh, after.Counted, after.Status, after.digest, before.id)
	return err
}
