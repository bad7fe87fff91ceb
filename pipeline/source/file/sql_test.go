package file

import (
	"database/sql"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"pipe/pipeline"
	"pipe/pipeline/testdb"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestSQLite(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a b?.sqlite")
	db, err := sql.Open("sqlite", "file:"+strings.ReplaceAll(strings.ReplaceAll(path, "?", "%3f"), " ", "%20"))
	must(t, err)
	defer func() { must(t, db.Close()) }()
	_, err = db.ExecContext(t.Context(), `create table stock (ref text, price integer, note text); insert into stock values ('A1', 5, null), ('B2', 1234567, 'x')`)
	must(t, err)
	table := pipeline.Table{Format: "sql", DSN: "sqlite:" + path, Query: "select ref as \"Stock Number\", price, note, price from stock order by ref", Limit: time.Minute}
	rows, errs := readTable(t, table)
	want := []Row{
		{Line: 1, Fields: fields{"Stock Number": "A1", "stock_number": "A1", "price": "5", "note": "", "price (2)": "5", "price_2": "5"}},
		{Line: 2, Fields: fields{"Stock Number": "B2", "stock_number": "B2", "price": "1234567", "note": "x", "price (2)": "1234567", "price_2": "1234567"}},
	}
	if !reflect.DeepEqual(rows, want) || len(errs) > 0 {
		t.Errorf("rows %v, errors %q", rows, errs)
	}
	table.Query = "delete from stock returning ref"
	if _, errs := readTable(t, table); len(errs) != 1 || !strings.Contains(errs[0], "readonly") {
		t.Errorf("a query that writes: %q", errs)
	}
	table.DSN = "sqlite:" + path + ".none"
	if _, errs := readTable(t, table); len(errs) != 1 || !strings.Contains(errs[0], "no such file") {
		t.Errorf("no database: %q", errs)
	}
}

func TestPostgres(t *testing.T) {
	t.Parallel()
	table := pipeline.Table{Format: "sql", DSN: testdb.Postgres(t), Limit: time.Minute}
	table.Query = `select 'A1' as ref, 19990.50::numeric as price, date '2026-11-25' as since, true as sold, null as note, 7::bigint as n, '{"a": 1}'::jsonb as j, 'é'::bytea as b`
	rows, errs := readTable(t, table)
	want := []Row{{Line: 1, Fields: fields{"ref": "A1", "price": "19990.50", "since": "2026-11-25", "sold": "true", "note": "", "n": "7", "j": `{"a": 1}`, "b": "é"}}}
	if !reflect.DeepEqual(rows, want) || len(errs) > 0 {
		t.Errorf("rows %v, errors %q", rows, errs)
	}
	table.Query = "create table x (a int)"
	if _, errs := readTable(t, table); len(errs) != 1 || !strings.Contains(errs[0], "read-only transaction") {
		t.Errorf("a query that writes: %q", errs)
	}
	for _, dsn := range []string{"postgres://pipe:hush-hush@127.0.0.1:1/x", "postgres://pipe:hush-hush@127.0.0.1:x/%zz", "oracle://me:hush-hush@x/y"} {
		table.DSN = dsn
		if _, errs := readTable(t, table); len(errs) != 1 || strings.Contains(errs[0], "hush-hush") {
			t.Errorf("%s: %q", dsn, errs)
		}
	}
}

func TestMariaDB(t *testing.T) {
	t.Parallel()
	dsn := testdb.MariaDB(t)
	db, err := openDatabase(dsn)
	must(t, err)
	defer func() { must(t, db.Close()) }()
	_, err = db.ExecContext(t.Context(), `create table stock (ref varchar(9), price decimal(9,2), since date, at datetime, note text, n bigint unsigned) character set utf8mb4`)
	must(t, err)
	_, err = db.ExecContext(t.Context(), `insert into stock (ref, price, since, at, n) values ('A1', 19990.50, '2026-11-25', '2026-11-25 08:30:00', 18446744073709551615)`)
	must(t, err)
	_, err = db.ExecContext(t.Context(), `insert into stock (ref, note, n) values ('B2', 'naïve 🚗', 0)`)
	must(t, err)
	table := pipeline.Table{Format: "sql", DSN: dsn, Limit: time.Minute, Query: "select * from stock order by ref"}
	rows, errs := readTable(t, table)
	want := []Row{
		{Line: 1, Fields: fields{"ref": "A1", "price": "19990.50", "since": "2026-11-25", "at": "2026-11-25T08:30:00Z", "note": "", "n": "18446744073709551615"}},
		{Line: 2, Fields: fields{"ref": "B2", "price": "", "since": "", "at": "", "note": "naïve 🚗", "n": "0"}},
	}
	if !reflect.DeepEqual(rows, want) || len(errs) > 0 {
		t.Errorf("rows %v, errors %q", rows, errs)
	}
	table.Query = "delete from stock"
	if _, errs := readTable(t, table); len(errs) != 1 || !strings.Contains(errs[0], "READ ONLY") {
		t.Errorf("a query that writes: %q", errs)
	}
	for wrong, want := range map[string]string{
		strings.Replace(dsn, "hush", "hush-hush-hush", 1): "denied",
		"mysql://pipe:hush-hush@127.0.0.1:1/x":            "refused",
		"mysql://pipe:hush-hush@127.0.0.1":                "its dsn is not like mysql://",
		"mysql://pipe:hush-hush@127.0.0.1:x/%zz":          "its dsn is not like mysql://",
		dsn + "?tls=none":                                 "its dsn is not like mysql://",
	} {
		table.DSN = wrong
		if _, errs := readTable(t, table); len(errs) != 1 || !strings.Contains(errs[0], want) || strings.Contains(errs[0], "hush-hush") {
			t.Errorf("%s: %q, want %q", wrong, errs, want)
		}
	}
}
