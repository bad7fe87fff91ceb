package ledger

import (
	"context"
	"database/sql"
	"fmt"

	"pipe/pipeline"
)

// Resume notes of what the run's items are made, and gives the pending ones, in the
// source's order, that were last seen by a run whose items were made of the same: the
// source has them still.
func (l *Ledger) Resume(ctx context.Context, run int64, content string, most int) ([]pipeline.Item, error) {
	err := exactlyOne(l.writer.ExecContext(ctx, `UPDATE runs SET content = $1 WHERE number = $2`, content, run))
	if err != nil {
		return nil, fmt.Errorf("noting what the source of run %d is: %w", run, err)
	}
	scan := func(rows *sql.Rows) (item pipeline.Item, err error) { return item, scanListed(rows, &item) }
	return collect(stream(ctx, l.reader, scan, `
		SELECT key, seq, fields FROM items
		WHERE status = 'pending' AND gone = 0 AND run IN (SELECT number FROM runs WHERE content = $1)
		ORDER BY seq LIMIT $2`, content, most), "the pending items")
}
