package main

import (
	"database/sql"
	"os"

	"pipe/cmd/pipe/internal/app"
)

// reasons are why an item's attempts failed, in their order, as the ledger has
// them.
func (j *job) reasons(key string) []string {
	j.t.Helper()
	if _, err := os.Stat(app.LedgerPath(j.out)); err != nil {
		return []string{"no ledger"} // it did not come so far
	}
	// The ledger's package has opened this file before, so the driver is there.
	db, err := sql.Open("sqlite", "file:"+app.LedgerPath(j.out)+"?mode=ro")
	j.must(err)
	defer func() { _ = db.Close() }()
	rows, err := db.QueryContext(j.t.Context(), `
		SELECT class || ': ' || reason FROM attempts
		WHERE key = $1 AND status <> 'done' ORDER BY number`, key)
	j.must(err)
	defer func() { _ = rows.Close() }()
	var all []string
	for rows.Next() {
		var reason string
		j.must(rows.Scan(&reason))
		all = append(all, reason)
	}
	j.must(rows.Err())
	return all
}

// runsAtWork counts the runs that have had an item in hand.
func (j *job) runsAtWork() (runs int) {
	j.t.Helper()
	db, err := sql.Open("sqlite", "file:"+app.LedgerPath(j.out)+"?mode=ro")
	j.must(err)
	defer func() { _ = db.Close() }()
	j.must(db.QueryRowContext(j.t.Context(), `SELECT COUNT(DISTINCT run) FROM attempts`).Scan(&runs))
	return runs
}
