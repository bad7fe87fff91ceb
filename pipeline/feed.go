package pipeline

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
)

// Row is one row of the source.
type Row struct {
	// Line is where it starts in its file, from 1; 0 when there is no file. File
	// is the file, where it is not the source's own.
	Line   int
	File   string
	Fields map[string]any
}

// wrong is an error of the row alone.
func (r Row) wrong(format string, args ...any) *RowError {
	return &RowError{Line: r.Line, File: r.File, Reason: fmt.Sprintf(format, args...)}
}

// RowError is what is wrong with one row; the rows after it go on.
type RowError struct {
	Line   int
	File   string
	Reason string
}

func (e *RowError) Error() string {
	if e.Line == 0 {
		return e.Reason
	}
	return fmt.Sprintf("line %d: %s", e.Line, e.Reason)
}

// batch is how many rows are admitted to the ledger at once.
const batch = 200

// feeder reads the source, admits its rows and passes on what is to do.
type feeder struct {
	*run
	out chan<- *job
	// left is how many more items --limit allows; below 0 means any number.
	left int
	seq  int
	// name is what the rows are read from, for people.
	name string
	// tries is how often the site is asked for its items; 0 means siteTries.
	tries int
}

func (f *feeder) feed(ctx context.Context) error {
	defer close(f.out)
	if f.cfg.Join {
		return f.follow(ctx)
	}
	rows, done, err := f.rows(ctx)
	if err != nil {
		return fmt.Errorf("reading the source: %w", err)
	}
	defer done()
	var items []Item
	for row, err := range rows {
		f.seq++
		var bad *RowError
		if errors.As(err, &bad) {
			if err := f.bad(bad); err != nil {
				return err
			}
			continue
		}
		if err != nil {
			return fmt.Errorf("reading the source: %w", err)
		}
		item, bad := f.item(row)
		if bad != nil {
			if err := f.bad(bad); err != nil {
				return err
			}
			continue
		}
		if items = append(items, item); len(items) == batch {
			if err := f.admit(ctx, items); err != nil {
				return err
			}
			items = items[:0]
		}
		if f.stopped() {
			return nil
		}
	}
	if err := f.admit(ctx, items); err != nil || f.stopped() {
		return err
	}
	return f.sourceRead(ctx)
}

func (f *feeder) sourceRead(ctx context.Context) error {
	if !f.partial() {
		if err := f.cfg.Ledger.SourceRead(ctx, f.number); err != nil {
			return err
		}
	}
	totals, err := f.cfg.Ledger.Totals(ctx)
	if err != nil {
		return err
	}
	f.tell(Event{Kind: SourceRead, Totals: &totals})
	return nil
}

// item makes an item of a row, if it has a key.
func (f *feeder) item(row Row) (Item, *RowError) {
	key, err := f.cfg.Spec.Key.Text(f.cfg.Spec.Values.With("item", row.Fields))
	switch {
	case err != nil:
		return Item{}, row.wrong("its key: %v", err)
	case key == "":
		return Item{}, row.wrong("its key is empty")
	default:
		return Item{Key: key, Seq: f.seq, Fields: row.Fields}, nil
	}
}

// bad tells of a row that is of no use, which ends a strict source.
func (f *feeder) bad(row *RowError) error {
	reason := row.Error()
	if name := cmp.Or(row.File, f.name); name != "" && row.Line > 0 {
		reason = name + " " + reason
	}
	f.tell(Event{Kind: BadRow, Reason: reason})
	if f.cfg.Spec.Source.Strict {
		return fmt.Errorf("the source is strict and has a bad row: %s", f.redact(reason))
	}
	return nil
}

// admit registers items and passes on those that this run is to do.
func (f *feeder) admit(ctx context.Context, items []Item) error {
	if len(items) == 0 {
		return nil
	}
	admissions, err := f.cfg.Ledger.Admit(ctx, f.number, items, RefreshOf(f.cfg.Spec))
	if err != nil {
		return err
	}
	for i, a := range admissions {
		if a.Duplicate {
			f.tell(Event{Kind: DuplicateRow, Key: items[i].Key})
			continue
		}
		named := len(f.cfg.Only) == 0 || slices.Contains(f.cfg.Only, items[i].Key)
		if a.Status != Pending && !a.Due || f.left == 0 || !named {
			continue
		}
		f.left--
		if ok, err := f.pass(ctx, &job{item: items[i], again: a.Due, counted: a.Counted, failures: map[Class]int{}}); !ok || err != nil {
			return err
		}
	}
	return nil
}
