package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"

	"pipe/pipeline"
)

// Records reads the records of all done items in the source's order, also of
// those that have left the source: each item once. Whole numbers come back as
// int64.
func (l *Ledger) Records(ctx context.Context) iter.Seq2[pipeline.RecordRow, error] {
	return records(stream(ctx, l.reader, scanRecordLine, recordLines+`i.status = 'done' ORDER BY i.seq, i.key, a.place`))
}

// Recorded reads the records that have come in after one, in the order of their
// coming.
func (l *Ledger) Recorded(ctx context.Context, after int64) iter.Seq2[pipeline.RecordRow, error] {
	return records(stream(ctx, l.reader, scanRecordLine, recordLines+`+i.status = 'done' AND i.recorded > $1 ORDER BY i.recorded, i.key, a.place`, after))
}

// recordLines has a line for each file of an item; a sign before a column keeps its
// index from being taken in place of a better one.
const recordLines = `
	SELECT i.key, i.seq, i.record, i.recorded, a.name
	FROM items i LEFT JOIN artifacts a ON a.key = i.key
	WHERE `

// records puts the lines of one item together.
func records(lines iter.Seq2[recordLine, error]) iter.Seq2[pipeline.RecordRow, error] {
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
	key      string
	seq      int
	record   string
	recorded int64
	file     sql.NullString
}

func scanRecordLine(rows *sql.Rows) (recordLine, error) {
	var line recordLine
	if err := rows.Scan(&line.key, &line.seq, &line.record, &line.recorded, &line.file); err != nil {
		return line, fmt.Errorf("reading the records: %w", err)
	}
	return line, nil
}

func (line recordLine) row() (pipeline.RecordRow, error) {
	fields, err := decodeRecord(line.record)
	if err != nil {
		return pipeline.RecordRow{}, fmt.Errorf("item %q: %w", line.key, err)
	}
	row := pipeline.RecordRow{Key: line.key, Seq: line.seq, Fields: fields, Recorded: line.recorded}
	if line.file.Valid {
		row.Files = []string{line.file.String}
	}
	return row, nil
}

// Written tells up to which record a target has all, as Recorded orders them; -1
// when it has none.
func (l *Ledger) Written(ctx context.Context, target string) (int64, error) {
	recorded := int64(-1)
	err := l.reader.QueryRowContext(ctx, `SELECT recorded FROM written WHERE target = $1`, target).Scan(&recorded)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, fmt.Errorf("looking how far the records are written: %w", err)
	}
	return recorded, nil
}

// SetWritten notes up to which record a target has all.
func (l *Ledger) SetWritten(ctx context.Context, target string, recorded int64) error {
	_, err := l.writer.ExecContext(ctx, `
		INSERT INTO written (target, recorded) VALUES ($1, $2)
		ON CONFLICT (target) DO UPDATE SET recorded = excluded.recorded`, target, recorded)
	if err != nil {
		return fmt.Errorf("noting how far the records are written: %w", err)
	}
	return nil
}
