// Package ledger keeps what is done, durably, in one SQLite file. A commit that
// returned is on disk; a kill at any moment leaves the file consistent, and the
// attempts that were in hand come to light at the next run as interrupted.
//
// Several runs may share a ledger, each in a process of its own. An item belongs
// to the run that has begun an attempt at it, until it is done or failed, or
// that run ends or gives no sign of life for half a minute. Any number may read.
//
// A done item may be due again, by the rule of [pipeline.Refresh] that Admit asks.
// It stays done, with the files and the record that it has, until it is done
// again; when that fails for good it is stale, and the next run asks the rule anew.
//
// A step that is done once for an item begins here before it acts, and is done here
// with what it found. One that has begun and is not done is uncertain, until somebody
// has it settled. All of an item's are forgotten when it is asked for again, or when a
// refresh of it begins.
//
// In the totals, a row of the source counts as in when the newest run that
// read its whole source saw it, or any run since. A row that is gone from the
// source drops out of the totals as soon as a run has read the whole source
// without it; its files and its record stay. While a run reads its source, the
// items known before and those seen so far count together. Duplicates are those
// of the newest run that read its whole source. As long as there is no such
// run, all items that were ever seen count, and the newest run's duplicates.
//
// The package touches its database alone, no file of an item, and of the project
// it imports package pipeline alone.
package ledger

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"

	"pipe/pipeline"
)

// Ledger is the durable record of what is done. Its methods are safe for
// concurrent use.
type Ledger struct {
	// writer has one connection: SQLite takes one writer at a time anyway, and
	// waiting in Go obeys the context.
	writer *sql.DB
	reader *sql.DB
	// statements are those that are prepared, by their texts.
	statements map[string]*sql.Stmt
	// steps are the numbers of steps' names.
	steps stepNumbers
	// sight is what the run that reads its source here has seen.
	sight sight
}

var _ pipeline.GroupLedger = (*Ledger)(nil)

// Close ends the use of the ledger.
func (l *Ledger) Close() error {
	// The writer goes last, because only the writer can fold the log into the
	// file.
	if err := errors.Join(l.reader.Close(), l.writer.Close()); err != nil {
		return fmt.Errorf("closing the ledger: %w", err)
	}
	return nil
}

// Version is a number that grows with every change to runs, items, files and
// records. Attempts that only start do not change it.
func (l *Ledger) Version(ctx context.Context) (int64, error) {
	var n int64
	if err := l.reader.QueryRowContext(ctx, `SELECT n FROM version`).Scan(&n); err != nil {
		return 0, fmt.Errorf("reading the ledger's version: %w", err)
	}
	return n, nil
}

// write runs change in one transaction, and counts it as a new version.
func (l *Ledger) write(ctx context.Context, change func(tx *sql.Tx) error) error {
	return l.writeAs(ctx, 1, func(tx *sql.Tx, _ int64) error { return change(tx) })
}

// writeAs runs change in one transaction, and counts it as so many versions, the first
// of which it is told.
func (l *Ledger) writeAs(ctx context.Context, versions int, change func(tx *sql.Tx, first int64) error) error {
	if l.statements == nil {
		return errReadOnly
	}
	tx, err := l.writer.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // nothing is left of it after the commit
	var version int64
	if err := l.queryRow(ctx, tx, readVersion).Scan(&version); err != nil {
		return err
	}
	if err := change(tx, version+1); err != nil {
		return err
	}
	if _, err := l.exec(ctx, tx, setVersion, version+int64(versions)); err != nil {
		return err
	}
	return tx.Commit()
}

// note runs change in one transaction that is as safe as any from a kill of this
// process, and may be lost with the machine's power: for what only says that something
// is under way. What is written after it is never kept without it.
func (l *Ledger) note(ctx context.Context, change func(tx *sql.Tx) error) (err error) {
	if l.statements == nil {
		return errReadOnly
	}
	conn, err := l.writer.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	if _, err := conn.ExecContext(ctx, `PRAGMA synchronous = NORMAL`); err != nil {
		return err
	}
	defer func() {
		if _, failed := conn.ExecContext(context.WithoutCancel(ctx), `PRAGMA synchronous = FULL`); failed != nil {
			// Nothing may be written by a connection that waits for no disk.
			err = errors.Join(err, failed, conn.Raw(func(any) error { return driver.ErrBadConn }))
		}
	}()
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // nothing is left of it after the commit
	if err := change(tx); err != nil {
		return err
	}
	return tx.Commit()
}

// errReadOnly is the error of a change to a ledger that is open for reading alone.
var errReadOnly = errors.New("the ledger is open for reading alone")

// errNotThere is the error of a change to something that the ledger has not.
var errNotThere = errors.New("the ledger does not know it")

// exactlyOne makes an error of a statement that did not change exactly one row.
func exactlyOne(result sql.Result, err error) error {
	if err != nil {
		return err
	}
	n, err := result.RowsAffected()
	if err == nil && n != 1 {
		err = errNotThere
	}
	return err
}
