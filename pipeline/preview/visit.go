package preview

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"pipe/pipeline"
	"pipe/pipeline/engine"
	"pipe/specs"
	"pipe/specs/document"
	"pipe/specs/expr"
	"pipe/steps"
)

// Visit brings a page to a place of a spec, and has it looked at there. It changes nothing on
// the site: before a step that may, it ends.
type Visit struct {
	// At is the path or the name of the last step, "source" for the page that a table is on,
	// "navigate.home" or "" for home. A step of the login wants pages that log nobody in.
	At string
	// Key is that of the item whose steps are gone; "" is the first of the list.
	Key string
	// Look looks at the page.
	Look func(ctx context.Context, on *steps.StepContext) error

	cfg     engine.Config
	reports stepReports
	item    *pipeline.Item
	reached bool
	// next is the step before which it ended, nil for none.
	next   *specs.Step
	result VisitResult
}

// VisitResult is how a visit went.
type VisitResult struct {
	// Item is the key of the item whose steps were gone, "" for none.
	Item string
	// Left is the path of the step that may change something on the site, before which it ended.
	Left string
	// Fault is where in the spec it failed; the page was looked at as that has left it.
	Fault *document.Fault
}

// CheckVisit finds the place of a spec that a visit is to.
func CheckVisit(spec *specs.Spec, at string) error {
	if at == "" || at == "source" && spec.Source.Table != nil || at == "navigate.home" {
		return nil
	}
	var names []string
	for _, s := range slices.Concat(loginSteps(spec), sourceSteps(spec), spec.Navigate.Steps, spec.Download.Steps) {
		for _, inner := range specs.StepsIn([]specs.Step{s}) {
			if isStep(inner, at) {
				return nil
			}
			names = append(names, inner.Path)
		}
	}
	return fmt.Errorf("there is no step %q to go to: there are %s", at, strings.Join(names, ", "))
}

// VisitsLogin tells whether a place is a step of the login.
func VisitsLogin(spec *specs.Spec, at string) bool { return within(loginSteps(spec), at) }

func within(list []specs.Step, at string) bool {
	return at != "" && slices.ContainsFunc(specs.StepsIn(list), func(s *specs.Step) bool { return isStep(s, at) })
}

func loginSteps(spec *specs.Spec) []specs.Step {
	if spec.Login == nil {
		return nil
	}
	return spec.Login.Steps
}

// SourceWrites gives the path of a step of the source that may change something on the site,
// "" for none.
func SourceWrites(spec *specs.Spec) string {
	list := sourceSteps(spec)
	if t := spec.Source.Table; t != nil && t.Each != nil {
		list = slices.Concat(list, t.Each.Steps)
	}
	for _, s := range specs.StepsIn(list) {
		if steps.Writes(s) {
			return s.Path
		}
	}
	return ""
}

// sourceSteps are those of a source on the site.
func sourceSteps(spec *specs.Spec) []specs.Step {
	switch s := spec.Source; {
	case s.Export != nil:
		return s.Export.Steps
	case s.Table != nil:
		return s.Table.Steps
	case s.Collect != nil:
		return s.Collect.Steps
	}
	return nil
}

// Run goes there. Of cfg, Store is a scratch folder's. The error is not the spec's.
func (v *Visit) Run(ctx context.Context, cfg engine.Config, report func(StepReport)) (VisitResult, error) {
	reporter := cfg.Reporter()
	v.cfg, v.reports = cfg, stepReports{spec: cfg.Spec, redact: reporter.Redact, tell: report}
	spec := cfg.Spec
	values := pipeline.AccountValues(spec, 0)
	worker := 0
	if v.needsItem(values) {
		first, err := v.find(ctx)
		if err != nil {
			return v.ended(ctx, err)
		}
		v.item, v.result.Item = &first, first.Key
		index, w, err := workerFor(&cfg, first)
		if err != nil {
			return v.ended(ctx, err)
		}
		worker, values = index, pipeline.AccountValues(spec, w.Account).With("item", first.Fields)
	}
	page, err := cfg.Pages.Open(ctx, worker)
	if err != nil {
		return v.ended(ctx, err)
	}
	defer page.Discard()
	defer page.Done()
	on := pipeline.NewStepContext(spec, page, values, cfg.Screenshots())
	on.FailOn, on.OnLog, on.Input = spec.FailOn, v.reports.log(v.result.Item), spec.Pool.Input
	on.Intercept, on.OnStepEnd = v.intercept, v.stepEnded
	defer on.StopDialogs()
	err = v.walk(ctx, page, on)
	if errors.Is(err, errReached) {
		err = nil
	}
	if err != nil {
		if _, fatal := v.ended(ctx, err); fatal != nil {
			return v.result, fatal
		}
	}
	v.settle(ctx, on)
	return v.result, errors.Join(ctx.Err(), v.Look(ctx, on))
}

// needsItem tells whether the way there is an item's.
func (v *Visit) needsItem(values expr.Values) bool {
	spec := v.cfg.Spec
	if v.Key != "" || within(spec.Navigate.Steps, v.At) || within(spec.Download.Steps, v.At) {
		return true
	}
	if v.At != "" && v.At != "navigate.home" {
		return false
	}
	_, err := spec.Navigate.Home.URL.Text(values)
	return err != nil
}

// find finds the item in the source.
func (v *Visit) find(ctx context.Context) (pipeline.Item, error) {
	rows := 0
	for row, err := range sourceRows(ctx, &v.cfg, func(on *steps.StepContext) {
		on.OnStepEnd = func(e steps.StepResult) { v.reports.tell(v.reports.step("", e)) }
		on.Intercept = func(_ context.Context, step *specs.Step) (bool, error) {
			if steps.Writes(step) {
				return false, errors.New("it may change something on the site, and no item is known without it")
			}
			return false, nil
		}
	}, nil) {
		if err != nil {
			return pipeline.Item{}, err
		}
		if rows++; row.bad == "" && (v.Key == "" || row.item.Key == v.Key) {
			return row.item, nil
		}
	}
	return pipeline.Item{}, &NoItemError{Key: v.Key, Rows: rows}
}

// walk goes the steps to the place.
func (v *Visit) walk(ctx context.Context, page pipeline.Page, on *steps.StepContext) error {
	spec := v.cfg.Spec
	limit := spec.Timeouts.Item.Std()
	way := v.toItem
	switch {
	case VisitsLogin(spec, v.At):
		limit = spec.Timeouts.Login.Std()
		way = func(ctx context.Context, _ pipeline.Page, on *steps.StepContext) error {
			return on.Run(ctx, spec.Login.Steps)
		}
	case v.At == "source" || within(sourceSteps(spec), v.At):
		limit = spec.Timeouts.Source.Std()
		way = v.toSource
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	return pipeline.WhileWatched(ctx, page, on, func(ctx context.Context) error { return way(ctx, page, on) })
}

// toItem goes home, and from there the steps of the item.
func (v *Visit) toItem(ctx context.Context, page pipeline.Page, on *steps.StepContext) error {
	spec := v.cfg.Spec
	began := time.Now()
	var err error
	if !spec.Navigate.Home.URL.Empty() {
		home := engine.ItemSteps{Spec: spec, Page: page, Reporter: v.cfg.Reporter(), Key: v.result.Item}
		err = home.GoHome(ctx, on)
		v.reports.tell(v.reports.home(v.result.Item, time.Since(began), err))
	} else if base, _, fault := spec.Base(); fault == nil && base != "" {
		err = on.Goto(ctx, base, nil, nil)
	}
	if err != nil || v.At == "" || v.At == "navigate.home" {
		return err
	}
	if err := on.Run(ctx, spec.Navigate.Steps); err != nil {
		return err
	}
	return on.Run(ctx, spec.Download.Steps)
}

// toSource goes to where the list is.
func (v *Visit) toSource(ctx context.Context, _ pipeline.Page, on *steps.StepContext) error {
	t := v.cfg.Spec.Source.Table
	if t == nil {
		return on.Run(ctx, sourceSteps(v.cfg.Spec))
	}
	if t.Each != nil {
		if err := on.Run(ctx, t.Each.Steps); err != nil {
			return err
		}
		values, err := expr.ListOf(t.Each.In, on.Values, "for each")
		if err != nil {
			return err
		}
		if len(values) > 0 {
			on.SetVar(t.Each.As, values[0])
		}
	}
	if !t.Goto.Empty() {
		url, err := t.Goto.Text(on.Values)
		if err != nil {
			return err
		}
		if err := on.Goto(ctx, url, t.Until, t.Steps); err != nil {
			return err
		}
	}
	return on.Run(ctx, t.Steps)
}

// intercept ends the visit behind its place, and before what may change something.
func (v *Visit) intercept(_ context.Context, step *specs.Step) (bool, error) {
	if v.reached {
		v.next = step
		return false, errReached
	}
	e := v.cfg.Spec.Source.Export
	fetches := e != nil && len(e.Steps) > 0 && step.Path == e.Steps[len(e.Steps)-1].Path
	if steps.Writes(step) || step.Once || fetches {
		v.reached, v.result.Left, v.next = true, step.Path, step
		return false, errReached
	}
	return false, nil
}

func (v *Visit) stepEnded(e steps.StepResult) {
	if errors.Is(e.Err, errReached) {
		return // it was not begun
	}
	v.reports.tell(v.reports.step(v.result.Item, e))
	v.reached = v.reached || v.At != "" && e.Err == nil && isStep(e.Step, v.At)
}

// ended puts an error where it is in the spec, if it is not the run's.
func (v *Visit) ended(ctx context.Context, err error) (VisitResult, error) {
	if ctx.Err() != nil || !hasPlace(err) {
		return v.result, err
	}
	fault := v.reports.fault(err)
	v.result.Fault = &fault
	return v.result, nil
}
