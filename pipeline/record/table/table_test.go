package table_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"pipe/pipeline"
	"pipe/pipeline/ledger"
	"pipe/pipeline/record/table"
	"pipe/pipeline/testdb"
)

// house is a ledger with a run under way, and a database.
type house struct {
	*ledger.Ledger
	run int64
	db  *sql.DB
	dsn string
	// deaf lets no note of what is written through.
	deaf bool
}

func (h *house) SetWritten(ctx context.Context, target string, recorded int64) error {
	if h.deaf && recorded >= 0 {
		return errors.New("killed")
	}
	return h.Ledger.SetWritten(ctx, target, recorded)
}

func newHouse(t *testing.T, driver, address, dsn string) *house {
	t.Helper()
	led, err := ledger.Open(t.Context(), filepath.Join(t.TempDir(), "ledger.sqlite"))
	check(t, err)
	t.Cleanup(func() { check(t, led.Close()) })
	run, err := led.BeginRun(t.Context(), pipeline.RunInfo{Spec: "x", Started: time.Now()})
	check(t, err)
	db, err := sql.Open(driver, address)
	check(t, err)
	t.Cleanup(func() { check(t, db.Close()) })
	return &house{Ledger: led, run: run, db: db, dsn: dsn}
}

// databases gives a house of each kind, at the same time.
func databases(t *testing.T, each func(t *testing.T, h *house)) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		path := filepath.Join(t.TempDir(), "a b.sqlite")
		each(t, newHouse(t, "sqlite", path, "sqlite:"+path))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		dsn := testdb.Postgres(t)
		each(t, newHouse(t, "pgx", dsn, dsn))
	})
}

// done brings an item home with a record, in a run of its own.
func (h *house) done(t *testing.T, key string, fields ...pipeline.Field) {
	t.Helper()
	ctx := t.Context()
	run, err := h.BeginRun(ctx, pipeline.RunInfo{Spec: "x", Started: time.Now()})
	check(t, err)
	_, err = h.Admit(ctx, run, []pipeline.Item{{Key: key, Seq: 1}}, pipeline.Refresh{})
	check(t, err)
	number, err := h.BeginAttempt(ctx, run, key, "1", time.Now())
	check(t, err)
	check(t, h.Commit(ctx, run, pipeline.Outcome{
		Item: pipeline.Item{Key: key}, Attempt: number, Status: pipeline.Done, Ended: time.Now(),
		Files: []pipeline.File{{Name: key + ".pdf", SHA256: key}}, Record: fields,
	}))
}

var fields = []table.Column{
	{Name: "miles", Kind: "int"},
	{Name: "ratio", Kind: "number"},
	{Name: "price", Kind: "money"},
	{Name: "since", Kind: "date"},
	{Name: "at", Kind: "time"},
	{Name: "sold", Kind: "bool"},
	{Name: "VIN", Kind: "text"},
	{Name: "owners", Kind: ""},
}

func record(price float64) []pipeline.Field {
	return []pipeline.Field{
		{Name: "miles", Value: int64(41_000)},
		{Name: "ratio", Value: 0.5},
		{Name: "price", Value: price},
		{Name: "since", Value: "2026-11-25"},
		{Name: "at", Value: "2026-11-25T08:30:00"},
		{Name: "sold", Value: true},
		{Name: "VIN", Value: "1FT \"Ω\""},
		{Name: "owners", Value: []any{map[string]any{"name": "Ann", "years": 3}}},
		{Name: "gone", Value: "of an older spec"},
	}
}

func (h *house) open(t *testing.T) *table.Writer {
	t.Helper()
	w, err := table.Open(t.Context(), h, table.Options{DSN: h.dsn, Table: "vehicles", Fields: fields})
	check(t, err)
	t.Cleanup(func() { check(t, w.Close()) })
	return w
}

// rows reads what the table has, as the texts that the database makes of it.
func (h *house) rows(t *testing.T, query string) (all [][]string) {
	t.Helper()
	rows, err := h.db.QueryContext(t.Context(), query)
	check(t, err)
	defer func() { check(t, rows.Close()) }()
	names, err := rows.Columns()
	check(t, err)
	for rows.Next() {
		values, to := make([]sql.NullString, len(names)), make([]any, len(names))
		for i := range values {
			to[i] = &values[i]
		}
		check(t, rows.Scan(to...))
		texts := make([]string, len(names))
		for i, v := range values {
			texts[i] = v.String
		}
		all = append(all, texts)
	}
	check(t, rows.Err())
	return all
}

func TestTypes(t *testing.T) {
	databases(t, func(t *testing.T, h *house) {
		w := h.open(t)
		h.done(t, "A", record(19990.5)...)
		h.done(t, "B")
		check(t, w.Write(t.Context()))
		// Numbers are numbers, dates are dates: the database reckons with them.
		sums := map[string]string{
			"sqlite":   `select "key", miles + 1, ratio + ratio, price * 2, date(since, '+1 day'), sold = 1, "VIN", owners, files from vehicles order by "key"`,
			"postgres": `select "key", miles + 1, ratio + ratio, price * 2, since + 1 || '', sold, "VIN", owners::jsonb->0->>'name', files from vehicles order by "key"`,
		}
		want := map[string][]string{
			"sqlite":   {"A", "41001", "1", "39981", "2026-11-26", "1", "1FT \"Ω\"", `[{"name":"Ann","years":3}]`, `["A.pdf"]`},
			"postgres": {"A", "41001", "1", "39981.0", "2026-11-26", "true", "1FT \"Ω\"", "Ann", `["A.pdf"]`},
		}
		kind, _, _ := strings.Cut(h.dsn, ":")
		got := h.rows(t, sums[kind])
		if len(got) != 2 || !reflect.DeepEqual(got[0], want[kind]) || got[1][0] != "B" || got[1][1] != "" {
			t.Errorf("got %q, want %q", got, want[kind])
		}
	})
}

// A record is there once, whatever was killed between the table and the ledger,
// and a newer one takes its place.
func TestOnce(t *testing.T) {
	databases(t, func(t *testing.T, h *house) {
		w := h.open(t)
		const many = 250
		for i := range many {
			h.done(t, fmt.Sprintf("K%03d", i), record(float64(i))...)
		}
		h.deaf = true
		if err := w.Write(t.Context()); err == nil {
			t.Fatal("a write that is not on record went well")
		}
		if n := h.rows(t, `select count(*) from vehicles`)[0][0]; n != "200" {
			t.Fatalf("%s records before the kill", n)
		}
		h.deaf = false
		w = h.open(t)
		check(t, w.Write(t.Context()))
		h.done(t, "K007", record(1)...)
		check(t, w.Write(t.Context()))
		if got := h.rows(t, `select count(*), count(distinct "key"), sum(price) from vehicles`)[0]; got[0] != "250" || got[1] != "250" || strings.TrimSuffix(got[2], ".0") != fmt.Sprint(many*(many-1)/2-7+1) {
			t.Errorf("records, keys and sum: %q", got)
		}
		// What is written is not written again.
		_, err := h.db.ExecContext(t.Context(), `delete from vehicles where "key" <> 'K001'`)
		check(t, err)
		check(t, w.Write(t.Context()))
		if n := h.rows(t, `select count(*) from vehicles`)[0][0]; n != "1" {
			t.Errorf("%s records were written again", n)
		}
		// A table that has to be made anew gets all.
		_, err = h.db.ExecContext(t.Context(), `drop table vehicles`)
		check(t, err)
		check(t, h.open(t).Write(t.Context()))
		if n := h.rows(t, `select count(*) from vehicles`)[0][0]; n != "250" {
			t.Errorf("%s records in a new table", n)
		}
	})
}

func TestTablesThatAreThere(t *testing.T) {
	databases(t, func(t *testing.T, h *house) {
		for name, c := range map[string]struct{ def, want string }{
			"other":   {`"key" text primary key, files text, id integer`, `it has no column "miles", only key, files, id: add it (ALTER TABLE "other" ADD COLUMN "miles" `},
			"unkeyed": {`"key" text, files text, miles integer`, `its column "key" must be its primary key or unique`},
			"good":    {`id integer, miles real, "key" varchar(9) unique, files text`, ""},
		} {
			_, err := h.db.ExecContext(t.Context(), "create table "+name+" ("+c.def+")")
			check(t, err)
			w, err := table.Open(t.Context(), h, table.Options{DSN: h.dsn, Table: name, Fields: fields[:1]})
			if c.want != "" {
				if err == nil || !strings.Contains(err.Error(), c.want) {
					t.Errorf("%s: %v, want %s", name, err, c.want)
				}
				continue
			}
			check(t, err)
			h.done(t, "A", record(5)...)
			check(t, w.Write(t.Context()))
			if got := h.rows(t, `select "key", miles, files from good`); len(got) != 1 || got[0][0] != "A" {
				t.Errorf("got %q", got)
			}
			check(t, w.Close())
		}
	})
}

func TestDatabasesThatAreNotThere(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "sqlite", filepath.Join(t.TempDir(), "x"), "")
	for _, dsn := range []string{
		"postgres://me:hush-hush@127.0.0.1:1/x", "postgres://me:hush-hush@127.0.0.1:x/%zz", "mysql://me:hush-hush@x/y", "sqlite:", "sqlite:/dev/null/hush-hush",
	} {
		_, err := table.Open(t.Context(), h, table.Options{DSN: dsn, Table: "a"})
		if err == nil || strings.Contains(err.Error(), "hush-hush") {
			t.Errorf("%s: %v", dsn, err)
		}
	}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
