package app

import (
	"context"
	"time"

	"pipe/pipeline"
	"pipe/pipeline/engine"
	"pipe/pipeline/ledger"
	"pipe/pipeline/preview"
	"pipe/pipeline/report/console"
	"pipe/pipeline/source/file"
	"pipe/specs"
	"pipe/specs/secret"
)

// PlanOptions are what `pipe plan` takes.
type PlanOptions struct {
	SpecOptions
	// Out is the output folder; "" is out/NAME.
	Out string
	// Export reads a list that the site has, by a browser.
	Export bool
	// Advise is how many items are looked at both by a page and without one; 0 for none.
	Advise int
	AsJSON bool
}

// Forecast is what `pipe plan` tells.
type Forecast struct {
	Spec string `json:"spec"`
	// From says what the numbers are made from.
	From string `json:"from"`
	// Known is false when there is nothing to make them from.
	Known bool `json:"known"`
	preview.Plan
	ToDo     int      `json:"to_do"`
	Accounts []string `json:"accounts"`
	Sessions int      `json:"sessions"`
	Workers  int      `json:"workers"`
	// PerItem is the median of earlier items, 0 when there are none.
	PerItem time.Duration `json:"per_item_ns"`
	Items   int           `json:"items_in_history"`
	// Expected is how long the run may take; Bound says what bounds it.
	Expected time.Duration `json:"expected_ns"`
	Bound    string        `json:"bound_by,omitempty"`

	// Uncertain are the steps that somebody has to look after before their items are done.
	Uncertain []pipeline.UncertainRow `json:"uncertain,omitempty"`

	// ChangedSince counts the items that failed under the spec as it was: to try them again
	// is worth it.
	ChangedSince int `json:"failed_before_spec_changed,omitempty"`

	path   string
	doubts console.Uncertain
	retry  string
}

// PrintPlan is `pipe plan`.
func PrintPlan(ctx context.Context, path string, f PlanOptions, std Std) error {
	spec, secrets, err := f.Load(path)
	if err != nil {
		return RedactError(err, secrets)
	}
	if f.Advise > 0 {
		return RedactError(f.advise(ctx, spec, secrets, std), secrets)
	}
	var p *Forecast
	err = untilInterrupted(ctx, func(ctx context.Context) (err error) {
		p, err = f.forecast(ctx, spec, secrets, std)
		return err
	})
	if err != nil {
		return RedactError(err, secrets)
	}
	if f.AsJSON {
		err = writeJSON(std, p)
	} else {
		p.print(redacted{std.Out, secrets})
	}
	if err == nil && (p.Bad > 0 || p.Short != "") {
		return Exit(ExitFailed, nil)
	}
	return err
}

func (f PlanOptions) forecast(ctx context.Context, spec *specs.Spec, secrets *secret.Store, std Std) (*Forecast, error) {
	dir, err := OutFolder(f.Out, spec)
	if err != nil {
		return nil, err
	}
	led, err := readLedger(ctx, dir)
	if err != nil {
		return nil, err
	}
	if led != nil {
		defer func() { _ = led.Close() }()
	}
	p := &Forecast{
		Spec: spec.Name, path: spec.File, Known: true, Accounts: []string{},
		Sessions: spec.Pool.Contexts, Workers: spec.Pool.Contexts * spec.Pool.Pages,
	}
	for _, a := range pipeline.Accounts(spec) {
		p.Accounts = append(p.Accounts, a.Name)
	}
	if err := f.rows(ctx, p, spec, secrets, led, dir, std); err != nil {
		return nil, err
	}
	p.ToDo = p.Plan.ToDo()
	if led == nil {
		return p, nil
	}
	if p.doubts, err = uncertain(ctx, led, f.words(spec, dir)); err != nil {
		return nil, Exit(ExitEnvironment, err)
	}
	p.Uncertain = p.doubts.Rows
	if p.ChangedSince, err = led.FailedUnderOthers(ctx, spec.Revision); err != nil {
		return nil, Exit(ExitEnvironment, err)
	}
	p.retry = f.commands(spec, dir).Retry()
	took, err := led.Durations(ctx)
	if err != nil {
		return nil, Exit(ExitEnvironment, err)
	}
	p.PerItem, p.Items = took.Item.Median, took.Item.Count
	p.expect(&spec.Pool)
	return p, nil
}

// rows makes the numbers, from the source where that may be opened.
func (f PlanOptions) rows(ctx context.Context, p *Forecast, spec *specs.Spec, secrets *secret.Store, led *ledger.Ledger, dir string, std Std) error {
	cfg := engine.Config{Spec: spec, ReadRows: file.Read, Redact: secrets.Redact, Dir: dir}
	p.From = "the source"
	switch {
	case spec.Source.OnSite() && !f.Export:
		return p.recorded(ctx, led)
	case spec.Source.OnSite():
		s, err := openSandbox(ctx, spec, secrets, "", dir, std.Err)
		if err != nil {
			return err
		}
		defer func() { _ = s.close(ctx) }()
		cfg, p.From = s.config(), "the list that the site has now"
	}
	var standings pipeline.Standings
	if led != nil {
		standings = led
	}
	var err error
	p.Plan, err = preview.MakePlan(ctx, cfg, standings)
	return err
}

// recorded takes the numbers from the rows that the last run saw.
func (p *Forecast) recorded(ctx context.Context, led *ledger.Ledger) error {
	if led == nil {
		p.Known, p.From = false, "nothing: the site has the list of items, and no run has fetched it yet"
		return nil
	}
	totals, err := led.Totals(ctx)
	if err != nil {
		return Exit(ExitEnvironment, err)
	}
	last, err := led.LastRun(ctx)
	if err != nil {
		return Exit(ExitEnvironment, err)
	}
	p.From = "the rows that the last run saw"
	if last.Number > 0 {
		p.From += ", " + last.Started.Local().Format("2006-01-02 15:04:05")
	}
	p.Plan = preview.Plan{Rows: totals.In, Pending: totals.Pending, Failed: totals.Failed, Done: totals.Done, Skipped: totals.Skipped, Duplicates: totals.Duplicates, Bad: totals.Bad}
	if p.Short, err = led.LastShort(ctx); err != nil {
		return Exit(ExitEnvironment, err)
	}
	for row, err := range led.Rejected(ctx) {
		if err != nil {
			return Exit(ExitEnvironment, err)
		}
		if p.BadRows = append(p.BadRows, row.String()); len(p.BadRows) == shownMost {
			break
		}
	}
	for row, err := range led.Items(ctx, pipeline.Failed) {
		if err != nil {
			return Exit(ExitEnvironment, err)
		}
		if p.FailedKeys = append(p.FailedKeys, preview.FailedItem{Key: row.Key, Reason: row.Reason}); len(p.FailedKeys) == shownMost {
			break
		}
	}
	return nil
}

// expect tells how long the run may take: by what items took before and the
// pages that work at once, or by the pace that the spec sets.
func (p *Forecast) expect(pool *specs.Pool) {
	if p.Items == 0 || p.ToDo == 0 {
		return
	}
	workers := min(max(p.Workers, 1), p.ToDo)
	rounds := (p.ToDo + workers - 1) / workers
	p.Expected, p.Bound = time.Duration(rounds)*(p.PerItem+pool.Pace.Delay.Std()), "the pages at work"
	if rate := pool.Pace.Rate.PerSecond(); rate > 0 {
		if paced := time.Duration(float64(p.ToDo) / rate * float64(time.Second)); paced > p.Expected {
			p.Expected, p.Bound = paced, "pool.pace.rate"
		}
	}
}
