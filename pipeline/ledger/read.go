package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"pipe/pipeline"
	"time"
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

// Owner returns the key of the done item that holds a file with these bytes, or
// "" when there is none.
func (l *Ledger) Owner(ctx context.Context, sha256 string) (string, error) {
	var key string
	err := l.reader.QueryRowContext(ctx, `
		SELECT a.key FROM artifacts a JOIN items i ON i.key = a.key
		WHERE a.sha256 = $1 AND i.status = 'done'
		ORDER BY i.finished, a.key LIMIT 1`, sha256).Scan(&key)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("looking for the owner of a file: %w", err)
	}
	return key, nil
}

// Holder returns the key of the done item that holds the file of this name, or
// "" when there is none.
func (l *Ledger) Holder(ctx context.Context, name string) (string, error) {
	var key string
	err := l.reader.QueryRowContext(ctx, `
		SELECT a.key FROM artifacts a JOIN items i ON i.key = a.key
		WHERE a.name = $1 AND i.status = 'done'
		ORDER BY i.finished, a.key LIMIT 1`, name).Scan(&key)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("looking for the holder of the file %q: %w", name, err)
	}
	return key, nil
}

// Items reads the items that the totals count, in the source's order: those of
// one status, or all for "".
func (l *Ledger) Items(ctx context.Context, status pipeline.Status) iter.Seq2[pipeline.ItemRow, error] {
	return stream(ctx, l.reader, scanItem, `
		SELECT key, seq, status, class, reason, step, finished,
			(SELECT COUNT(*) FROM attempts a WHERE a.key = items.key)
		FROM items WHERE run >= `+base+` AND ($1 = '' OR status = $1)
		ORDER BY seq, key`, status)
}

func scanItem(rows *sql.Rows) (pipeline.ItemRow, error) {
	var (
		row      pipeline.ItemRow
		finished sql.NullInt64
	)
	err := rows.Scan(&row.Key, &row.Seq, &row.Status, &row.Class, &row.Reason, &row.Step,
		&finished, &row.Attempts)
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

// Records reads the records of all done items in the source's order, also of
// those that have left the source: each item once. Whole numbers come back as
// int64.
func (l *Ledger) Records(ctx context.Context) iter.Seq2[pipeline.RecordRow, error] {
	lines := stream(ctx, l.reader, scanRecordLine, `
		SELECT i.key, i.seq, i.record, a.name
		FROM items i LEFT JOIN artifacts a ON a.key = i.key
		WHERE i.status = 'done' ORDER BY i.seq, i.key, a.place`)
	return func(yield func(pipeline.RecordRow, error) bool) {
		var (
			row  pipeline.RecordRow
			open bool
		)
		for line, err := range lines {
			if err != nil {
				yield(pipeline.RecordRow{}, err)
				return
			}
			if open && line.key == row.Key {
				row.Files = append(row.Files, line.file.String)
				continue
			}
			if open && !yield(row, nil) {
				return
			}
			if row, err = line.row(); err != nil {
				yield(row, err)
				return
			}
			open = true
		}
		if open {
			yield(row, nil)
		}
	}
}

// recordLine is a record with one of its item's files.
type recordLine struct {
	key    string
	seq    int
	record string
	file   sql.NullString
}

func scanRecordLine(rows *sql.Rows) (recordLine, error) {
	var line recordLine
	if err := rows.Scan(&line.key, &line.seq, &line.record, &line.file); err != nil {
		return line, fmt.Errorf("reading the records: %w", err)
	}
	return line, nil
}

func (line recordLine) row() (pipeline.RecordRow, error) {
	fields, err := decodeRecord(line.record)
	if err != nil {
		return pipeline.RecordRow{}, fmt.Errorf("item %q: %w", line.key, err)
	}
	row := pipeline.RecordRow{Key: line.key, Seq: line.seq, Fields: fields}
	if line.file.Valid {
		row.Files = []string{line.file.String}
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
