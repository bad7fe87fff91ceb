package pipeline

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"pipe/specs"
	"pipe/steps"
)

// DryResult is what a dry run came to.
type DryResult struct {
	// Rows counts those of the source that were read, Done the items passed over
	// because they are done.
	Rows, Done int
	// Items counts the items that were walked, Failed those that failed.
	Items, Failed int
	// Unmatched is true when a selector resolved to nothing.
	Unmatched bool
	// Faults are the failures at their places in the spec, each once.
	Faults specs.Faults
}

// DryRun walks the first items that are not done up to what writes on the site,
// and checks all steps on the way. Nothing is kept, and the ledger is only read;
// led is nil when there is none. Of cfg, Store is a scratch folder's. The error
// is what no item is to blame for.
func DryRun(ctx context.Context, cfg Config, led Standings, tell func(StepReport)) (DryResult, error) {
	d := &dryRun{run: newRun(cfg), led: led, report: tell}
	d.dress = d.onExport
	for row, err := range d.survey(ctx) {
		if err != nil {
			return d.result, d.ended(ctx, fmt.Errorf("reading the source: %w", err))
		}
		d.result.Rows++
		done, err := d.passed(ctx, row)
		if err != nil {
			return d.result, err
		}
		if done {
			continue
		}
		if err := d.item(ctx, row.item); err != nil {
			return d.result, d.ended(ctx, err)
		}
		if d.result.Items == cfg.Limit {
			break
		}
	}
	return d.result, ctx.Err()
}

// dryRun is a dry run under way.
type dryRun struct {
	*run
	led    Standings
	report func(StepReport)
	result DryResult
}

// onExport watches the steps of the source's export. They are done, for there
// are no items without: none of them may write.
func (d *dryRun) onExport(scene *steps.Scene) {
	scene.Ended = func(e steps.Ended) { d.report(d.stepReport("", e)) }
	scene.Instead = func(_ context.Context, step *specs.Step) (bool, error) {
		if steps.Writes(step) {
			return false, errors.New("it writes on the site: a dry run does not, and knows no items without it")
		}
		return false, nil
	}
}

// ended is an error that no item is to blame for. When it is a step's, of the
// login or the export, its place is what is to be told.
func (d *dryRun) ended(ctx context.Context, err error) error {
	var step *steps.Error
	if ctx.Err() != nil || !errors.As(err, &step) {
		return err
	}
	var gone *steps.AbsentError
	d.result.Unmatched = d.result.Unmatched || errors.As(err, &gone)
	d.result.Failed++
	d.fault(err)
	return nil
}

func (d *dryRun) fault(err error) {
	f := d.faultOf(err)
	if !slices.ContainsFunc(d.result.Faults, func(g specs.Fault) bool { return g.Pos == f.Pos }) {
		d.result.Faults = append(d.result.Faults, f)
	}
}

// passed tells whether a row is none to walk.
func (d *dryRun) passed(ctx context.Context, row surveyed) (bool, error) {
	if row.bad != "" {
		d.report(StepReport{Step: "source", Note: "bad row: " + row.bad})
		return true, nil
	}
	named := len(d.cfg.Only) == 0 || slices.Contains(d.cfg.Only, row.item.Key)
	if row.duplicate || !named || d.led == nil {
		return row.duplicate || !named, nil
	}
	known, found, err := d.led.Stands(ctx, row.item.Key)
	if found && known.Status.Well() {
		d.result.Done++
		return true, err
	}
	return false, err
}

// item walks one item. The error ends the dry run.
func (d *dryRun) item(ctx context.Context, item Item) error {
	d.result.Items++
	began := time.Now()
	b, a, err := d.lend(item)
	var page Page
	if err == nil {
		page, err = d.cfg.Pages.Open(ctx, b.index)
	}
	if err == nil {
		err = d.walkOn(ctx, b, page, a)
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	var refused *LoginError
	var none *StartError
	if errors.As(err, &none) || errors.As(err, &refused) {
		return err
	}
	if err != nil {
		d.result.Failed++
		d.fault(fmt.Errorf("item %s: %w", item.Key, err))
	}
	end := StepReport{Item: item.Key, Step: "item", Took: time.Since(began), Note: "all of it resolves"}
	if err != nil {
		end.Note, end.Error = "failed", d.redact(located(err).Error())
	}
	d.report(end)
	return nil
}

// lend gives the worker for an item, and an attempt that no ledger knows of.
func (r *run) lend(item Item) (*browser, *attempt, error) {
	account, err := r.bind(item)
	if err != nil {
		return nil, nil, &placed{"account", err}
	}
	b := &browser{run: r}
	for i, w := range r.cfg.Pages.Workers() {
		if w.Account == max(account, 0) {
			b.index, b.worker = i, w
			break
		}
	}
	return b, &attempt{
		job: &job{item: item, failures: map[Class]int{}}, worker: b.worker.Name, started: time.Now(), phases: map[string]time.Duration{},
		values: r.values(b.worker.Account).With("item", item.Fields), account: b.worker.Account, read: map[string]any{},
	}, nil
}

// walkOn walks an item on its page, and leaves that fit for the next.
func (d *dryRun) walkOn(ctx context.Context, b *browser, page Page, a *attempt) error {
	defer page.Done()
	limited, cancel := context.WithTimeout(ctx, d.cfg.Spec.Timeouts.Item.Std())
	defer cancel()
	w := &dryWalk{dryRun: d, b: b, a: a}
	w.scene = sceneOf(d.cfg.Spec, page, a.values, "")
	w.scene.Instead = w.instead
	w.scene.Ended = func(e steps.Ended) { d.report(d.stepReport(a.job.item.Key, e)) }
	defer w.scene.End()
	_, err := d.guarded(limited, page, w.scene, func(ctx context.Context) (steps.Delivery, error) { return nil, w.walk(ctx) })
	if err != nil && ctx.Err() == nil {
		if _, none := w.scene.Unmatched(ctx, err); none {
			d.result.Unmatched = true
		}
		err = b.blame(page, err)
	}
	if strays := page.CloseStrays(ctx); strays != nil || err != nil || w.scene.Abandoned {
		page.Discard()
	}
	return err
}

// needsFile tells whether a field's expression is about the file.
func needsFile(field specs.Field) bool { return field.Read.Value.Names("file", "") }
