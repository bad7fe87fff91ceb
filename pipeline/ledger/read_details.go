package ledger

import (
	"context"
	"database/sql"
	"fmt"
	"iter"

	"pipe/pipeline"
)

// detailLines has a line for each file of an item: how its newest attempt went, l, and
// a file of it, f, which only a done item has.
const detailLines = `
	SELECT i.key, i.seq, i.status, i.class, i.reason, i.step, i.finished, i.refresh, i.gone, i.fields, i.record,
		COALESCE(l.number, 0), COALESCE(l.run, 0), COALESCE(l.ended - l.started, 0), COALESCE(r.revision, ''), f.name
	FROM items i
	LEFT JOIN attempts l ON l.key = i.key AND l.number = (SELECT MAX(n.number) FROM attempts n WHERE n.key = i.key)
	LEFT JOIN runs r ON r.number = l.run
	LEFT JOIN artifacts f ON f.key = i.key AND i.status = 'done'`

// detailLinesOfRun has them as a run left them, by its last attempt at each.
const detailLinesOfRun = `
	SELECT i.key, i.seq, CASE WHEN l.ended IS NULL THEN 'pending' ELSE l.status END, l.class, l.reason, l.step, l.ended, '', i.gone, i.fields, '[]',
		l.number, l.run, COALESCE(l.ended - l.started, 0), r.revision, f.name
	FROM attempts l
	JOIN items i ON i.key = l.key
	JOIN runs r ON r.number = l.run
	LEFT JOIN artifacts f ON f.key = i.key AND i.status = 'done' AND l.status = 'done'
	WHERE l.run = $1 AND l.number = (SELECT MAX(n.number) FROM attempts n WHERE n.key = l.key AND n.run = $1)`

const detailOrder = ` ORDER BY i.seq, i.key, f.place`

// Details reads what is known of the items that the totals count, in the source's
// order: those of one status, or all for "".
func (l *Ledger) Details(ctx context.Context, status pipeline.Status) iter.Seq2[pipeline.ItemDetail, error] {
	if status == "" {
		return details(stream(ctx, l.reader, scanDetail, detailLines+` WHERE i.gone = 0`+detailOrder))
	}
	return details(stream(ctx, l.reader, scanDetail, detailLines+` WHERE i.gone = 0 AND i.status = $1`+detailOrder, status))
}

// DetailsOfRun reads the items that a run had in hand, each as it left them, without
// their records.
func (l *Ledger) DetailsOfRun(ctx context.Context, run int64) iter.Seq2[pipeline.ItemDetail, error] {
	return details(stream(ctx, l.reader, scanDetail, detailLinesOfRun+detailOrder, run))
}

// Item reads what is known of one item; false when it is not on record.
func (l *Ledger) Item(ctx context.Context, key string) (pipeline.ItemDetail, bool, error) {
	for item, err := range details(stream(ctx, l.reader, scanDetail, detailLines+` WHERE i.key = $1`+detailOrder, key)) {
		return item, err == nil, err
	}
	return pipeline.ItemDetail{}, false, nil
}

// Keys reads the keys of all items on record.
func (l *Ledger) Keys(ctx context.Context) iter.Seq2[string, error] {
	return stream(ctx, l.reader, func(rows *sql.Rows) (key string, err error) {
		return key, rows.Scan(&key)
	}, `SELECT key FROM items`)
}

// VersionsOf reads the older files that are kept of an item, by the time of their fetching.
func (l *Ledger) VersionsOf(ctx context.Context, key string) ([]pipeline.FileRow, error) {
	return collect(stream(ctx, l.reader, scanFile, `
		SELECT key, name, size, sha256, type, pages, via, url, fetched FROM versions WHERE key = $1 ORDER BY fetched, name`, key), "the older files of an item")
}

// FailedUnderOthers counts the failed items whose newest attempt was under another
// revision of the spec.
func (l *Ledger) FailedUnderOthers(ctx context.Context, revision string) (n int, err error) {
	err = l.reader.QueryRowContext(ctx, `
		SELECT COUNT(*) FROM items i
		JOIN attempts l ON l.key = i.key AND l.number = (SELECT MAX(n.number) FROM attempts n WHERE n.key = i.key)
		JOIN runs r ON r.number = l.run
		WHERE i.gone = 0 AND i.status = 'failed' AND r.revision <> $1`, revision).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("looking for failures of the spec as it was: %w", err)
	}
	return n, nil
}

// detailLine is an item with one of its files.
type detailLine struct {
	item         pipeline.ItemDetail
	record, file string
}

func scanDetail(rows *sql.Rows) (line detailLine, err error) {
	var (
		finished sql.NullInt64
		file     sql.NullString
		refresh  string
	)
	item := &line.item
	err = rows.Scan(&item.Key, &item.Seq, &item.Status, &item.Class, &item.Reason, &item.Step, &finished, &refresh, &item.Gone,
		&item.Fields, &line.record, &item.Attempts, &item.Run, &item.Took, &item.Revision, &file)
	item.Finished, item.Due, item.Stale, line.file = moment(finished), refresh == "due", refresh == "stale", file.String
	if err != nil {
		return line, fmt.Errorf("reading the items: %w", err)
	}
	return line, nil
}

// details puts the lines of one item together.
func details(lines iter.Seq2[detailLine, error]) iter.Seq2[pipeline.ItemDetail, error] {
	return func(yield func(pipeline.ItemDetail, error) bool) {
		var item pipeline.ItemDetail
		open := false
		for line, err := range lines {
			switch {
			case err != nil:
				yield(item, err)
				return
			case open && line.item.Key == item.Key:
				item.Files = append(item.Files, line.file)
				continue
			case open && !yield(item, nil):
				return
			}
			item, open = line.item, true
			if item.Record, err = decodeRecord(line.record); err != nil {
				yield(item, fmt.Errorf("item %q: %w", item.Key, err))
				return
			}
			if line.file != "" {
				item.Files = []string{line.file}
			}
		}
		if open {
			yield(item, nil)
		}
	}
}
