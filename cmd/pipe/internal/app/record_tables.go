package app

import (
	"context"
	"errors"

	"pipe/pipeline/record/table"
)

// openTables opens the tables that the records go to, before the site is asked
// for anything: what is wrong with them is told now.
func (x *execution) openTables(ctx context.Context) error {
	var fields []table.Column
	for _, f := range x.spec.Record.Fields {
		fields = append(fields, table.Column{Name: f.Name, Kind: f.Read.Kind()})
	}
	for _, to := range x.spec.Record.To {
		if to.SQL == nil {
			continue
		}
		dsn, err := to.SQL.DSN.Text(x.spec.Values)
		if err != nil {
			return Exit(ExitSpec, err)
		}
		w, err := table.Open(ctx, x.ledger, table.Options{DSN: dsn, Table: to.SQL.Table, Fields: fields})
		if err != nil {
			return err
		}
		x.tables = append(x.tables, w)
		x.closers = append(x.closers, w.Close)
	}
	return nil
}

// writeTables writes what the tables have not. One run does so at a time: an
// older record must not come after a newer one.
func (x *execution) writeTables(ctx context.Context) error {
	if len(x.tables) == 0 {
		return nil
	}
	unlock, err := x.folder.recording(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	var errs []error
	for _, w := range x.tables {
		errs = append(errs, w.Write(ctx))
	}
	return errors.Join(errs...)
}
