// Package table writes the records of done items into a table of a database. The
// ledger is the truth: what is in it and not yet in the table is written, in the
// order of its coming, so that whatever is killed in between is made up for. A
// record is put in place of the one with its key.
//
// It touches that one table and its columns, and of the project it imports
// package pipeline alone; the ledger is what [Ledger] asks of one.
package table

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"
	"time"

	"pipe/pipeline"
)

// Ledger is what has the records.
type Ledger interface {
	// Recorded reads the records that have come in after one, in that order.
	Recorded(ctx context.Context, after int64) iter.Seq2[pipeline.RecordRow, error]
	// Written tells up to which record a target has all, -1 for none.
	Written(ctx context.Context, target string) (int64, error)
	SetWritten(ctx context.Context, target string, recorded int64) error
}

// Column is a field of the records.
type Column struct {
	Name string
	// Kind is int, number, money, date, time, bool, text or "" for anything.
	Kind string
}

// Options say which table.
type Options struct {
	// DSN is the database, sqlite:path or postgres://user:password@host/name.
	DSN string
	// Table is its name, with a schema or without.
	Table string
	// Fields are those of the records; there is a column for each, beside those
	// for the key and the names of the files.
	Fields []Column
}

// The columns of what a record has beside its fields. A field of such a name
// takes its place.
const (
	keyName   = "key"
	filesName = "files"
)

const (
	// callLimit bounds the wait for the database's answer.
	callLimit = 30 * time.Second
	// batch is how many records are written at once.
	batch = 200
)

// Writer writes records into one table. It is safe for concurrent use.
type Writer struct {
	led     Ledger
	db      *sql.DB
	dialect dialect
	opts    Options
	columns []Column
	// target is what the ledger knows the table by.
	target string
	mu     sync.Mutex
}

// Open connects to the database and makes the table, or makes sure that the one
// that is there has the columns. No error names a part of the DSN.
func Open(ctx context.Context, led Ledger, opts Options) (*Writer, error) {
	w := &Writer{led: led, opts: opts}
	has := func(name string) bool {
		return slices.ContainsFunc(opts.Fields, func(c Column) bool { return c.Name == name })
	}
	if !has(keyName) {
		w.columns = append(w.columns, Column{keyName, "text"})
	}
	w.columns = append(w.columns, opts.Fields...)
	if !has(filesName) {
		w.columns = append(w.columns, Column{filesName, "text"})
	}
	var err error
	if w.db, w.dialect, w.target, err = connect(opts.DSN); err != nil {
		return nil, fmt.Errorf("the records' database: %w", err)
	}
	w.target += " " + opts.Table
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	if err := w.prepare(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("the records' table %s: %w", opts.Table, err), w.db.Close())
	}
	return w, nil
}

// Close ends the use of the database.
func (w *Writer) Close() error { return w.db.Close() }

// prepare makes the table or checks it.
func (w *Writer) prepare(ctx context.Context) error {
	there, err := w.dialect.exists(ctx, w.db, w.opts.Table)
	if err != nil {
		return err
	}
	if !there {
		defs := make([]string, len(w.columns))
		for i, c := range w.columns {
			defs[i] = strings.TrimSpace(quote(c.Name) + " " + w.dialect.types[c.Kind])
			if c.Name == keyName {
				defs[i] = strings.TrimSpace(quote(c.Name)+" "+w.dialect.types[c.Kind]) + " PRIMARY KEY"
			}
		}
		if _, err := w.db.ExecContext(ctx, "CREATE TABLE "+w.name()+" (\n\t"+strings.Join(defs, ",\n\t")+"\n)"); err != nil {
			return fmt.Errorf("making it: %w", err)
		}
		// Whatever an earlier table had, this one has nothing.
		if err := w.led.SetWritten(ctx, w.target, -1); err != nil {
			return err
		}
	}
	return w.check(ctx)
}

// check makes sure that the table has the columns, and one record a key.
func (w *Writer) check(ctx context.Context) error {
	names, err := w.ask(ctx, "SELECT * FROM "+w.name()+" WHERE 1 = 0")
	if err != nil {
		return err
	}
	for _, c := range w.columns {
		if !slices.ContainsFunc(names, func(name string) bool { return w.dialect.same(name, c.Name) }) {
			return fmt.Errorf("it has no column %q, only %s: add it (ALTER TABLE %s ADD COLUMN %s %s) or take another table",
				c.Name, strings.Join(names, ", "), w.name(), quote(c.Name), w.dialect.types[c.Kind])
		}
	}
	// What the statement needs, the database alone knows.
	if _, err := w.ask(ctx, "EXPLAIN "+w.upsert(), make([]any, len(w.columns))...); err != nil {
		return fmt.Errorf("records cannot be put into it by key: its column %q must be its primary key or unique (CREATE UNIQUE INDEX %s ON %s (%s)): %w",
			keyName, quote(strings.ReplaceAll(w.opts.Table, ".", "_")+"_key"), w.name(), quote(keyName), err)
	}
	return nil
}

// ask gives the columns of a query's answer.
func (w *Writer) ask(ctx context.Context, query string, args ...any) ([]string, error) {
	rows, err := w.db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }() // what it could tell, rows.Err told
	names, err := rows.Columns()
	return names, errors.Join(err, rows.Err())
}

// name is the table's, quoted.
func (w *Writer) name() string {
	parts := strings.Split(w.opts.Table, ".")
	for i := range parts {
		parts[i] = quote(parts[i])
	}
	return strings.Join(parts, ".")
}

func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// upsert is the statement that puts a record in place of that with its key.
func (w *Writer) upsert() string {
	var names, places, sets []string
	for i, c := range w.columns {
		names = append(names, quote(c.Name))
		places = append(places, fmt.Sprintf("$%d", i+1))
		if c.Name != keyName {
			sets = append(sets, quote(c.Name)+" = excluded."+quote(c.Name))
		}
	}
	return fmt.Sprintf("INSERT INTO %s (%s) VALUES (%s) ON CONFLICT (%s) DO UPDATE SET %s",
		w.name(), strings.Join(names, ", "), strings.Join(places, ", "), quote(keyName), strings.Join(sets, ", "))
}

// Write writes the records that the table has not.
func (w *Writer) Write(ctx context.Context) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.write(ctx); err != nil {
		return fmt.Errorf("writing records into the table %s: %w", w.opts.Table, err)
	}
	return nil
}

func (w *Writer) write(ctx context.Context) error {
	after, err := w.led.Written(ctx, w.target)
	if err != nil {
		return err
	}
	var rows []pipeline.RecordRow
	for row, err := range w.led.Recorded(ctx, after) {
		if err != nil {
			return err
		}
		if rows = append(rows, row); len(rows) < batch {
			continue
		}
		// Of records as old as this one, more may follow.
		if err := w.flush(ctx, rows, row.Recorded-1); err != nil {
			return err
		}
		rows = rows[:0]
		after = row.Recorded
	}
	if len(rows) > 0 {
		after = rows[len(rows)-1].Recorded
	}
	return w.flush(ctx, rows, after)
}

// flush writes records in one transaction, and notes it then: what is written
// twice is there once.
func (w *Writer) flush(ctx context.Context, rows []pipeline.RecordRow, upTo int64) error {
	if len(rows) > 0 {
		ctx, cancel := context.WithTimeout(ctx, callLimit)
		defer cancel()
		if err := w.put(ctx, rows); err != nil {
			return err
		}
	}
	return w.led.SetWritten(ctx, w.target, upTo)
}

func (w *Writer) put(ctx context.Context, rows []pipeline.RecordRow) error {
	tx, err := w.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // nothing is left of it after the commit
	into, err := tx.PrepareContext(ctx, w.upsert())
	if err != nil {
		return err
	}
	defer func() { _ = into.Close() }() // it ends with its transaction
	for _, row := range rows {
		values, err := w.values(row)
		if err == nil {
			_, err = into.ExecContext(ctx, values...)
		}
		if err != nil {
			return fmt.Errorf("the record of item %q: %w", row.Key, err)
		}
	}
	return tx.Commit()
}
