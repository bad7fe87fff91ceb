package preview

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"pipe/pipeline"
	"pipe/pipeline/engine"
	"pipe/specs"
	"pipe/specs/document"
	"pipe/steps"
)

// DryResult is what a dry run came to.
type DryResult struct {
	// Rows counts those of the source that were read, Done the items passed over
	// because they are done.
	Rows, Done int
	// Items counts the items that were walked, Failed those that failed.
	Items, Failed int
	// Bad counts the rows that are no items, and Short is what is wrong with the
	// length of the list.
	Bad   int
	Short string
	// Refused is true when the site has refused the login.
	Refused bool
	// Unmatched is true when a selector resolved to nothing.
	Unmatched bool
	// Faults are the failures at their places in the spec, each once.
	Faults document.Faults
	// Class is the class of the first failure, "" for none.
	Class pipeline.Class
	// Columns are what the first row of the source has.
	Columns []string
	// Warnings are what may not be meant, each once.
	Warnings document.Faults
}

// DryRun walks the first items that are not done up to what writes on the site,
// and checks all steps on the way. Nothing is kept, and the ledger is only read;
// led is nil when there is none. Of cfg, Store is a scratch folder's. The error
// is what no item is to blame for.
func DryRun(ctx context.Context, cfg engine.Config, led pipeline.Standings, tell func(StepReport)) (DryResult, error) {
	reporter := cfg.Reporter()
	d := &dryRun{cfg: cfg, reporter: reporter, led: led, reports: stepReports{spec: cfg.Spec, redact: reporter.Redact, tell: tell}, met: map[string]bool{}}
	err := d.walk(ctx)
	d.result.Warnings = d.reports.warnings
	return d.result, err
}

// walk goes through the rows of the source.
func (d *dryRun) walk(ctx context.Context) error {
	cfg, led := d.cfg, d.led
	for row, err := range sourceRows(ctx, &cfg, d.onSource, lengthChecked(cfg.Spec, led, &d.result.Short)) {
		if err != nil {
			return d.ended(ctx, err)
		}
		d.result.Rows++
		done, err := d.passed(ctx, row)
		if err != nil {
			return err
		}
		if done {
			continue
		}
		if err := d.item(ctx, row.item); err != nil {
			return d.ended(ctx, err)
		}
	}
	for _, key := range cfg.Only {
		if !d.met[key] && ctx.Err() == nil {
			return &NoItemError{Key: key, Rows: d.result.Rows}
		}
	}
	return ctx.Err()
}

// dryRun is a dry run under way.
type dryRun struct {
	cfg      engine.Config
	reporter *pipeline.Reporter
	led      pipeline.Standings
	reports  stepReports
	result   DryResult
	// met are the keys of those that were named and that the source has.
	met map[string]bool
}

// onSource watches the steps of a source that the site has. They are done, for there
// are no items without: none of them may write.
func (d *dryRun) onSource(on *steps.StepContext) {
	on.OnStepEnd = func(e steps.StepResult) { d.reports.tell(d.reports.step("", e)) }
	on.OnIdleWait, on.OnLog = d.reports.idleWait(""), d.reports.log("")
	on.Intercept = func(_ context.Context, step *specs.Step) (bool, error) {
		if steps.Writes(step) {
			return false, errors.New("it writes on the site: a dry run does not, and knows no items without it")
		}
		return false, nil
	}
}

// ended is an error that no item is to blame for. When it is at a place of the spec, of
// the login or the source, that is what is to be told.
func (d *dryRun) ended(ctx context.Context, err error) error {
	if ctx.Err() != nil || !hasPlace(err) {
		return err
	}
	var gone *steps.AbsentError
	var refused *pipeline.RefusedError
	d.result.Unmatched, d.result.Refused = d.result.Unmatched || errors.As(err, &gone), errors.As(err, &refused)
	d.result.Failed++
	d.fault(err)
	return nil
}

func (d *dryRun) fault(err error) {
	if d.result.Class == "" {
		d.result.Class, _ = pipeline.Classify(err)
	}
	f := d.reports.fault(err)
	if !slices.ContainsFunc(d.result.Faults, func(g document.Fault) bool { return g.Pos == f.Pos }) {
		d.result.Faults = append(d.result.Faults, f)
	}
}

// passed tells whether a row is none to walk.
func (d *dryRun) passed(ctx context.Context, row sourceRow) (bool, error) {
	if row.bad != "" {
		d.result.Bad++
		d.reports.tell(StepReport{Step: "source", Note: "bad row: " + row.bad})
		return true, nil
	}
	if d.result.Columns == nil {
		d.result.Columns = slices.Sorted(maps.Keys(row.item.Fields))
	}
	named := len(d.cfg.Only) == 0 || slices.Contains(d.cfg.Only, row.item.Key)
	d.met[row.item.Key] = d.met[row.item.Key] || named && len(d.cfg.Only) > 0
	enough := d.result.Items == d.cfg.Limit && d.cfg.Limit > 0 // bad rows come to light to the end
	if row.duplicate || !named || enough || d.led == nil {
		return row.duplicate || !named || enough, nil
	}
	known, found, err := d.led.Stands(ctx, row.item.Key)
	if found && known.Status.Well() && len(d.cfg.Only) == 0 {
		d.result.Done++
		return true, err
	}
	return false, err
}

// item walks one item. The error ends the dry run.
func (d *dryRun) item(ctx context.Context, item pipeline.Item) error {
	d.result.Items++
	began := time.Now()
	index, worker, err := workerFor(&d.cfg, item)
	var page pipeline.Page
	if err == nil {
		page, err = d.cfg.Pages.Open(ctx, index)
	}
	if err == nil {
		err = d.onPage(ctx, page, worker, item)
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	var refused *pipeline.LoginError
	var none *pipeline.StartError
	if errors.As(err, &none) || errors.As(err, &refused) {
		return err
	}
	if err != nil {
		d.result.Failed++
		d.fault(fmt.Errorf("item %s: %w", item.Key, err))
	}
	end := StepReport{Item: item.Key, Step: "item", Took: time.Since(began), Note: "all of it resolves"}
	if err != nil {
		end.Note, end.Error = "failed", d.reporter.Redact(pipeline.Located(err).Error())
	}
	d.reports.tell(end)
	return nil
}

// onPage walks an item on its page, and leaves that fit for the next.
func (d *dryRun) onPage(ctx context.Context, page pipeline.Page, worker pipeline.Worker, item pipeline.Item) error {
	defer page.Done()
	trusted, err := d.walkBy(ctx, page, worker, item, "", d.reports.tell)
	if err == nil && d.cfg.Spec.Pool.Input == steps.ScriptInput {
		err = d.compareInput(ctx, page, worker, item, trusted)
	}
	if strays := page.CloseStrays(ctx); strays != nil || err != nil {
		page.Discard()
	}
	return err
}

// walkBy walks an item by one kind of input, and gives what it saw on its way.
func (d *dryRun) walkBy(ctx context.Context, page pipeline.Page, worker pipeline.Worker, item pipeline.Item, input string, tell func(StepReport)) (seen []string, err error) {
	limited, cancel := context.WithTimeout(ctx, d.cfg.Spec.Timeouts.Item.Std())
	defer cancel()
	reports := d.reports
	reports.tell = func(r StepReport) {
		if !r.Starts {
			// A site that remembers an item may need an optional step for the next.
			seen = append(seen, cmp.Or(r.Name, r.Step)+" "+r.Value)
		}
		tell(r)
	}
	on := pipeline.NewStepContext(d.cfg.Spec, page, pipeline.AccountValues(d.cfg.Spec, worker.Account).With("item", item.Fields), "")
	on.FailOn, on.OnLog, on.Input = d.cfg.Spec.FailOn, reports.log(item.Key), input
	if d.cfg.Configure != nil {
		d.cfg.Configure(on)
	}
	on.Once = &onceKnown{engine.OnceKnown{Spec: d.cfg.Spec, From: d.led, Redact: d.reporter.Redact}, item.Key}
	w := &dryWalk{
		reports: &reports, on: on, key: item.Key, item: engine.ItemSteps{Spec: d.cfg.Spec, Page: page, Reporter: d.reporter, Worker: worker.Name, Key: item.Key},
	}
	on.Intercept = w.instead
	on.OnStepEnd = func(e steps.StepResult) { reports.tell(reports.step(item.Key, e)) }
	on.OnIdleWait = d.reports.idleWait(item.Key)
	defer on.StopDialogs()
	err = pipeline.WhileWatched(limited, page, on, w.walk)
	d.result.Unmatched = d.result.Unmatched || w.unmatched
	for _, fault := range w.faults {
		d.fault(fault)
	}
	if err != nil && ctx.Err() == nil {
		if _, none := on.Unmatched(ctx, err); none {
			d.result.Unmatched = true
		}
		err = pipeline.AsSessionLost(page, err)
	}
	if on.Abandoned {
		page.Discard()
	}
	return append(seen, steps.ShortURL(page.Playwright().URL())), err
}

// compareInput walks an item again by events that are made in the page, and makes sure
// that the site shows the same.
func (d *dryRun) compareInput(ctx context.Context, page pipeline.Page, worker pipeline.Worker, item pipeline.Item, trusted []string) error {
	began := time.Now()
	script, err := d.walkBy(ctx, page, worker, item, steps.ScriptInput, func(StepReport) {})
	r := StepReport{Item: item.Key, Step: "pool.input", At: d.cfg.Spec.PlaceOf("pool.input").String(), Took: time.Since(began), Note: "the site shows the same for events that are made in the page"}
	if err == nil && !slices.Equal(trusted, script) {
		err = fmt.Errorf("it shows %s, not %s", script[len(script)-1], trusted[len(trusted)-1])
		for i := range min(len(trusted), len(script)) {
			if trusted[i] != script[i] {
				err = fmt.Errorf("there is %q, not %q", script[i], trusted[i])
				break
			}
		}
	}
	if err != nil && ctx.Err() == nil {
		err = &pipeline.PlaceError{At: "pool.input", Err: fmt.Errorf("the site does not take events that are made in the page for a person's: leave pool.input at trusted (%w)", err)}
		r.Note, r.Error = "", d.reporter.Redact(err.Error())
	}
	d.reports.tell(r)
	return err
}
