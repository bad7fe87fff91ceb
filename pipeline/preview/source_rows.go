package preview

import (
	"context"
	"crypto/sha256"
	"iter"

	"pipe/pipeline"
	"pipe/pipeline/engine"
	"pipe/steps"
)

// sourceRow is a row of a source that is looked at and not worked off.
type sourceRow struct {
	item pipeline.Item
	// bad says why it is no item, free of secrets.
	bad       string
	duplicate bool
}

// sourceRows reads the source and tells of its rows, without a ledger.
// configure, if set, is given the context of the steps that read on the site, and
// length how many rows there are, once the end is reached.
func sourceRows(ctx context.Context, cfg *engine.Config, configure func(*steps.StepContext), length func(context.Context, int) error) iter.Seq2[sourceRow, error] {
	return func(yield func(sourceRow, error) bool) {
		reporter := cfg.Reporter()
		src := cfg.Source(reporter, 1)
		src.Length = length
		src.Configure = func(on *steps.StepContext) {
			for _, f := range []func(*steps.StepContext){cfg.Configure, configure} {
				if f != nil {
					f(on)
				}
			}
		}
		// A hash of each key: a source may have millions.
		seen := map[[16]byte]bool{}
		for entry, err := range src.Items(ctx) {
			row := sourceRow{item: entry.Item}
			switch {
			case err != nil:
			case entry.Bad != nil:
				row.bad = reporter.Redact(entry.Bad.String())
			default:
				sum := sha256.Sum256([]byte(entry.Item.Key))
				key := [16]byte(sum[:16])
				row.duplicate = seen[key]
				seen[key] = true
			}
			if !yield(row, err) || err != nil {
				return
			}
		}
	}
}

// workerFor gives the worker that is to do an item: the first of its account.
func workerFor(cfg *engine.Config, item pipeline.Item) (int, pipeline.Worker, error) {
	account, err := pipeline.AccountOf(cfg.Spec, item)
	if err != nil {
		return 0, pipeline.Worker{}, &pipeline.PlaceError{At: "account", Err: err}
	}
	for i, w := range cfg.Pages.Workers() {
		if w.Account == max(account, 0) {
			return i, w, nil
		}
	}
	return 0, pipeline.Worker{}, nil
}
