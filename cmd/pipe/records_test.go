package main

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	_ "modernc.org/sqlite"

	"pipe/cmd/pipe/internal/app"
	"pipe/pipeline"
	"pipe/pipeline/practice"
)

// Records in a table are those in the ledger, once each, whatever was killed.
func TestRecordsInATable(t *testing.T) {
	t.Parallel()
	locked := make(chan struct{})
	j := newJob(t, practice.Options{Vehicles: 40, PDFLatency: latency(300*time.Millisecond, 600*time.Millisecond), OnReport: beyond(10, locked)},
		append(straight(t), "to: vehicles.csv", `to: [vehicles.csv, {sql: {dsn: "sqlite:stock.db", table: vehicles}}]`)...)
	j.plainly()
	between := 0
	for k := range 2 {
		s := j.start("--contexts", "1", "--pages", "2")
		s.await(pipeline.ItemDone, 10)
		unlock := func() {}
		if k == 0 {
			eventually(t, "a record in the table", func() bool { return len(j.table()) > 0 })
			unlock = j.lockStock()
			close(locked)
			s.await(pipeline.ItemDone, 3)
		}
		j.must(s.cmd.Process.Kill())
		s.ended(-1)
		unlock()
		rows, done := j.table(), j.done()
		for _, row := range rows {
			if !done[row[0]] {
				t.Errorf("the table has %q, which is not done", row)
			}
		}
		if len(rows) > 0 && len(rows) < len(done) {
			between++
		}
	}
	if between == 0 {
		t.Error("no kill came between the ledger and the table: the test has no teeth")
	}
	j.run(app.ExitDone)
	want := map[string][]string{}
	for _, row := range j.records()[1:] {
		want[row[0]] = append(row, fmt.Sprintf(`["%s.pdf"]`, row[0]))
	}
	rows := j.table()
	for _, row := range rows {
		if !reflect.DeepEqual(row, want[row[0]]) {
			t.Errorf("the table has %q, the file %q", row, want[row[0]])
		}
	}
	if len(rows) != 40 || len(want) != 40 {
		t.Errorf("%d rows in the table and %d in the file", len(rows), len(want))
	}
}

// table reads the records in the database.
func (j *job) table() (all [][]string) {
	j.t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(j.dir, "stock.db")+"?mode=ro&_pragma=busy_timeout(10000)")
	j.must(err)
	defer func() { _ = db.Close() }()
	rows, err := db.QueryContext(j.t.Context(), `SELECT "key", vin, pages, files FROM vehicles`)
	j.must(err)
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		row := make([]string, 4)
		j.must(rows.Scan(&row[0], &row[1], &row[2], &row[3]))
		all = append(all, row)
	}
	j.must(rows.Err())
	return all
}

// lockStock keeps others from writing into the database of the records.
func (j *job) lockStock() (unlock func()) {
	j.t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(j.dir, "stock.db")+"?_pragma=busy_timeout(60000)&_txlock=immediate")
	j.must(err)
	tx, err := db.BeginTx(j.t.Context(), nil)
	j.must(err)
	return func() {
		j.must(tx.Rollback())
		j.must(db.Close())
	}
}

// stock opens the database of the records.
func (j *job) stock(statements ...string) {
	j.t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(j.dir, "stock.db"))
	j.must(err)
	defer func() { j.must(db.Close()) }()
	for _, s := range statements {
		_, err := db.ExecContext(j.t.Context(), s)
		j.must(err)
	}
}

// A table that takes no records costs none: they are written by the next run,
// which fetches nothing. One that cannot take any is told before the site is asked.
func TestTableThatTakesNoRecords(t *testing.T) {
	t.Parallel()
	j := newJob(t, practice.Options{Vehicles: 3}, "to: vehicles.csv", `to: {sql: {dsn: "sqlite:stock.db", table: vehicles}}`)
	j.stock(`CREATE TABLE vehicles ("key" TEXT, vin TEXT, pages INTEGER, files TEXT)`)
	has(t, j.run(app.ExitEnvironment), `its column "key" must be its primary key or unique`)
	if n := j.site.Counts().Logins; n != 0 {
		t.Errorf("%d logins for a table that is wrong", n)
	}
	j.stock(`DROP TABLE vehicles`, `CREATE TABLE vehicles ("key" TEXT PRIMARY KEY, vin TEXT, pages INTEGER, files TEXT, branch TEXT NOT NULL)`)
	has(t, j.run(app.ExitEnvironment), "3 of 3 done", "writing records into the table vehicles", "vehicles.branch", "put that right")
	j.stock(`DROP TABLE vehicles`)
	has(t, j.run(app.ExitDone), "this run: nothing to do")
	j.onceEach()
	if rows := j.table(); len(rows) != 3 {
		t.Errorf("the table has %q", rows)
	}
}
