package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"pipe/pipeline/artifact"
	"pipe/pipeline/ledger"
	"pipe/pipeline/record/table"
	"pipe/specs"
	"pipe/specs/secret"
)

// output is where a run brings its files and records: the folder, what is open
// in it, and the tables.
type output struct {
	dir    string
	folder *folder
	store  *artifact.Store
	ledger *ledger.Ledger
	tables []*table.Writer
	// closers undo what was opened, the last first.
	closers []func() error
}

// openOutput opens the output folder, which a run has alone unless others join,
// and what is in it. Until settle is called no other run comes in. With an error
// too, what it gives is to be settled and closed.
func openOutput(ctx context.Context, spec *specs.Spec, secrets *secret.Store, f RunOptions) (*output, error) {
	o := &output{}
	var err error
	if o.dir, err = OutFolder(f.Out, spec); err != nil {
		return o, err
	}
	if err := os.MkdirAll(o.dir, 0o755); err != nil { //nolint:gosec // the folder is the user's to share
		return o, fmt.Errorf("making the output folder: %w", err)
	}
	if o.folder, err = enter(ctx, o.dir, f.Join); err != nil {
		return o, err
	}
	o.closers = append(o.closers, o.folder.leave)
	if err = claim(o.dir, spec, secrets.Redact, f.Adopt); err != nil {
		return o, err
	}
	if err = o.openStores(ctx, spec, f); err == nil {
		err = o.openTables(ctx, spec)
	}
	return o, err
}

// settle lets other runs come in.
func (o *output) settle() error {
	if o.folder == nil {
		return nil
	}
	return o.folder.settle()
}

// close closes all, and gives what went wrong.
func (o *output) close() []error {
	var errs []error
	for i := len(o.closers) - 1; i >= 0; i-- {
		if err := o.closers[i](); err != nil {
			errs = append(errs, err)
		}
	}
	return errs
}

// openStores opens what the folder holds, and clears up after runs that were
// killed, unless another is at work.
func (o *output) openStores(ctx context.Context, spec *specs.Spec, f RunOptions) error {
	var err error
	if o.store, err = openStore(ctx, o.dir, spec, artifact.Options{Shared: !o.folder.alone}); err != nil {
		return err
	}
	o.closers = append(o.closers, o.store.Close)
	if o.ledger, err = ledger.Open(ctx, LedgerPath(o.dir)); err != nil {
		return err
	}
	o.closers = append(o.closers, o.ledger.Close)
	if o.folder.alone {
		if err := o.ledger.CloseLost(ctx); err != nil {
			return err
		}
	}
	if len(f.Again) > 0 {
		if err := o.ledger.Again(ctx, f.Again, f.KeepOnce); err != nil {
			return Exit(ExitSpec, err)
		}
	}
	if err := f.settleUncertain(ctx, o.ledger); err != nil {
		return err
	}
	if f.RetryFailed {
		_, err = o.ledger.RetryFailed(ctx)
	}
	return err
}

// openTables opens the tables that the records go to, before the site is asked
// for anything: what is wrong with them is told now.
func (o *output) openTables(ctx context.Context, spec *specs.Spec) error {
	var fields []table.Column
	for _, f := range spec.Record.Fields {
		fields = append(fields, table.Column{Name: f.Name, Kind: f.Read.Kind()})
	}
	for _, to := range spec.Record.To {
		if to.SQL == nil {
			continue
		}
		dsn, err := to.SQL.DSN.Text(spec.Values)
		if err != nil {
			return Exit(ExitSpec, err)
		}
		if isFile(strings.TrimPrefix(strings.TrimPrefix(dsn, "sqlite:"), "//"), LedgerPath(o.dir)) {
			return Exit(ExitSpec, errors.New("record.to.sql: its database is the run's own ledger: give the records another"))
		}
		w, err := table.Open(ctx, o.ledger, table.Options{DSN: dsn, Table: to.SQL.Table, Fields: fields})
		if err != nil {
			return err
		}
		o.tables = append(o.tables, w)
		o.closers = append(o.closers, w.Close)
	}
	return nil
}

// isFile tells whether two paths lead to one file that is there.
func isFile(path, other string) bool {
	one, err := os.Stat(path)
	if err != nil {
		return false
	}
	two, err := os.Stat(other)
	return err == nil && os.SameFile(one, two)
}

// writeTables writes what the tables have not. One run does so at a time: an
// older record must not come after a newer one.
func (o *output) writeTables(ctx context.Context) error {
	if len(o.tables) == 0 {
		return nil
	}
	unlock, err := o.folder.recording(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	var errs []error
	for _, w := range o.tables {
		errs = append(errs, w.Write(ctx))
	}
	return errors.Join(errs...)
}
