package ledger

import (
	"context"
	"database/sql"
	"fmt"

	"pipe/pipeline"
)

// The values of items.refresh, which are counted beside the items' states.
const (
	due   = "due"
	stale = "stale"
)

// duplicate counts rows of duplicates beside the items' states.
const duplicate = "duplicate"

// The values of countKey.run for states of items: of those in the source, which are
// counted whatever run stands there, and of those that have left it, which are not.
const (
	inSource = 0
	outside  = -1
)

// countKey is one row of counts: items by their status, or rows of a run's source
// that are none.
type countKey struct {
	run    int64
	status pipeline.Status
}

// stateKey is where an item of the status is counted.
func stateKey(gone bool, status pipeline.Status) countKey {
	if gone {
		return countKey{outside, status}
	}
	return countKey{inSource, status}
}

// countChanges collects what a transaction changes in counts.
type countChanges map[countKey]int

func (t countChanges) move(from, to countKey) {
	t[from]--
	t[to]++
}

// again counts done items that are due again, or stale; others are none.
func (t countChanges) again(b countKey, n int) {
	if b.status != "" {
		t[b] += n
	}
}

// save adds the changes to counts.
func (t countChanges) save(ctx context.Context, tx *sql.Tx) error {
	for b, n := range t {
		if n == 0 || b.run == outside {
			continue
		}
		_, err := tx.ExecContext(ctx, `
			INSERT INTO counts (run, status, n) VALUES ($1, $2, $3)
			ON CONFLICT (run, status) DO UPDATE SET n = counts.n + excluded.n`,
			b.run, b.status, n)
		if err != nil {
			return fmt.Errorf("counting: %w", err)
		}
	}
	return nil
}

// Totals counts the rows of the newest source; the package comment tells which
// rows are in. In is the sum of the states, the duplicates and the bad. It takes well under a
// millisecond, however many items there are.
func (l *Ledger) Totals(ctx context.Context) (pipeline.Totals, error) {
	rows := stream(ctx, l.reader, scanCount, `
		SELECT status, CAST(SUM(n) AS BIGINT) FROM counts
		WHERE status NOT IN ('duplicate', 'bad')
			OR (status = 'bad' AND run = `+badRun+`)
			OR (status = 'duplicate' AND run =
				COALESCE(NULLIF(`+base+`, 0), (SELECT MAX(number) FROM runs)))
		GROUP BY status`)
	var totals pipeline.Totals
	for row, err := range rows {
		if err != nil {
			return pipeline.Totals{}, fmt.Errorf("counting the items: %w", err)
		}
		switch row.status {
		case string(pipeline.Done):
			totals.Done = row.n
		case string(pipeline.Skipped):
			totals.Skipped = row.n
		case string(pipeline.Failed):
			totals.Failed = row.n
		case string(pipeline.Pending):
			totals.Pending = row.n
		case duplicate:
			totals.Duplicates = row.n
		case bad:
			totals.Bad = row.n
		case due:
			totals.Due = row.n
		case stale:
			totals.Stale = row.n
		}
	}
	totals.In = totals.Done + totals.Skipped + totals.Failed + totals.Pending + totals.Duplicates + totals.Bad
	return totals, nil
}

type count struct {
	status string
	n      int
}

func scanCount(rows *sql.Rows) (count, error) {
	var c count
	err := rows.Scan(&c.status, &c.n)
	return c, err
}
