package ledger

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"time"

	"pipe/pipeline"
)

// stream reads the rows of a query as they are asked for. An error is the last
// element.
func stream[T any](
	ctx context.Context, db *sql.DB, scan func(*sql.Rows) (T, error), query string, args ...any,
) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		rows, err := db.QueryContext(ctx, query, args...)
		if err != nil {
			yield(none, err)
			return
		}
		defer func() { _ = rows.Close() }() // what it could tell, rows.Err told
		for rows.Next() {
			row, err := scan(rows)
			if !yield(row, err) || err != nil {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(none, err)
		}
	}
}

// Owner tells which done item beside the one of the key holds a file with these
// bytes, or an older version of one, and is still in the source. It is of one
// that the run has seen, rather than of another.
func (l *Ledger) Owner(ctx context.Context, run int64, key, sha256 string) (pipeline.Owner, error) {
	type holder struct {
		pipeline.Owner
		id int64
	}
	scan := func(rows *sql.Rows) (h holder, err error) {
		return h, rows.Scan(&h.Key, &h.File, &h.id, &h.Unseen)
	}
	// The order of the tables is told: the planner takes few files to have these bytes.
	holders := stream(ctx, l.reader, scan, `
		SELECT o.key, o.name, i.rowid,
			i.run < $1 AND EXISTS (SELECT 1 FROM runs WHERE number = $1 AND partial = 0 AND source_read = 0)
		FROM (
			SELECT key, name, 0 AS old FROM artifacts WHERE sha256 = $2
			UNION ALL SELECT key, name, 1 FROM versions WHERE sha256 = $2
		) o CROSS JOIN items i ON i.key = o.key
		WHERE i.status = 'done' AND i.gone = 0 AND i.key <> $3
		ORDER BY o.old, i.finished, i.key`, run, sha256, key)
	var first pipeline.Owner
	for h, err := range holders {
		if err != nil {
			return pipeline.Owner{}, fmt.Errorf("looking for the owner of a file: %w", err)
		}
		if h.Unseen = h.Unseen && !l.sight.has(run, h.id); !h.Unseen {
			return h.Owner, nil
		}
		if first.Key == "" {
			first = h.Owner
		}
	}
	return first, nil
}

// Holder returns the key of the done item that holds the file of this name, or
// an older version so named, or "" when there is none.
func (l *Ledger) Holder(ctx context.Context, name string) (string, error) {
	var key string
	err := l.reader.QueryRowContext(ctx, `
		SELECT key FROM (
			SELECT a.key, 0 AS old, i.finished AS since FROM artifacts a CROSS JOIN items i ON i.key = a.key
			WHERE a.name = $1 AND i.status = 'done'
			UNION ALL SELECT key, 1, fetched FROM versions WHERE name = $1
		) o ORDER BY old, since, key LIMIT 1`, name).Scan(&key)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("looking for the holder of the file %q: %w", name, err)
	}
	return key, nil
}

// NamesOf names the files of done items that have these bytes.
func (l *Ledger) NamesOf(ctx context.Context, sha256 string) ([]string, error) {
	return collect(stream(ctx, l.reader, func(rows *sql.Rows) (string, error) {
		var name string
		err := rows.Scan(&name)
		return name, err
	}, `SELECT a.name FROM artifacts a CROSS JOIN items i ON i.key = a.key
		WHERE a.sha256 = $1 AND i.status = 'done' ORDER BY a.name`, sha256), "the files of these bytes")
}

// Newest is the item that was done last, as FilesSince counts them; 0 for none.
func (l *Ledger) Newest(ctx context.Context) (newest int64, err error) {
	if err = l.reader.QueryRowContext(ctx, `SELECT COALESCE(MAX(recorded), 0) FROM items`).Scan(&newest); err != nil {
		return 0, fmt.Errorf("looking for the newest item: %w", err)
	}
	return newest, nil
}

// FilesSince names the files of the items that were done after one, in the order of
// their coming, and gives the newest.
func (l *Ledger) FilesSince(ctx context.Context, after int64) (names []string, newest int64, err error) {
	newest = after
	all, err := collect(stream(ctx, l.reader, func(rows *sql.Rows) (string, error) {
		var name string
		err := rows.Scan(&newest, &name)
		return name, err
	}, `SELECT i.recorded, a.name FROM items i CROSS JOIN artifacts a ON a.key = i.key
		WHERE +i.status = 'done' AND i.recorded > $1 ORDER BY i.recorded, a.place`, after), "the newest files")
	return all, newest, err
}

// Stale reads the done items whose refresh has failed, in the source's order.
func (l *Ledger) Stale(ctx context.Context) iter.Seq2[pipeline.ItemRow, error] {
	return stream(ctx, l.reader, scanItem, `
		SELECT key, seq, status, class, reason, step, finished, 1,
			(SELECT COUNT(*) FROM attempts a WHERE a.key = items.key)
		FROM items WHERE refresh = 'stale' AND refresh <> '' AND gone = 0 ORDER BY seq, key`)
}

// Items reads the items that the totals count, in the source's order: those of
// one status, or all for "".
func (l *Ledger) Items(ctx context.Context, status pipeline.Status) iter.Seq2[pipeline.ItemRow, error] {
	const columns = `
		SELECT key, seq, status, class, reason, step, finished, refresh = 'stale',
			(SELECT COUNT(*) FROM attempts a WHERE a.key = items.key)
		FROM items WHERE gone = 0`
	if status == "" {
		return stream(ctx, l.reader, scanItem, columns+` ORDER BY seq, key`)
	}
	return stream(ctx, l.reader, scanItem, columns+` AND status = $1 ORDER BY seq, key`, status)
}

func scanItem(rows *sql.Rows) (pipeline.ItemRow, error) {
	var (
		row      pipeline.ItemRow
		finished sql.NullInt64
	)
	err := rows.Scan(&row.Key, &row.Seq, &row.Status, &row.Class, &row.Reason, &row.Step,
		&finished, &row.Stale, &row.Attempts)
	row.Finished = moment(finished)
	if err != nil {
		return row, fmt.Errorf("reading the items: %w", err)
	}
	return row, nil
}

// Files reads the files of all done items, also of those that have left the
// source. The files of one item follow one another.
func (l *Ledger) Files(ctx context.Context) iter.Seq2[pipeline.FileRow, error] {
	return stream(ctx, l.reader, scanFile, `
		SELECT a.key, a.name, a.size, a.sha256, a.type, a.pages, a.via, a.url, i.finished
		FROM artifacts a JOIN items i ON i.key = a.key
		WHERE i.status = 'done' ORDER BY i.seq, i.key, a.place`)
}

func scanFile(rows *sql.Rows) (pipeline.FileRow, error) {
	var (
		row      pipeline.FileRow
		finished sql.NullInt64
	)
	file := &row.File
	err := rows.Scan(&row.Key, &file.Name, &file.Size, &file.SHA256, &file.Type, &file.Pages,
		&file.Via, &file.URL, &finished)
	row.Finished = moment(finished)
	if err != nil {
		return row, fmt.Errorf("reading the files: %w", err)
	}
	return row, nil
}

// Placed reads the files of all done items, as Files does, with what their
// expectations are evaluated with.
func (l *Ledger) Placed(ctx context.Context) iter.Seq2[pipeline.PlacedRow, error] {
	return stream(ctx, l.reader, scanPlaced, `
		SELECT a.key, a.name, a.size, a.sha256, a.type, a.pages, a.via, a.url, a.step, COALESCE(i.done_with, i.fields), i.account, i.found
		FROM artifacts a JOIN items i ON i.key = a.key
		WHERE i.status = 'done' ORDER BY i.seq, i.key, a.place`)
}

func scanPlaced(rows *sql.Rows) (pipeline.PlacedRow, error) {
	var (
		row           pipeline.PlacedRow
		fields, found []byte
	)
	file := &row.File
	err := rows.Scan(&row.Key, &file.Name, &file.Size, &file.SHA256, &file.Type, &file.Pages,
		&file.Via, &file.URL, &file.Step, &fields, &row.Account, &found)
	if err == nil {
		err = errors.Join(json.Unmarshal(fields, &row.Item), json.Unmarshal(found, &row.Found))
	}
	if err != nil {
		return row, fmt.Errorf("reading the files: %w", err)
	}
	return row, nil
}

// FinishedSince counts the items that became done or failed at since or later.
func (l *Ledger) FinishedSince(ctx context.Context, since time.Time) (int, error) {
	var n int
	err := l.reader.QueryRowContext(ctx,
		`SELECT COUNT(*) FROM items WHERE finished >= $1`, stamp(since)).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("counting the finished items: %w", err)
	}
	return n, nil
}

// Stands tells where an item stands; false when it is not on record.
func (l *Ledger) Stands(ctx context.Context, key string) (pipeline.Standing, bool, error) {
	var s pipeline.Standing
	err := l.reader.QueryRowContext(ctx, `SELECT status, fields, reason FROM items WHERE key = $1`, key).
		Scan(&s.Status, &s.Fields, &s.Reason)
	if errors.Is(err, sql.ErrNoRows) {
		return s, false, nil
	}
	if err != nil {
		return s, false, fmt.Errorf("looking for item %q: %w", key, err)
	}
	return s, true, nil
}
