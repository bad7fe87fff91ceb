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

// Trial does one item for real, into a scratch folder, and tells each step. It
// can do it again by a spec that has changed, from where its page stands.
type Trial struct {
	// Until is the path or the name of the step that is the last; "" is all.
	Until string
	// Picture, if set, keeps a picture of the page after each step and gives its
	// file's name.
	Picture func(step string, png []byte) (string, error)
	// Once has the trial do what is done once for an item, which it leaves otherwise;
	// Known, if set, tells what runs have done of it.
	Once  bool
	Known pipeline.OnceStandings
	// Allowed is what it may do on the site.
	Allowed Allowed

	cfg      engine.Config
	reporter *pipeline.Reporter
	reports  stepReports
	item     pipeline.Item
	// beside is an item that the list has too, nil for none.
	beside  *pipeline.Item
	attempt *engine.Attempt
	// files are in place in the scratch folder.
	files []pipeline.File
	page  pipeline.Page
	on    *steps.StepContext
	// at is how many steps are behind the page, of the list all.
	at  int
	all []specs.Step
	// trusted is true while the page stands where at says.
	trusted, reached bool
	// once is what the trial has done once, left the step of it that it has left.
	once map[string]*steps.OnceEntry
	left *specs.Step
	// reading is true once only the record is left to be made.
	reading bool
	// single is true while one step alone is done.
	single bool
}

// TrialResult is what became of the item.
type TrialResult struct {
	// Files are below Dir/files of the scratch folder.
	Files  []pipeline.File
	Record []pipeline.Field
	// Reached is true when the trial ended at Until.
	Reached bool
	// Left is the step before which it ended, as it is once or may write; "" for none.
	Left string
	// Fault is where in the spec it failed.
	Fault *document.Fault
	// Unmatched is true when that was a selector which resolved to nothing.
	Unmatched bool
	// Similar are the elements of the page that are most like what was not found there, the
	// likest first.
	Similar []string
	// Warnings are what may not be meant, each once.
	Warnings document.Faults
}

// CheckUntil finds the step that Until names.
func CheckUntil(spec *specs.Spec, until string) error {
	if until == "" || until == "navigate.home" && !spec.Navigate.Home.URL.Empty() {
		return nil
	}
	var names []string
	for _, s := range append(specs.StepsIn(spec.Navigate.Steps), specs.StepsIn(spec.Download.Steps)...) {
		if isStep(s, until) {
			return nil
		}
		names = append(names, s.Path)
	}
	return fmt.Errorf("there is no step %q to go on until: there are %s", until, strings.Join(names, ", "))
}

// isStep tells whether a step goes by this path, with its verb or without, or by
// this name.
func isStep(s *specs.Step, by string) bool {
	return by == s.Path || by == strings.TrimSuffix(s.Path, "."+s.Verb) || by == s.Name
}

// errReached ends a trial at its last step.
var errReached = errors.New("the last step is reached")

// Run does the item from where the page stands. The error is none of the
// item's.
func (t *Trial) Run(ctx context.Context) (TrialResult, error) {
	var err error
	if t.on == nil {
		if err = t.begin(ctx); err != nil {
			var fatal *pipeline.StartError
			var refused *pipeline.LoginError
			if ctx.Err() != nil || errors.As(err, &fatal) || errors.As(err, &refused) {
				return TrialResult{}, errors.Join(ctx.Err(), err)
			}
		}
	}
	if err == nil {
		err = t.steps(ctx)
	}
	if ctx.Err() != nil {
		return TrialResult{}, ctx.Err()
	}
	var disk *steps.DiskError
	if errors.As(err, &disk) {
		return TrialResult{}, err
	}
	result := TrialResult{Reached: t.reached, Warnings: t.reports.warnings}
	if t.left != nil {
		result.Left = t.left.Path
	}
	result.Files = t.files
	if t.attempt != nil {
		result.Record = t.attempt.Record
	}
	if err != nil {
		if t.on != nil {
			var gone specs.Target
			if gone, result.Unmatched = t.on.Unmatched(ctx, err); result.Unmatched {
				result.Similar = t.on.SimilarElements(ctx, gone)
			}
		}
		fault := t.reports.fault(err)
		result.Fault, result.Files, result.Record = &fault, nil, nil
	}
	return result, nil
}

// begin opens the page and goes home.
func (t *Trial) begin(ctx context.Context) error {
	index, worker, err := workerFor(&t.cfg, t.item)
	if err != nil {
		return err
	}
	if t.page, err = t.cfg.Pages.Open(ctx, index); err != nil {
		return err
	}
	t.attempt, t.files = engine.NewAttempt(t.item, worker, pipeline.AccountValues(t.cfg.Spec, worker.Account)), nil
	t.on = pipeline.NewStepContext(t.cfg.Spec, t.page, t.attempt.Values, t.cfg.Screenshots())
	t.on.FailOn, t.on.OnLog, t.on.Input = t.cfg.Spec.FailOn, t.reports.log(t.item.Key), t.cfg.Spec.Pool.Input
	if t.cfg.Configure != nil {
		t.cfg.Configure(t.on)
	}
	t.on.Look = t.proveStage().Look
	if t.once == nil {
		t.once = map[string]*steps.OnceEntry{}
	}
	t.on.Once = &trialOnce{onceKnown{engine.OnceKnown{Spec: t.cfg.Spec, From: t.Known, Redact: t.reporter.Redact}, t.item.Key}, t.once}
	t.on.OnStepStart = func(s *specs.Step) {
		t.reports.tell(StepReport{Item: t.item.Key, Step: s.Path, Name: s.Name, At: s.Pos.String(), Starts: true})
	}
	t.at, t.reached, t.trusted = -1, false, false
	t.all = slices.Concat(t.cfg.Spec.Navigate.Steps, t.cfg.Spec.Download.Steps)
	return nil
}

// steps runs what is not behind the page, within the item's limit.
func (t *Trial) steps(ctx context.Context) error {
	t.reached, t.reading, t.left = false, false, nil
	limited, cancel := context.WithTimeout(ctx, t.cfg.Spec.Timeouts.Item.Std())
	defer cancel()
	t.on.OnStepEnd = func(e steps.StepResult) { t.ended(limited, e) }
	t.on.OnIdleWait = nil
	if t.at < 0 {
		t.watchWaits()
	}
	t.on.Intercept = func(_ context.Context, step *specs.Step) (bool, error) {
		if !t.reached && (step.Once && !t.Once || !t.Allowed.allows(step)) {
			t.reached, t.left = true, step
		}
		if t.reached {
			return false, errReached
		}
		return false, nil
	}
	err := pipeline.WhileWatched(limited, t.page, t.on, t.walk)
	if errors.Is(err, errReached) {
		err = nil
	}
	if err == nil {
		err = t.bringIn(ctx)
	}
	if err != nil && ctx.Err() == nil {
		err = pipeline.AsSessionLost(t.page, err)
	}
	var gone *steps.AbsentError
	passive := t.reading || t.at >= 0 && t.at < len(t.all) && (steps.IsReadOnly(&t.all[t.at]) || errors.As(err, &gone))
	t.trusted = !t.on.Abandoned && !t.page.Lost() && !errors.Is(err, steps.ErrClosed) && (err == nil || passive)
	return err
}

func (t *Trial) walk(ctx context.Context) error {
	if t.at < 0 {
		began := time.Now()
		err := t.itemSteps().GoHome(ctx, t.on)
		if !t.cfg.Spec.Navigate.Home.URL.Empty() {
			r := t.reports.home(t.item.Key, time.Since(began), err)
			t.picture(ctx, &r)
			t.reports.tell(r)
		}
		if err != nil {
			return err
		}
		t.at, t.reached = 0, t.Until == "navigate.home"
	}
	navigate := len(t.cfg.Spec.Navigate.Steps)
	if t.at < navigate && !t.reached {
		if err := t.on.Run(ctx, t.all[t.at:navigate]); err != nil {
			return err
		}
	}
	if !t.reached {
		if err := t.on.Run(ctx, t.all[t.at:]); err != nil {
			return err
		}
	}
	if t.reached {
		return nil
	}
	return t.fieldsOnPage(ctx)
}

// itemSteps are what of the item's way is no step.
func (t *Trial) itemSteps() *engine.ItemSteps {
	return &engine.ItemSteps{Spec: t.cfg.Spec, Page: t.page, Reporter: t.reporter, Worker: t.attempt.Worker.Name, Key: t.item.Key}
}

// watchWaits has waits told that prove nothing. Where a trial goes on, the step that
// it goes on with may have had its effect before.
func (t *Trial) watchWaits() { t.on.OnIdleWait = t.reports.idleWait(t.item.Key) }

// ended tells of a step, with a picture where one is wanted.
func (t *Trial) ended(ctx context.Context, e steps.StepResult) {
	if errors.Is(e.Err, errReached) || t.single && t.reached && e.Parent == nil {
		return // it was not begun
	}
	r := t.reports.step(t.item.Key, e)
	if e.Step.Once && e.Err == nil && r.Note == "" {
		r.Note = offRecord
	}
	if e.Parent == nil {
		t.watchWaits()
		t.picture(ctx, &r)
		if e.Err == nil && !t.reached {
			t.at++
		}
	}
	t.reports.tell(r)
	t.reached = t.reached || t.Until != "" && e.Err == nil && isStep(e.Step, t.Until)
}
