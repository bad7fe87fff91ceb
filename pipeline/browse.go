package pipeline

import (
	"context"
	"errors"
	"fmt"
	"pipe/specs"
	"pipe/steps"
	"time"
)

// browser is a worker of the browse stage: one page, one item at a time.
type browser struct {
	*run
	index  int
	worker Worker
}

// work takes jobs until there are no more.
func (b *browser) work(ctx context.Context, in <-chan *job, out chan<- *attempt) error {
	for {
		j, ok, err := receive(ctx, in)
		if err != nil || !ok {
			return err
		}
		a, err := b.attempt(ctx, j)
		if err != nil {
			return err
		}
		if err := send(ctx, out, a); err != nil {
			a.release()
			return err
		}
		if err := pause(ctx, b.cfg.Spec.Pool.Pace.Delay.Std()); err != nil {
			return err
		}
	}
}

// attempt takes an item up to where its files are on their way. The error is
// fatal to the run; an item's own failure is in the attempt.
func (b *browser) attempt(ctx context.Context, j *job) (*attempt, error) {
	a := &attempt{
		job: j, worker: b.worker.Name, started: time.Now(), phases: map[string]time.Duration{},
		values: b.values(b.worker.Account).With("item", j.item.Fields),
	}
	var err error
	a.number, err = b.cfg.Ledger.BeginAttempt(ctx, b.number, j.item.Key, a.worker, a.started)
	if err != nil {
		return nil, err
	}
	b.tell(Event{Kind: AttemptStarted, Worker: a.worker, Key: j.item.Key, Attempt: a.number})
	page, err := b.cfg.Pages.Open(ctx, b.index)
	a.phase("open", a.started)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", a.worker, err)
	}
	abandoned, err := b.browse(ctx, page, a)
	if ctx.Err() != nil {
		a.release()
		return nil, ctx.Err()
	}
	if err != nil {
		a.fail(b.blame(page, err), stepOf(err))
	}
	b.recover(ctx, page, a, abandoned)
	b.tell(Event{Kind: PageFreed, Worker: a.worker, Key: j.item.Key, Attempt: a.number})
	return a, nil
}

// blame gives the error the name that counts: whatever a step says, a lost
// session is a lost session.
func (b *browser) blame(page Page, err error) error {
	if page.Lost() && !errors.Is(err, steps.ErrLost) {
		return fmt.Errorf("%w (%w)", steps.ErrLost, err)
	}
	return err
}

// recover brings the page back to where the next item can start. Each item
// goes home by itself.
func (b *browser) recover(ctx context.Context, page Page, a *attempt, abandoned bool) {
	rung := "closed stray tabs"
	err := page.CloseStrays(ctx)
	if class, _ := classify(a.err); abandoned || err != nil || a.err != nil && class == Crashed {
		page.Discard()
		rung = "new page"
	}
	if a.err != nil {
		b.tell(Event{Kind: Recovered, Worker: a.worker, Key: a.job.item.Key, Step: rung})
	}
}

// browse runs the steps of one item and reads its record's fields. It tells
// whether the page may still be busy with a call that was given up.
func (b *browser) browse(ctx context.Context, page Page, a *attempt) (abandoned bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, b.cfg.Spec.Timeouts.Item.Std())
	defer cancel()
	scene := b.scene(page, a.values)
	defer scene.End()
	scene.Told = func(s *specs.Step) {
		b.tell(Event{Kind: StepStarted, Worker: a.worker, Key: a.job.item.Key, Step: s.Path})
	}
	_, err = b.guarded(ctx, page, func(ctx context.Context) (steps.Delivery, error) {
		return nil, b.walk(ctx, scene, a)
	})
	a.captures, a.values = scene.Captures, scene.Values
	return scene.Abandoned, err
}

func (b *browser) walk(ctx context.Context, scene *steps.Scene, a *attempt) error {
	spec := b.cfg.Spec
	began := time.Now()
	if !spec.Navigate.Home.Empty() {
		home, err := spec.Navigate.Home.Text(a.values)
		if err != nil {
			return &placed{"navigate.home", err}
		}
		b.tell(Event{Kind: StepStarted, Worker: a.worker, Key: a.job.item.Key, Step: "navigate.home"})
		if err := within(ctx, spec.Timeouts.Step.Std(), func(ctx context.Context) error { return scene.Goto(ctx, home, "load") }); err != nil {
			return &placed{"navigate.home", err}
		}
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
		err := within(ctx, spec.Timeouts.Step.Std(), func(ctx context.Context) (err error) {
			a.read[field.Name], err = scene.Read(ctx, field.Read)
			return err
		})
		if err != nil {
			return &placed{fmt.Sprintf("record.fields.%s (%s)", field.Name, field.Pos), err}
		}
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
