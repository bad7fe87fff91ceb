package pipeline

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"pipe/specs"
	"pipe/steps"
	"slices"
)

// Row is one row of the source.
type Row struct {
	// Line is where it starts in its file, from 1; 0 when there is no file.
	Line   int
	Fields map[string]any
}

// RowError is what is wrong with one row; the rows after it go on.
type RowError struct {
	Line   int
	Reason string
}

func (e *RowError) Error() string { return fmt.Sprintf("line %d %s", e.Line, e.Reason) }

// RowReader reads the rows of a CSV file; delimiter 0 means to find out. A
// *RowError concerns one row, any other error ends them.
type RowReader func(ctx context.Context, path string, delimiter rune) iter.Seq2[Row, error]

// batch is how many rows are admitted to the ledger at once.
const batch = 200

// feeder reads the source, admits its rows and passes on what is to do.
type feeder struct {
	*run
	out chan<- *job
	// left is how many more items --limit allows; below 0 means any number.
	left int
	seq  int
}

func (f *feeder) feed(ctx context.Context) error {
	defer close(f.out)
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
			f.tell(Event{Kind: BadRow, Reason: bad.Error()})
			continue
		}
		if err != nil {
			return fmt.Errorf("reading the source: %w", err)
		}
		item, ok := f.item(row)
		if !ok {
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
func (f *feeder) item(row Row) (Item, bool) {
	values := f.cfg.Spec.Values.With("item", row.Fields)
	key, err := f.cfg.Spec.Key.Text(values)
	where := ""
	if row.Line > 0 {
		where = fmt.Sprintf("line %d: ", row.Line)
	}
	switch {
	case err != nil:
		f.tell(Event{Kind: BadRow, Reason: f.redact(where + "its key: " + err.Error())})
	case key == "":
		f.tell(Event{Kind: BadRow, Reason: where + "its key is empty"})
	default:
		return Item{Key: key, Seq: f.seq, Fields: row.Fields}, true
	}
	return Item{}, false
}

// admit registers items and passes on those that this run is to do.
func (f *feeder) admit(ctx context.Context, items []Item) error {
	if len(items) == 0 {
		return nil
	}
	admissions, err := f.cfg.Ledger.Admit(ctx, f.number, items)
	if err != nil {
		return err
	}
	for i, a := range admissions {
		if a.Duplicate {
			f.tell(Event{Kind: DuplicateRow, Key: items[i].Key})
			continue
		}
		named := len(f.cfg.Only) == 0 || slices.Contains(f.cfg.Only, items[i].Key)
		if a.Status != Pending || f.left == 0 || !named {
			continue
		}
		f.left--
		select {
		case f.out <- &job{item: items[i], counted: a.Counted, failures: map[Class]int{}}:
		case <-f.cfg.Stop:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// rows opens the source. done is to be called when it has been read.
func (f *feeder) rows(ctx context.Context) (iter.Seq2[Row, error], func(), error) {
	src := f.cfg.Spec.Source
	nothing := func() {}
	switch {
	case src.Items != nil:
		return func(yield func(Row, error) bool) {
			for _, fields := range *src.Items {
				if !yield(Row{Fields: fields}, ctx.Err()) {
					return
				}
			}
		}, nothing, nil
	case src.CSV != nil:
		path, err := src.CSV.Path.Text(f.cfg.Spec.Values)
		if err != nil {
			return nil, nothing, err
		}
		if _, err := os.Stat(path); err != nil {
			return nil, nothing, err
		}
		return f.cfg.ReadCSV(ctx, path, delimiter(src.CSV.Delimiter)), nothing, nil
	default:
		staged, err := f.export(ctx, src.Export)
		if err != nil {
			return nil, nothing, err
		}
		return f.cfg.ReadCSV(ctx, staged.Path(), delimiter(src.Export.Delimiter)), staged.Discard, nil
	}
}

func delimiter(text string) rune {
	for _, r := range text {
		return r
	}
	return 0
}

// exportTries is how often an export is tried.
const exportTries = 3

// export has the site deliver the file of its items, on the first worker's
// page, which has nothing else to do until there are items.
func (f *feeder) export(ctx context.Context, ex *specs.Export) (Staged, error) {
	var failed error
	for range exportTries {
		staged, err := f.exportOnce(ctx, ex)
		if err == nil {
			return staged, nil
		}
		var refused *LoginError
		if ctx.Err() != nil || errors.As(err, &refused) {
			return nil, err
		}
		failed = err
		f.cfg.Log.WarnContext(ctx, "the export failed, trying again", "error", f.redact(err.Error()))
	}
	return nil, failed
}

func (f *feeder) exportOnce(ctx context.Context, ex *specs.Export) (Staged, error) {
	limit := ex.Timeout.Std()
	if limit == 0 {
		limit = f.cfg.Spec.Timeouts.Source.Std()
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	page, err := f.cfg.Pages.Open(ctx, 0)
	if err != nil {
		return nil, err
	}
	worker := f.cfg.Pages.Workers()[0]
	scene := f.scene(page, f.values(worker.Account))
	scene.Told = func(s *specs.Step) { f.tell(Event{Kind: StepStarted, Worker: worker.Name, Step: s.Path}) }
	defer scene.End()
	delivery, err := f.guarded(ctx, page, func(ctx context.Context) (steps.Delivery, error) {
		return scene.Catch(ctx, ex.Steps)
	})
	if err != nil {
		page.Discard()
		return nil, fmt.Errorf("export: %w", located(err))
	}
	staged, err := f.cfg.Store.Create(ctx)
	if err != nil {
		delivery.Discard()
		return nil, err
	}
	if _, err = delivery.Receive(ctx, staged); err == nil {
		err = staged.Close()
	}
	if err == nil {
		_, err = f.cfg.Store.Prove(ctx, staged, Expectation{Type: ex.Format})
	}
	if err != nil {
		staged.Discard()
		return nil, fmt.Errorf("export: %w", err)
	}
	return staged, nil
}
