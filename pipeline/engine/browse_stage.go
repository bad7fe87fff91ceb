package engine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"pipe/pipeline"
	"pipe/specs"
	"pipe/steps"
)

// browseStage does what needs a page: it takes an item up to where its files are
// on their way. Each worker has its own.
type browseStage struct {
	spec        *specs.Spec
	ledger      pipeline.Ledger
	prove       *ProveStage
	placement   *placement
	pages       pipeline.Pages
	run         int64
	screenshots string
	reporter    *pipeline.Reporter
	classifier  *classifier
	stop        *stopConditions
	recovery    *recovery
	unproved    *unproved
	static      *staticStage
	evidence    *evidenceStage
	configure   func(*steps.StepContext)
	healing     pipeline.Healing
	// ended is true while the page is where the last item came to a good end.
	ended bool
}

// attempt begins an attempt and does all of it that needs a page. The error is
// fatal to the run; an item's own failure is in the attempt.
func (b *browseStage) attempt(ctx context.Context, j *job, index int, slot pipeline.Worker) (*Attempt, error) {
	a := newAttempt(j, slot, pipeline.AccountValues(b.spec, slot.Account))
	b.stop.expected.begin(a)
	var err error
	if a.number, err = b.ledger.BeginAttempt(ctx, b.run, j.item.Key, slot.Name, a.started); err != nil {
		return nil, err
	}
	b.tell(a, pipeline.Event{Kind: pipeline.AttemptStarted, Attempt: a.number})
	if j.refused != nil {
		a.fail(j.refused, "account")
		return a, nil //nolint:nilerr // the item's own, not the run's
	}
	page, abandoned, err := b.withoutPage(ctx, a, index)
	static := page != nil
	if err == nil && page == nil {
		page, err = b.page(ctx, j, index)
		a.phase("open", a.started)
		if err == nil {
			abandoned = b.browse(ctx, page, a)
		}
	}
	if err != nil {
		return a, b.unopened(ctx, a, err)
	}
	// Until here the page is needed, however it went.
	a.pageDone, a.browserGone = page.Done, page.BrowserGone
	if ctx.Err() != nil {
		a.release()
		return nil, ctx.Err()
	}
	if fatal := noItemsFault(a.Err); fatal != nil {
		page.Discard()
		a.release()
		return nil, fmt.Errorf("item %s, %s: %w", b.reporter.Redact(a.job.item.Key), a.Step, fatal)
	}
	b.ended = b.recovery.recover(ctx, page, a, abandoned) && a.Err == nil && !static
	if !static && b.static.spares() && b.spec.Download.Via.HTTP() {
		page.Discard() // the next item needs none
		b.ended = false
	}
	if a.Err != nil {
		a.release()
	} else {
		b.stop.expected.add(a)
	}
	b.tell(a, pipeline.Event{Kind: pipeline.PageFreed, Attempt: a.number})
	return a, nil
}

func (b *browseStage) tell(a *Attempt, e pipeline.Event) {
	e.Worker, e.Key = a.Worker.Name, a.job.item.Key
	b.reporter.Report(e)
}

// unopened is an attempt that got no page. It is fatal to the run when no browser can be
// had, or the site's certificate is not taken; anything else is of the moment, or of the
// account alone.
func (b *browseStage) unopened(ctx context.Context, a *Attempt, err error) error {
	var none *pipeline.StartError
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if errors.As(err, &none) || steps.IsCertificateFault(err) {
		return fmt.Errorf("%s: %w", a.Worker.Name, err)
	}
	a.fail(err, pipeline.PlaceOf(err))
	// The item was not begun: that no page can be had says nothing of it.
	a.browserGone = func() bool { return errors.Is(err, steps.ErrClosed) || errors.Is(err, steps.ErrTimeout) }
	b.tell(a, pipeline.Event{Kind: pipeline.PageFreed, Attempt: a.number})
	return nil
}

// browse runs the steps of one item and reads its record's fields; how it fails
// is in the attempt. It tells whether the page may still be busy with a call
// that was given up.
func (b *browseStage) browse(ctx context.Context, page pipeline.Page, a *Attempt) (abandoned bool) {
	limited, cancel := context.WithTimeout(ctx, b.spec.Timeouts.Item.Std())
	defer cancel()
	on := b.stepContext(ctx, page, a)
	defer on.StopDialogs()
	defer b.evidence.tracing(ctx, page, a, on)()
	err := pipeline.WhileWatched(limited, page, on, func(ctx context.Context) error {
		err := b.steps(ctx, page, on, a)
		var skip *steps.SkipError
		if err == nil && !a.goesOn(on) || errors.As(err, &skip) && !skip.Certain {
			err = cmp.Or(stillIn(ctx, page, a.job, on.Static()), err)
		}
		return err
	})
	on.EndFound(err)
	b.compare(ctx, a, err, on)
	a.Caught(on.Captures)
	if ctx.Err() == nil && (err == nil && a.goesOn(on) || a.wantsPage(err, on)) {
		a.Discard()
		return on.Abandoned
	}
	if err == nil {
		a.missing, err = missing(on)
	}
	a.Values = on.Values
	if a.doubted = b.doubted(ctx, a.Worker, err); err == nil || errors.As(err, new(*steps.SkipError)) {
		b.unproved.ended(a.Worker, a.job)
	}
	if errors.As(err, &a.skipped) && ctx.Err() == nil && !page.Lost() {
		a.Discard()
		a.Files = nil
		return on.Abandoned
	}
	a.skipped = nil
	if needs := new(steps.NeedsPageError); errors.As(err, &needs) {
		err = fmt.Errorf("%w: it does not go on by a page, as something was sent that may have changed something on the site (a step that changes nothing there says so by writes: false)", err)
	}
	if err == nil && page.Lost() {
		err = steps.ErrSessionLost
	}
	if err != nil && ctx.Err() == nil {
		err = pipeline.AsSessionLost(page, err)
		a.fail(err, pipeline.PlaceOf(err))
		b.classifier.classify(ctx, a, on)
		b.lookForNearest(ctx, a, on)
		b.evidence.ofPage(ctx, page, a, on) // what comes next may take it elsewhere
		b.asGuest(ctx, page, a, on)
	}
	return on.Abandoned
}

// stepContext sets a page up for the steps of an item.
func (b *browseStage) stepContext(ctx context.Context, page pipeline.Page, a *Attempt) *steps.StepContext {
	on := pipeline.NewStepContext(b.spec, page, a.Values, b.screenshots)
	on.FailOn, on.Look, on.Input = b.spec.FailOn, b.look(a.job.item.Key), b.spec.Pool.Input
	on.SendsThrough()
	if b.configure != nil {
		b.configure(on)
	}
	if b.healing != nil {
		a.healing = b.healing.Attempt(a.job.item.Key)
		on.Healer = a.healing
	}
	if len(a.job.seen) > 0 {
		on.Patience = patience
	}
	on.Once = &itemOnce{ledger: b.ledger, run: b.run, key: a.job.item.Key, attempt: a.number, known: OnceKnown{b.spec, b.ledger, b.reporter.Redact}}
	on.OnStepStart = func(s *specs.Step) {
		a.beginStep(ctx, s.Path)
		b.tell(a, pipeline.Event{Kind: pipeline.StepStarted, Step: s.Path, StepName: s.Name})
	}
	on.OnStepOver = func(*specs.Step) { a.endStep(ctx) }
	on.OnLog = func(ctx context.Context, step *specs.Step, text string) {
		b.reporter.Info(ctx, text, "item", a.job.item.Key, "step", step.Path)
	}
	return on
}

// stillIn makes sure that an item has not come to its end as a guest's.
func stillIn(ctx context.Context, page pipeline.Page, j *job, static bool) error {
	work := "item"
	if static {
		work = "item without a page" // it may lack what a script shows
	}
	err := page.StillIn(ctx, work, j.lostAtEnd)
	if errors.Is(err, steps.ErrSessionLost) {
		j.lostAtEnd = true
		return &pipeline.PlaceError{At: "login.success", Err: err}
	}
	return err
}

// asGuest looks whether it was a guest for whom an item failed.
func (b *browseStage) asGuest(ctx context.Context, page pipeline.Page, a *Attempt, on *steps.StepContext) {
	if on.Abandoned || absentOf(a) == nil && !a.class.Answered() {
		return
	}
	if err := stillIn(ctx, page, a.job, on.Static()); errors.Is(err, steps.ErrSessionLost) {
		a.doubted = append(a.doubted, b.doubted(ctx, a.Worker, err)...)
		a.Err = fmt.Errorf("%w (%w)", err, a.Err)
		a.class, a.asked = pipeline.Classify(a.Err)
	}
}

// navigate goes to the item's page, or to where it was navigated to without a page.
func (b *browseStage) navigate(ctx context.Context, item *ItemSteps, on *steps.StepContext, a *Attempt) error {
	if a.from != nil {
		on.GoOnFrom(a.from.on)
		return item.GoOn(ctx, on, a.from.address)
	}
	if on.Static() || !b.startsHere(ctx, on, a) {
		if err := b.goHome(ctx, item, on, a); err != nil {
			return err
		}
		b.unproved.home(a.Worker)
	}
	if err := on.Run(ctx, b.spec.Navigate.Steps); err != nil {
		return err
	}
	if page, is := on.Page.(steps.StaticPage); is && !b.spec.Download.Via.HTTP() {
		address, ok := page.ByGet()
		if !ok {
			return &steps.NeedsPageError{Reason: "to go on by a page from what a form has brought"}
		}
		a.from = &navigated{address, on}
	}
	if a.other != nil {
		a.at = on.Page.URL()
	}
	return nil
}

// goHome opens the page where every item starts.
func (b *browseStage) goHome(ctx context.Context, item *ItemSteps, on *steps.StepContext, a *Attempt) error {
	if !b.spec.Navigate.Home.URL.Empty() {
		defer a.timed("navigate.home")()
	}
	return item.GoHome(ctx, on)
}

func (b *browseStage) steps(ctx context.Context, page pipeline.Page, on *steps.StepContext, a *Attempt) error {
	began := time.Now()
	item := ItemSteps{Spec: b.spec, Page: page, Reporter: b.reporter, Worker: a.Worker.Name, Key: a.job.item.Key}
	if err := b.navigate(ctx, &item, on, a); err != nil {
		a.stage("navigate", began)
		return err
	}
	a.phase("navigate", began)
	if on.Static() && !b.spec.Download.Via.HTTP() {
		return nil
	}
	began = time.Now()
	if err := on.Run(ctx, b.spec.Download.Steps); err != nil {
		a.stage("download", began)
		return err
	}
	a.phase("download", began)
	return item.ReadFields(ctx, on, a.Read)
}

// lookForNearest notes what is on the page in place of what was not found, as
// long as no item has come through: later, it is no drift.
func (b *browseStage) lookForNearest(ctx context.Context, a *Attempt, on *steps.StepContext) {
	absent := absentOf(a)
	if absent == nil || on.Page == nil || on.Static() || !b.stop.watchesDrift() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, lookLimit)
	defer cancel()
	a.absent = absent.Target.With(on.Values)
	a.url, a.nearest = steps.ShortURL(on.Page.URL()), on.SimilarElements(ctx, absent.Target)
}
