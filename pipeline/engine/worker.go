package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/time/rate"

	"pipe/pipeline"
)

// worker has one page, and one item at a time on it.
type worker struct {
	index    int
	slot     pipeline.Worker
	assigner *assigner
	warmUp   *warmUp
	browse   *browseStage
	reporter *pipeline.Reporter
	// pace is its account's, nil for any; delay is the rest after each item.
	pace  *rate.Limiter
	delay time.Duration
	hold  *siteHold
	stop  <-chan struct{}
	// control may have paused the run while the worker waited; nil never does.
	control *Control
	// out takes the attempts, freed is told when the page is free, and back of a
	// job that was not begun.
	out   chan<- *Attempt
	freed chan<- struct{}
	back  chan<- settled
}

// work takes jobs until there are no more.
func (w *worker) work(ctx context.Context) error {
	w.prepare(ctx)
	for {
		j, ok, err := w.assigner.take(ctx, w.slot.Account)
		if err != nil {
			return err
		}
		if !ok {
			w.browse.leave(ctx, w.index, w.slot)
			return nil
		}
		if stays, err := w.one(ctx, j); err != nil || !stays {
			return err
		}
	}
}

// one does a job as far as its page is needed, and tells whether the worker
// stays: not when its account is given up.
func (w *worker) one(ctx context.Context, j *job) (stays bool, err error) {
	switch err := w.waitForPace(ctx); {
	case errors.Is(err, errStopped):
		return true, w.giveBack(ctx, settled{job: j, again: true})
	case err != nil:
		return false, err
	}
	a, err := w.browse.attempt(ctx, j, w.index, w.slot)
	if err != nil {
		s, err := elsewhere(j, err)
		if err != nil {
			return false, err
		}
		return true, w.giveBack(ctx, s)
	}
	var refused *pipeline.LoginError
	stays = !errors.As(a.Err, &refused) || j.refused != nil
	if !stays {
		w.warmUp.another()
		err = w.assigner.retire(w.slot.Account, refused)
	}
	if err != nil {
		err = fmt.Errorf("%s: %w", w.slot.Name, err)
	} else if err = send(ctx, w.freed, struct{}{}); err == nil {
		err = send(ctx, w.out, a)
	}
	if err != nil {
		a.release()
		return false, err
	}
	if stays && w.delay > 0 {
		w.reporter.Report(pipeline.Event{Kind: pipeline.StepStarted, Worker: w.slot.Name, Step: "pool.pace.delay"})
		if err := pause(ctx, w.stop, w.delay); !errors.Is(err, errStopped) {
			return true, err
		}
	}
	return stays, nil
}

// giveBack tells of a job that was not begun.
func (w *worker) giveBack(ctx context.Context, s settled) error {
	if err := send(ctx, w.freed, struct{}{}); err != nil {
		return err
	}
	return send(ctx, w.back, s)
}

// waitForPace waits for the account's pace. The error is errStopped when the run
// does not want the job begun then: it is stopped, or paused.
func (w *worker) waitForPace(ctx context.Context) error {
	if w.pace == nil {
		return nil
	}
	w.reporter.Report(pipeline.Event{Kind: pipeline.StepStarted, Worker: w.slot.Name, Step: "pool.pace.account"})
	for wait := w.pace.Reserve().Delay(); wait > 0; wait = w.hold.left() {
		if err := pause(ctx, w.stop, wait); err != nil {
			return err
		}
		// The whole site may be held back by now.
	}
	if w.control.holds() {
		return errStopped
	}
	return nil
}
