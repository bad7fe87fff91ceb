package pipeline

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/time/rate"

	"pipe/specs"
	"pipe/steps"
)

// browser is a worker of the browse stage: one page, one item at a time.
type browser struct {
	*run
	index  int
	worker Worker
	crew   *crew
	// fails counts the failures in a row on its page.
	fails int
	// pace is its account's, nil for any.
	pace *rate.Limiter
	// freed is told when the page is free, back of a job that was not begun.
	freed chan<- struct{}
	back  chan<- settled
}

// work takes jobs until there are no more.
func (b *browser) work(ctx context.Context, out chan<- *attempt) error {
	for {
		j, ok, err := b.crew.take(ctx, b.worker.Account)
		if err != nil || !ok {
			return err
		}
		if stays, err := b.one(ctx, j, out); err != nil || !stays {
			return err
		}
	}
}

// one does a job as far as its page is needed, and tells whether the worker
// stays: not when its account is given up.
func (b *browser) one(ctx context.Context, j *job, out chan<- *attempt) (stays bool, err error) {
	may, err := b.leave(ctx)
	if err != nil {
		return false, err
	}
	if !may {
		return true, b.giveBack(ctx, settled{job: j, again: true})
	}
	a, err := b.attempt(ctx, j)
	if err != nil {
		s, err := elsewhere(j, err)
		if err != nil {
			return false, err
		}
		return true, b.giveBack(ctx, s)
	}
	var refused *LoginError
	stays = !errors.As(a.err, &refused) || j.refused != nil
	if !stays {
		if err := b.crew.retire(b.worker.Account, refused); err != nil {
			a.release()
			return false, fmt.Errorf("%s: %w", a.worker, err)
		}
	}
	if err = send(ctx, b.freed, struct{}{}); err == nil {
		err = send(ctx, out, a)
	}
	if err != nil {
		a.release()
		return false, err
	}
	if delay := b.cfg.Spec.Pool.Pace.Delay.Std(); stays && delay > 0 {
		b.tell(Event{Kind: StepStarted, Worker: b.worker.Name, Step: "pool.pace.delay"})
		return true, pause(ctx, delay)
	}
	return stays, nil
}

// giveBack tells of a job that was not begun.
func (b *browser) giveBack(ctx context.Context, s settled) error {
	if err := send(ctx, b.freed, struct{}{}); err != nil {
		return err
	}
	return send(ctx, b.back, s)
}

// leave waits for the account's pace, and tells whether the run still wants the
// job then.
func (b *browser) leave(ctx context.Context) (bool, error) {
	if b.pace == nil {
		return true, nil
	}
	b.tell(Event{Kind: StepStarted, Worker: b.worker.Name, Step: "pool.pace.account"})
	wait := b.pace.Reserve().Delay()
	for wait > 0 {
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-b.cfg.Stop:
			timer.Stop()
			return false, nil
		case <-ctx.Done():
			timer.Stop()
			return false, ctx.Err()
		}
		// The whole site may be held back by now.
		wait = time.Until(time.Unix(0, b.open.Load()))
	}
	return true, nil
}

// attempt takes an item up to where its files are on their way. The error is
// fatal to the run; an item's own failure is in the attempt.
func (b *browser) attempt(ctx context.Context, j *job) (*attempt, error) {
	a := &attempt{
		job: j, worker: b.worker.Name, started: time.Now(), phases: map[string]time.Duration{},
		values: b.values(b.worker.Account).With("item", j.item.Fields), account: b.worker.Account,
	}
	var err error
	a.number, err = b.cfg.Ledger.BeginAttempt(ctx, b.number, j.item.Key, a.worker, a.started)
	if err != nil {
		return nil, err
	}
	b.tell(Event{Kind: AttemptStarted, Worker: a.worker, Key: j.item.Key, Attempt: a.number})
	if j.refused != nil {
		a.fail(j.refused, "account")
	}
	if a.err != nil {
		return a, nil //nolint:nilerr // the item's own, not the run's
	}
	page, err := b.cfg.Pages.Open(ctx, b.index)
	a.phase("open", a.started)
	if err != nil {
		return a, b.unopened(ctx, a, err)
	}
	abandoned := b.browse(ctx, page, a)
	// Until here the page is needed, however it went.
	a.done = page.Done
	if ctx.Err() != nil {
		a.release()
		return nil, ctx.Err()
	}
	b.recover(ctx, page, a, abandoned)
	if a.err != nil {
		a.release()
	}
	b.tell(Event{Kind: PageFreed, Worker: a.worker, Key: j.item.Key, Attempt: a.number})
	return a, nil
}

// unopened is an attempt that got no page. It is fatal to the run when no
// browser can be had; anything else is of the moment, or of the account alone.
func (b *browser) unopened(ctx context.Context, a *attempt, err error) error {
	var none *StartError
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if errors.As(err, &none) {
		return fmt.Errorf("%s: %w", a.worker, err)
	}
	a.fail(err, stepOf(err))
	b.tell(Event{Kind: PageFreed, Worker: a.worker, Key: a.job.item.Key, Attempt: a.number})
	return nil
}

// blame gives the error the name that counts: whatever a step says, a lost
// session is a lost session.
func (b *browser) blame(page Page, err error) error {
	if page.Lost() && !errors.Is(err, steps.ErrLost) {
		return fmt.Errorf("%w (%w)", steps.ErrLost, err)
	}
	return err
}

// browse runs the steps of one item and reads its record's fields; how it fails
// is in the attempt. It tells whether the page may still be busy with a call
// that was given up.
func (b *browser) browse(ctx context.Context, page Page, a *attempt) (abandoned bool) {
	limited, cancel := context.WithTimeout(ctx, b.cfg.Spec.Timeouts.Item.Std())
	defer cancel()
	scene := b.scene(page, a.values)
	defer scene.End()
	scene.Told = func(s *specs.Step) {
		b.tell(Event{Kind: StepStarted, Worker: a.worker, Key: a.job.item.Key, Step: s.Path})
	}
	scene.Say = func(ctx context.Context, step *specs.Step, text string) {
		b.cfg.Log.InfoContext(ctx, b.redact(text), "item", a.job.item.Key, "step", step.Path)
	}
	_, err := b.guarded(limited, page, scene, func(ctx context.Context) (steps.Delivery, error) {
		return nil, b.walk(ctx, scene, a)
	})
	a.captures, a.values = scene.Captures, scene.Values
	if errors.As(err, &a.skipped) && ctx.Err() == nil && !page.Lost() {
		a.drop()
		return scene.Abandoned
	}
	a.skipped = nil
	if err != nil && ctx.Err() == nil {
		err = b.blame(page, err)
		a.fail(err, stepOf(err))
		b.judge(ctx, a, scene)
		b.nearby(ctx, a, scene)
	}
	return scene.Abandoned
}

func (b *browser) walk(ctx context.Context, scene *steps.Scene, a *attempt) error {
	spec := b.cfg.Spec
	began := time.Now()
	if err := b.goHome(ctx, scene, a); err != nil {
		return err
	}
	if err := scene.Run(ctx, spec.Navigate.Steps); err != nil {
		return err
	}
	a.phase("navigate", began)
	began = time.Now()
	if err := scene.Run(ctx, spec.Download); err != nil {
		return err
	}
	a.phase("download", began)
	a.read = map[string]any{}
	for _, field := range spec.Record.Fields {
		if !field.Read.OnPage() {
			continue
		}
		if err := b.readField(ctx, scene, a, field); err != nil {
			return err
		}
	}
	return nil
}

// goHome opens the page where every item starts.
func (b *browser) goHome(ctx context.Context, scene *steps.Scene, a *attempt) error {
	spec := b.cfg.Spec
	if spec.Navigate.Home.Empty() {
		return nil
	}
	home, err := spec.Navigate.Home.Text(a.values)
	if err != nil {
		return &placed{"navigate.home", err}
	}
	b.tell(Event{Kind: StepStarted, Worker: a.worker, Key: a.job.item.Key, Step: "navigate.home"})
	if err := within(ctx, spec.Timeouts.Step.Std(), func(ctx context.Context) error { return scene.Goto(ctx, home, "load") }); err != nil {
		return &placed{"navigate.home", err}
	}
	return nil
}

// readField takes a field of the record from the page.
func (b *browser) readField(ctx context.Context, scene *steps.Scene, a *attempt, field specs.Field) error {
	err := within(ctx, b.cfg.Spec.Timeouts.Step.Std(), func(ctx context.Context) (err error) {
		a.read[field.Name], err = scene.Read(ctx, field.Read)
		return err
	})
	if err != nil {
		return &placed{fmt.Sprintf("record.fields.%s (%s)", field.Name, field.Pos), err}
	}
	return nil
}

func within(ctx context.Context, limit time.Duration, f func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	return f(ctx)
}

// placed is an error at a place of the spec that is no step.
type placed struct {
	at  string
	err error
}

func (p *placed) Error() string { return p.err.Error() }

func (p *placed) Unwrap() error { return p.err }

// stepOf names the place of the spec where an attempt failed.
func stepOf(err error) string {
	var step *steps.Error
	if errors.As(err, &step) {
		return step.Where()
	}
	var at *placed
	if errors.As(err, &at) {
		return at.at
	}
	return ""
}
