package pipeline

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"log/slog"
)

// Standing is where an item stands in a ledger that is only read.
type Standing struct {
	Status Status
	// Fields are the row that is on record, as JSON with its names in order.
	Fields string
	// Reason is why it failed last.
	Reason string
}

// Standings tells where items stand, and changes nothing.
type Standings interface {
	// Stands is false for an item that is not on record.
	Stands(ctx context.Context, key string) (Standing, bool, error)
	// Foresee tells what a run that begins now would find of items.
	Foresee(ctx context.Context, items []Item, rule Refresh) ([]Admission, error)
}

// Plan is what a run would find in its source.
type Plan struct {
	// Rows = New + Pending + Failed + Done + Skipped + Duplicates + Bad.
	Rows int `json:"rows"`
	// New items are not on record, Pending ones are and have to be done, or to
	// be tried again; Failed ones have no tries left.
	New     int `json:"new"`
	Pending int `json:"pending"`
	Failed  int `json:"failed"`
	Done    int `json:"done"`
	Skipped int `json:"skipped,omitempty"`
	// Due counts those of Done and Skipped that the spec's refresh has done again.
	Due        int `json:"due"`
	Duplicates int `json:"duplicates"`
	Bad        int `json:"bad"`
	// Changed counts those on record whose row is another now, and ChangedDone
	// those of them that are done or skipped.
	Changed     int `json:"changed"`
	ChangedDone int `json:"changed_done"`

	// What follows names the first of them.
	ChangedKeys []string     `json:"changed_keys,omitempty"`
	FailedKeys  []FailedItem `json:"failed_items,omitempty"`
	BadRows     []string     `json:"bad_rows,omitempty"`
}

// FailedItem is an item with no tries left.
type FailedItem struct {
	Key    string `json:"key"`
	Reason string `json:"reason"`
}

// ToDo is how many items a run would do.
func (p *Plan) ToDo() int { return p.New + p.Pending + p.Due }

// namedMost bounds what a plan names.
const namedMost = 100

// MakePlan reads the source and holds it against what is on record; led is nil
// when there is nothing. Of cfg it needs Spec and ReadRows; Pages and Store too,
// where the site has the list.
func MakePlan(ctx context.Context, cfg Config, led Standings) (Plan, error) {
	var plan Plan
	var done []Item
	for row, err := range newRun(cfg).survey(ctx) {
		if err != nil {
			return plan, fmt.Errorf("reading the source: %w", err)
		}
		before := plan.Done + plan.Skipped
		if err := plan.count(ctx, row, led); err != nil {
			return plan, err
		}
		if plan.Done+plan.Skipped > before {
			done = append(done, row.item)
		}
		if len(done) == batch {
			if err := plan.again(ctx, done, led, RefreshOf(cfg.Spec)); err != nil {
				return plan, err
			}
			done = done[:0]
		}
	}
	if len(done) == 0 {
		return plan, nil
	}
	err := plan.again(ctx, done, led, RefreshOf(cfg.Spec))
	return plan, err
}

// again counts those done items that are due again.
func (p *Plan) again(ctx context.Context, done []Item, led Standings, rule Refresh) error {
	all, err := led.Foresee(ctx, done, rule)
	for _, as := range all {
		if as.Due {
			p.Due++
		}
	}
	return err
}

func (p *Plan) count(ctx context.Context, row surveyed, led Standings) error {
	p.Rows++
	switch {
	case row.bad != "":
		p.Bad++
		p.BadRows = named(p.BadRows, row.bad)
		return nil
	case row.duplicate:
		p.Duplicates++
		return nil
	case led == nil:
		p.New++
		return nil
	}
	known, found, err := led.Stands(ctx, row.item.Key)
	if err != nil {
		return err
	}
	if !found {
		p.New++
		return nil
	}
	fields, err := json.Marshal(row.item.Fields)
	if err != nil {
		return fmt.Errorf("item %q: %w", row.item.Key, err)
	}
	if string(fields) != known.Fields {
		p.Changed++
		p.ChangedKeys = named(p.ChangedKeys, row.item.Key)
		if known.Status.Well() {
			p.ChangedDone++
		}
	}
	switch known.Status {
	case Done:
		p.Done++
	case Skipped:
		p.Skipped++
	case Failed:
		p.Failed++
		p.FailedKeys = named(p.FailedKeys, FailedItem{row.item.Key, known.Reason})
	default:
		p.Pending++
	}
	return nil
}

func named[T any](list []T, one T) []T {
	if len(list) == namedMost {
		return list
	}
	return append(list, one)
}

// surveyed is a row of a source that is looked at and not worked off.
type surveyed struct {
	item      Item
	bad       string
	duplicate bool
}

// survey reads the source and tells of its rows, without a ledger.
func (r *run) survey(ctx context.Context) iter.Seq2[surveyed, error] {
	return func(yield func(surveyed, error) bool) {
		f := &feeder{run: r, tries: 1}
		rows, done, err := f.rows(ctx)
		if err != nil {
			yield(surveyed{}, err)
			return
		}
		defer done()
		// A hash of each key: a source may have millions.
		seen := map[[16]byte]bool{}
		for row, err := range rows {
			f.seq++
			var s surveyed
			var bad *RowError
			switch {
			case errors.As(err, &bad):
				s.bad = r.redact(bad.Error())
			case err != nil:
				yield(s, err)
				return
			default:
				if s.item, bad = f.item(row); bad != nil {
					s.bad = r.redact(bad.Error())
				}
			}
			if s.bad == "" {
				sum := sha256.Sum256([]byte(s.item.Key))
				key := [16]byte(sum[:16])
				s.duplicate = seen[key]
				seen[key] = true
			}
			if !yield(s, nil) {
				return
			}
		}
	}
}

// newRun makes a run, which has no number until it is on record.
func newRun(cfg Config) *run {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	return &run{cfg: cfg, sense: newSense(&cfg.Spec.StopWhen)}
}
