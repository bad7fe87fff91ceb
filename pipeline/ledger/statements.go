package ledger

import (
	"context"
	"database/sql"
	"fmt"
)

// The statements of every attempt, which are prepared once. A sign before a column
// keeps its index from being taken in place of a better one.
const (
	leaseOf = `
		SELECT i.lease, (SELECT COUNT(*) FROM runs r JOIN attempts a ON a.key = i.key
			WHERE r.number = $2 AND r.shared = 1 AND +a.run <> r.number AND i.status <> 'pending'
				AND a.status IN ('done', 'skipped', 'failed') AND a.ended >= r.started)
		FROM items i WHERE i.key = $1`
	takeLease    = `UPDATE items SET lease = $1 WHERE key = $2`
	beginAttempt = `
		INSERT INTO attempts (key, number, run, worker, started)
		VALUES ($1, (SELECT COALESCE(MAX(number), 0) + 1 FROM attempts WHERE key = $1), $2, $3, $4)
		RETURNING number`
	// stateBefore is where an item stands, and how often the run has settled it.
	stateBefore = `
		SELECT gone, status, refresh, (SELECT COUNT(*) FROM attempts a
			WHERE a.key = items.key AND +a.run = $2 AND a.status IN ('done', 'skipped'))
		FROM items WHERE key = $1`
	endAttempt = `
		UPDATE attempts SET ended = $1, status = $2, class = $3, reason = $4, step = $5,
			uncounted = $6, phases = $7, steps = $11
		WHERE key = $8 AND number = $9 AND run = $10 AND ended IS NULL`
	// The count starts anew for an item that an earlier run had settled.
	updateItem = `
		UPDATE items SET counted = CASE WHEN status = 'pending' OR refresh = 'due' THEN counted ELSE 0 END + $1,
			status = $2, class = $3, reason = $4, step = $5, finished = $6, record = $7,
			account = $8, found = $9, lease = CASE WHEN $2 = 'pending' THEN lease END,
			refresh = '', done_with = NULLIF($10, fields),
			recorded = CASE WHEN $2 = 'done' THEN $12 ELSE recorded END
		WHERE key = $11`
	deleteFiles = `DELETE FROM artifacts WHERE key = $1`
	insertFile  = `
		INSERT INTO artifacts (key, place, attempt, name, size, sha256, type, pages, via, url, step)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`
	discardFiles = `
		INSERT INTO discards (name) SELECT name FROM artifacts WHERE key = $1
		ON CONFLICT (name) DO NOTHING`
	keepFile    = `DELETE FROM discards WHERE name = $1`
	knownStep   = `SELECT number FROM step_names WHERE step = $1`
	insertStep  = `INSERT INTO step_names (number, step) VALUES ((SELECT COALESCE(MAX(number), 0) + 1 FROM step_names), $1) RETURNING number`
	readVersion = `SELECT n FROM version`
	setVersion  = `UPDATE version SET n = $1`
)

// prepare prepares the statements on the one connection that writes.
func (l *Ledger) prepare(ctx context.Context) error {
	l.statements = map[string]*sql.Stmt{}
	for _, query := range []string{
		leaseOf, takeLease, beginAttempt, stateBefore, endAttempt, updateItem, deleteFiles, insertFile, discardFiles, keepFile, knownStep, insertStep, readVersion, setVersion,
	} {
		statement, err := l.writer.PrepareContext(ctx, query) //nolint:sqlclosecheck // the database's, which Close closes
		if err != nil {
			return fmt.Errorf("preparing to write: %w", err)
		}
		l.statements[query] = statement
	}
	return nil
}

// exec runs such a statement within a transaction, which closes it.
func (l *Ledger) exec(ctx context.Context, tx *sql.Tx, query string, args ...any) (sql.Result, error) {
	return tx.StmtContext(ctx, l.statements[query]).ExecContext(ctx, args...) //nolint:sqlclosecheck // the transaction's
}

// queryRow does so for one that gives a row.
func (l *Ledger) queryRow(ctx context.Context, tx *sql.Tx, query string, args ...any) *sql.Row {
	return tx.StmtContext(ctx, l.statements[query]).QueryRowContext(ctx, args...) //nolint:sqlclosecheck // the transaction's
}
