package ledger

import (
	"context"
	"database/sql"
	"fmt"
	"iter"
	"math"
	"slices"
	"time"

	"pipe/pipeline"
)

// state is where an item stands before a commit.
type state struct {
	gone            bool
	status, refresh pipeline.Status
}

// key is where the item would be counted with a status, or among those to refresh.
func (s state) key(status pipeline.Status) countKey {
	if status == "" {
		return countKey{}
	}
	return stateKey(s.gone, status)
}

func stateOf(ctx context.Context, tx *sql.Tx, key string) (state, error) {
	var s state
	err := tx.QueryRowContext(ctx, `SELECT gone, status, refresh FROM items WHERE key = $1`, key).
		Scan(&s.gone, &s.status, &s.refresh)
	return s, err
}

// Foresee tells what Admit would say of rows in a run that began now, and changes
// nothing: for plans. Duplicates are told of the rows that are given alone.
func (l *Ledger) Foresee(ctx context.Context, items []pipeline.Item, rule pipeline.Refresh) ([]pipeline.Admission, error) {
	a := &admitting{run: math.MaxInt64, rule: rule, now: time.Now()} // newer than any
	if err := a.findRound(ctx, l.reader); err != nil {
		return nil, fmt.Errorf("looking for the newest run: %w", err)
	}
	seen := map[string]bool{}
	var admissions []pipeline.Admission
	for batch := range slices.Chunk(items, foreseen) {
		known, err := findItems(ctx, l.reader, batch)
		if err != nil {
			return nil, fmt.Errorf("looking for %d rows of the source: %w", len(batch), err)
		}
		for i, item := range batch {
			admission, err := a.preview(ctx, l.reader, item, known[i])
			if err != nil {
				return nil, fmt.Errorf("row %d, item %q: %w", item.Seq, item.Key, err)
			}
			admission.Duplicate, seen[item.Key] = seen[item.Key], true
			admissions = append(admissions, admission)
		}
	}
	return admissions, nil
}

// foreseen is how many rows are looked for at once.
const foreseen = 1_000

func (a *admitting) preview(ctx context.Context, from queryer, item pipeline.Item, k knownItem) (pipeline.Admission, error) {
	if k.id == 0 {
		return pipeline.Admission{Status: pipeline.Pending}, nil
	}
	if !k.Status.Well() {
		return k.Admission, nil
	}
	digest, err := digestOf(item.Fields)
	if err != nil {
		return k.Admission, err
	}
	err = a.due(ctx, from, item, &k, !k.digest.Valid || k.digest.Int64 != digest)
	return k.Admission, err
}

// keepDone notes an attempt that did not do a done item again: the item stays
// done, with the files and the record that it has.
func (c *committing) keepDone(ctx context.Context, before state, out pipeline.Outcome) error {
	next := due
	if out.Status == pipeline.Failed {
		next = stale
	}
	err := exactlyOne(c.tx.ExecContext(ctx, `
		UPDATE items SET counted = counted + $1, class = $2, reason = $3, step = $4, refresh = $5,
			lease = CASE WHEN $5 = 'due' THEN lease END
		WHERE key = $6`,
		boolToInt(!out.Uncounted), out.Class, out.Reason, out.Step, next, out.Item.Key))
	if err != nil {
		return err
	}
	c.changes.move(before.key(before.refresh), before.key(pipeline.Status(next)))
	return nil
}

// forgetFiles notes which versions of a done item's files are kept, and which of
// its old files are to go: those whose names no new one has.
func (c *committing) forgetFiles(ctx context.Context, out pipeline.Outcome) error {
	if !out.Status.Well() {
		return nil
	}
	for _, v := range out.Versions {
		_, err := c.tx.ExecContext(ctx, `
			INSERT INTO versions (name, key, origin, size, sha256, type, pages, via, url, fetched)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
			ON CONFLICT (name) DO UPDATE SET size = excluded.size, sha256 = excluded.sha256`,
			v.File.Name, out.Item.Key, v.Of, v.File.Size, v.File.SHA256, v.File.Type, v.File.Pages, v.File.Via, v.File.URL, stamp(v.Fetched))
		if err != nil {
			return fmt.Errorf("noting the version %q: %w", v.File.Name, err)
		}
	}
	if out.Attempt > 1 { // else the item has never had any
		if _, err := c.exec(ctx, discardFiles, out.Item.Key); err != nil {
			return err
		}
	}
	for _, f := range out.Files {
		if _, err := c.exec(ctx, keepFile, f.Name); err != nil {
			return err
		}
	}
	return nil
}

// Standing returns the files on record of an item, done or not, and when it was
// last done.
func (l *Ledger) Standing(ctx context.Context, key string) ([]pipeline.FileRow, error) {
	return collect(stream(ctx, l.reader, scanFile, `
		SELECT a.key, a.name, a.size, a.sha256, a.type, a.pages, a.via, a.url,
			(SELECT MAX(t.ended) FROM attempts t WHERE t.key = a.key AND t.status = 'done')
		FROM artifacts a WHERE a.key = $1 ORDER BY a.place`, key), "the files of an item")
}

// Versions reads the older files that are kept, by the time of their fetching.
func (l *Ledger) Versions(ctx context.Context) iter.Seq2[pipeline.FileRow, error] {
	return stream(ctx, l.reader, scanFile, `
		SELECT key, name, size, sha256, type, pages, via, url, fetched FROM versions ORDER BY fetched, name`)
}

// Discards lists the files that were an item's until it got others.
func (l *Ledger) Discards(ctx context.Context) ([]string, error) {
	return collect(stream(ctx, l.reader, func(rows *sql.Rows) (string, error) {
		var name string
		err := rows.Scan(&name)
		return name, err
	}, `SELECT name FROM discards ORDER BY name`), "the files to remove")
}

// Discarded notes that such a file is gone, or somebody's again.
func (l *Ledger) Discarded(ctx context.Context, name string) error {
	if _, err := l.writer.ExecContext(ctx, `DELETE FROM discards WHERE name = $1`, name); err != nil {
		return fmt.Errorf("noting that a file is gone: %w", err)
	}
	return nil
}
