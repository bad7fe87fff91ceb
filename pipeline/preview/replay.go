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
	"pipe/steps"
)

// copyStep is how long a step may wait on the copy of a page, which shows at once what it
// has.
const copyStep = 3 * time.Second

// Replay is an attempt that has failed, to be looked at on a copy of the page as it was
// then.
type Replay struct {
	Item pipeline.Item
	// Failed is the path of the step that failed, or of the record's field.
	Failed string
	// Address is that of the page.
	Address string
}

// ReplayResult is what the copy tells.
type ReplayResult struct {
	// Found is true where the failed step would find now what it needs; Fault says why
	// not, and Similar are the elements that are most like it, the likest first.
	Found   bool
	Fault   *document.Fault
	Similar []string
	// Ends is the step behind which the copy tells no more, as the page would be another;
	// "" for none.
	Ends string
}

// NoStepError is a step that the spec does not have any more.
type NoStepError struct {
	Path  string
	There []string
}

func (e *NoStepError) Error() string {
	return fmt.Sprintf("the spec has no step %s any more%s", e.Path, document.DidYouMean(e.Path, e.There))
}

// ReplayCopy walks the spec's steps, as they are now, from the one that failed, on the copy
// of a page. What reads is done, what acts is looked for. Of cfg it needs Spec and Pages,
// of which the first shows the copy at its address, and takes Configure.
func ReplayCopy(ctx context.Context, cfg engine.Config, r Replay, report func(StepReport)) (ReplayResult, error) {
	spec := cfg.Spec
	w := &replayWalk{dryWalk: dryWalk{reports: &stepReports{spec: spec, redact: cfg.Reporter().Redact, tell: report}, key: r.Item.Key}}
	list, field, err := replayFrom(spec, r.Failed)
	if err != nil {
		return w.result, err
	}
	page, err := cfg.Pages.Open(ctx, 0)
	if err != nil {
		return w.result, err
	}
	defer func() {
		page.Discard()
		page.Done()
	}()
	attempt := engine.NewAttempt(r.Item, pipeline.Worker{}, pipeline.AccountValues(spec, 0))
	w.on = pipeline.NewStepContext(spec, page, attempt.Values, cfg.Screenshots())
	w.on.StepTimeout, w.on.CaptureTimeout = copyStep, copyStep
	w.on.OnLog = w.reports.log(r.Item.Key)
	w.item = engine.ItemSteps{Spec: spec, Page: page, Reporter: cfg.Reporter(), Key: r.Item.Key}
	if err := w.on.Goto(ctx, r.Address, &specs.Until{State: "domcontentloaded"}, nil); err != nil {
		return w.result, fmt.Errorf("opening the copy of the page: %w", err)
	}
	w.on.OnStepEnd = func(e steps.StepResult) { report(w.reports.step(r.Item.Key, e)) }
	w.on.Intercept = w.instead
	if cfg.Configure != nil {
		cfg.Configure(w.on)
	}
	w.walk(ctx, list, field)
	return w.result, ctx.Err()
}

// replayFrom finds the step or the field of the record to begin with, and gives the steps
// from there on.
func replayFrom(spec *specs.Spec, failed string) (list []*specs.Step, field string, err error) {
	// The path is followed by the step's name and its place in the file.
	path, _, _ := strings.Cut(failed, " ")
	all := specs.StepsIn(slices.Concat(spec.Navigate.Steps, spec.Download.Steps))
	if name, is := strings.CutPrefix(path, "record.fields."); is {
		if !slices.ContainsFunc(spec.Record.Fields, func(f specs.Field) bool { return f.Name == name }) {
			return nil, "", &NoStepError{Path: path}
		}
		return nil, name, nil
	}
	if path == "navigate.home" || path == "navigate" || path == "" {
		return all, "", nil
	}
	for i, s := range all {
		// With another verb it is another step in the same place.
		if s.Path == path || strings.TrimSuffix(s.Path, "."+s.Verb) == strings.TrimSuffix(path, "."+lastPart(path)) {
			return all[i:], "", nil
		}
	}
	none := &NoStepError{Path: path}
	for _, s := range all {
		none.There = append(none.There, s.Path)
	}
	return nil, "", none
}

func lastPart(path string) string { return path[strings.LastIndex(path, ".")+1:] }

// replayWalk is a dry walk of a page that does not change.
type replayWalk struct {
	dryWalk
	result ReplayResult
	// first is true once the first step has told what became of it.
	first bool
}

func (w *replayWalk) walk(ctx context.Context, list []*specs.Step, field string) {
	done := ""
	for _, step := range list {
		if ctx.Err() != nil || w.beyond {
			break
		}
		if done != "" && strings.HasPrefix(step.Path, done+".") {
			continue // it stands in one that is behind
		}
		done = step.Path
		w.settle(ctx, w.on.Run(ctx, []specs.Step{*step}))
		if !w.result.Found {
			break // what comes then may need it
		}
	}
	if w.left != nil {
		w.result.Ends = w.left.Path
	}
	for _, f := range w.reports.spec.Record.Fields {
		if f.Name == field || field == "" && f.Read.OnPage() && w.first && w.result.Found {
			err := w.field(ctx, f)
			if f.Name == field {
				w.settle(ctx, err)
			}
		}
	}
}

// settle notes what became of the step that has failed before, which is the first.
func (w *replayWalk) settle(ctx context.Context, err error) {
	if w.first {
		return
	}
	w.first = true
	if w.result.Found = err == nil; err == nil {
		return
	}
	fault := w.reports.fault(err)
	w.result.Fault = &fault
	var gone *steps.AbsentError
	if errors.As(err, &gone) {
		w.result.Similar = w.on.SimilarElements(ctx, gone.Target)
	}
}

// instead looks for what a step acts on, in the place of acting, and ends where the copy
// does: at what would show on another page alone.
func (w *replayWalk) instead(ctx context.Context, step *specs.Step) (bool, error) {
	_, asks := step.Do.(*steps.Request)
	switch {
	case w.beyond, w.left != nil && !w.on.Ready(ctx, step):
		w.beyond = true
		w.on.SetNote(fmt.Sprintf("not told by the copy: it may depend on %s, which was not done", w.left.Path))
		return true, nil
	case asks:
		w.on.SetNote("not done: it asks the site")
	case steps.IsReadOnly(step) || isComposite(step):
		return false, nil
	default:
		text, err := w.on.DryRun(ctx, step)
		if err != nil {
			return true, err
		}
		w.on.SetNote(text)
	}
	if w.left == nil && !fills(step) {
		w.left = step
	}
	return true, nil
}

// isComposite tells a list of steps, as if and while have, from a step that acts.
func isComposite(step *specs.Step) bool {
	return !captures(step) && steps.Trigger(step) == nil && len(specs.StepsIn([]specs.Step{*step})) > 1
}

// fills tells whether a step puts something into a field, after which the page is the same
// as a rule.
func fills(step *specs.Step) bool {
	switch step.Do.(type) {
	case *steps.Fill, *steps.SetChecked, *steps.Select, *steps.Scroll, *steps.Hover, *steps.Screenshot:
		return true
	}
	return false
}
