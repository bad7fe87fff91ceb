package preview

import (
	"context"
	"fmt"
	"slices"

	"pipe/pipeline"
	"pipe/pipeline/engine"
	"pipe/steps"
)

// NewTrial finds the item of this key in the source. For "" it is the first of those that
// cfg.Only names or, where the list has none of them, the first of all. Of cfg, Store is a
// scratch folder's.
func NewTrial(ctx context.Context, cfg engine.Config, key string, report func(StepReport)) (*Trial, error) {
	reporter := cfg.Reporter()
	t := &Trial{cfg: cfg, reporter: reporter, reports: stepReports{spec: cfg.Spec, redact: reporter.Redact, tell: report}}
	rows, found := 0, false
	var other *pipeline.Item
	for row, err := range sourceRows(ctx, &cfg, func(on *steps.StepContext) {
		on.OnStepEnd = func(e steps.StepResult) { report(t.reports.step("", e)) }
		on.OnIdleWait, on.OnLog = t.reports.idleWait(""), t.reports.log("")
	}, nil) {
		if err != nil {
			return nil, err
		}
		if rows++; row.bad != "" || row.duplicate && row.item.Key != key {
			continue
		}
		listed := len(cfg.Only) == 0 || slices.Contains(cfg.Only, row.item.Key)
		switch {
		case !found && (row.item.Key == key || key == "" && listed):
			t.item, found = row.item, true
		case t.beside == nil && listed:
			t.beside = &row.item
		case other == nil:
			other = &row.item
		}
		if found && (t.beside != nil || key != "") {
			return t, nil
		}
	}
	if t.beside == nil {
		t.beside = other
	}
	if !found && key == "" && t.beside != nil {
		t.item, t.beside, found = *t.beside, nil, true
	}
	if !found {
		return nil, &NoItemError{Key: key, Rows: rows}
	}
	return t, nil
}

// Key is the item's.
func (t *Trial) Key() string { return t.item.Key }

// Beside leaves the page, and gives a trial of another item of the list, on the same page
// where this one came through; false where the list has none that was seen.
func (t *Trial) Beside(ctx context.Context) (*Trial, bool) {
	whole := t.page != nil && t.trusted && t.page.CloseStrays(ctx) == nil
	if whole {
		t.on.StopDialogs()
		t.page.Done()
		t.page, t.on = nil, nil
	}
	t.Leave()
	if t.beside == nil {
		return nil, false
	}
	return &Trial{Allowed: t.Allowed, cfg: t.cfg, reporter: t.reporter, reports: t.reports, item: *t.beside}, true
}

// NoItemError is a key that no row of the source has.
type NoItemError struct {
	Key  string
	Rows int
}

func (e *NoItemError) Error() string {
	return fmt.Sprintf("no item has the key %q, of the %d rows of the source", e.Key, e.Rows)
}
