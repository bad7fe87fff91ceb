package pipeline

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"pipe/specs"
	"pipe/steps"
)

// firstPage opens the page of the first worker whose account is not given up.
func (f *feeder) firstPage(ctx context.Context) (Page, Worker, error) {
	var failed error
	tried := map[int]bool{}
	for i, w := range f.cfg.Pages.Workers() {
		if tried[w.Account] {
			continue
		}
		tried[w.Account] = true
		page, err := f.cfg.Pages.Open(ctx, i)
		var refused *LoginError
		if !errors.As(err, &refused) {
			return page, w, err
		}
		failed = err
	}
	return nil, Worker{}, failed
}

// say writes what a log step of the source says.
func (f *feeder) say(ctx context.Context, step *specs.Step, text string) {
	f.cfg.Log.InfoContext(ctx, f.redact(text), "step", step.Path)
}

// onSite reads on the first worker's page, within a limit; 0 is timeouts.source.
func (f *feeder) onSite(ctx context.Context, limit time.Duration, read func(ctx context.Context, page Page, scene *steps.Scene) error) error {
	ctx, cancel := context.WithTimeout(ctx, cmp.Or(limit, f.cfg.Spec.Timeouts.Source.Std()))
	defer cancel()
	page, worker, err := f.firstPage(ctx)
	if err != nil {
		return err
	}
	defer page.Done()
	scene := f.scene(page, f.values(worker.Account))
	scene.Told = func(s *specs.Step) { f.tell(Event{Kind: StepStarted, Worker: worker.Name, Step: s.Path}) }
	scene.Say = f.say
	defer scene.End()
	return read(ctx, page, scene)
}

func (f *feeder) exportOnce(ctx context.Context, ex *specs.Export) (staged Staged, err error) {
	err = f.onSite(ctx, ex.Timeout.Std(), func(ctx context.Context, page Page, scene *steps.Scene) error {
		delivery, err := f.guarded(ctx, page, scene, func(ctx context.Context) (steps.Delivery, error) {
			return scene.Catch(ctx, ex.Steps, steps.Wanted{Kind: ex.Format})
		})
		if err != nil {
			page.Discard()
			return fmt.Errorf("export: %w", located(err))
		}
		staged, err = f.receive(ctx, delivery, ex.Format)
		return err
	})
	return staged, err
}

// receive stages a file that the site delivers, and proves its type.
func (f *feeder) receive(ctx context.Context, delivery steps.Delivery, format string) (Staged, error) {
	defer delivery.Discard()
	staged, err := f.stage(ctx, func(to io.Writer) error {
		_, err := delivery.Receive(ctx, to)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("export: %w", err)
	}
	if _, err := f.cfg.Store.Prove(ctx, staged, Expectation{Type: format}); err != nil {
		staged.Discard()
		return nil, fmt.Errorf("export: %w", err)
	}
	return staged, nil
}

// stage has a staged file written, and closes it.
func (f *feeder) stage(ctx context.Context, write func(io.Writer) error) (Staged, error) {
	staged, err := f.cfg.Store.Create(ctx)
	if err != nil {
		return nil, err
	}
	if err = write(staged); err == nil {
		err = staged.Close()
	}
	if err != nil {
		staged.Discard()
		return nil, err
	}
	return staged, nil
}
