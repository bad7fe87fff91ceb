package preview

import (
	"context"
	"encoding/json"
	"fmt"

	"pipe/pipeline"
	"pipe/pipeline/engine"
	"pipe/pipeline/source"
	"pipe/specs"
)

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

	// Short is what is wrong with the length of the list.
	Short string `json:"short_list,omitempty"`

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

// asked is how many done items the ledger is asked for at once.
const asked = 200

// MakePlan reads the source and holds it against what is on record; led is nil
// when there is nothing. Of cfg it needs Spec and ReadRows; Pages and Store too,
// where the site has the list.
func MakePlan(ctx context.Context, cfg engine.Config, led pipeline.Standings) (Plan, error) {
	var plan Plan
	var done []pipeline.Item
	for row, err := range sourceRows(ctx, &cfg, nil, lengthChecked(cfg.Spec, led, &plan.Short)) {
		if err != nil {
			return plan, err
		}
		before := plan.Done + plan.Skipped
		if err := plan.count(ctx, row, led); err != nil {
			return plan, err
		}
		if plan.Done+plan.Skipped > before {
			done = append(done, row.item)
		}
		if len(done) == asked {
			if err := plan.again(ctx, done, led, pipeline.RefreshOf(cfg.Spec)); err != nil {
				return plan, err
			}
			done = done[:0]
		}
	}
	if len(done) == 0 {
		return plan, nil
	}
	err := plan.again(ctx, done, led, pipeline.RefreshOf(cfg.Spec))
	return plan, err
}

// lengthChecked holds the length of the list against what it is to be and what it
// was, and keeps what is wrong with it.
func lengthChecked(spec *specs.Spec, led pipeline.Standings, short *string) func(context.Context, int) error {
	return func(ctx context.Context, rows int) (err error) {
		before := -1
		if led != nil {
			before, err = led.LastLength(ctx)
		}
		*short = source.Shortfall(spec.Source.Expect, rows, before, false)
		return err
	}
}

// again counts those done items that are due again.
func (p *Plan) again(ctx context.Context, done []pipeline.Item, led pipeline.Standings, rule pipeline.Refresh) error {
	all, err := led.Foresee(ctx, done, rule)
	for _, as := range all {
		if as.Due {
			p.Due++
		}
	}
	return err
}

func (p *Plan) count(ctx context.Context, row sourceRow, led pipeline.Standings) error {
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
	case pipeline.Done:
		p.Done++
	case pipeline.Skipped:
		p.Skipped++
	case pipeline.Failed:
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
