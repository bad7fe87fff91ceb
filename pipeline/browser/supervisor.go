package browser

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"

	"pipe/pipeline"
	"pipe/steps"
)

// Supervisor keeps a browser alive: it starts another when one has died or is
// worn out, and closes those that nothing needs any more.
type Supervisor struct {
	opts Options

	// lock is a mutex whose wait obeys a context. The fields below are its own.
	lock     *semaphore.Weighted
	browser  *Browser
	renewing bool
	closed   bool
	// losses are the browsers that were lost, one after the other.
	losses crashLoop
	// failed is why the first browser did not start; started is closed when it is
	// known whether it did.
	failed  error
	started chan struct{}

	// base is the context of what is closed in the background.
	base  context.Context
	tasks *tasks
	// renewal is the context of browsers that are started before their time.
	renewal context.Context
	stop    context.CancelFunc

	mu      sync.Mutex
	running map[*Browser]bool
}

// Current gives the browser, started anew when it has died. One that is worn
// out serves on while its successor is started.
func (s *Supervisor) Current(ctx context.Context) (*Browser, error) {
	if err := s.Started(ctx); err != nil {
		if ctx.Err() == nil {
			err = &pipeline.StartError{Err: err}
		}
		return nil, err
	}
	if err := s.lock.Acquire(ctx, 1); err != nil {
		return nil, err
	}
	defer s.lock.Release(1)
	if s.closed {
		return nil, errors.New("the browser is closed")
	}
	if b := s.browser; b != nil && b.Alive() {
		if !s.renewing && s.renewal.Err() == nil && s.isWorn(ctx, b) {
			s.renewing = true
			s.tasks.start(s.renew)
		}
		return b, nil
	}
	dead := s.browser
	s.browser = nil
	if dead != nil {
		s.losses.add(time.Now())
		s.opts.Log.WarnContext(ctx, "the browser is gone, starting a new one")
	}
	b, err := s.startUnlessLooping(ctx, dead)
	if dead != nil {
		s.retire(dead)
		if b == nil || b.driver != dead.driver {
			dead.driver.browsers.leave()
		}
	}
	if err != nil {
		return nil, &pipeline.StartError{Err: err}
	}
	s.browser = b
	return b, nil
}

// watch notes a browser that was started, and has its death told.
func (s *Supervisor) watch(ctx context.Context, b *Browser) {
	s.note(ctx, b, true)
	s.tasks.start(b.reportDeath)
}

// retire has a browser closed once no context lives in it any more, and its
// driver once no browser hangs on it. A dead one is closed now.
func (s *Supervisor) retire(b *Browser) {
	if !b.Alive() {
		s.closeUnused(b)
		return
	}
	b.contexts.leave()
}

// closeUnused closes a browser that nothing needs any more.
func (s *Supervisor) closeUnused(b *Browser) {
	s.closeSoon("closing a browser", func(ctx context.Context) error {
		err := b.close(ctx)
		s.note(ctx, b, false)
		return err
	})
}

func (s *Supervisor) stopDriver(d *driver) {
	s.closeSoon("stopping a driver", func(ctx context.Context) error { return d.close(ctx, s.opts.CloseLimit) })
}

// closeSoon closes something in the background, within the limit.
func (s *Supervisor) closeSoon(what string, f func(ctx context.Context) error) {
	s.tasks.start(func() {
		err := steps.DoWithin(s.base, 2*s.opts.CloseLimit, what, func() error { return f(s.base) })
		if err != nil && !errors.Is(err, steps.ErrClosed) {
			s.opts.Log.Debug("a close failed", "error", err)
		}
	})
}

// StopRenewal has no browser started before its time any more; it comes before
// Close, when what is at work is being ended.
func (s *Supervisor) StopRenewal() { s.stop() }

// Close closes the browsers with all their contexts, and the drivers.
func (s *Supervisor) Close(ctx context.Context) error {
	s.stop()
	select {
	case <-s.started: // soon: the start was just given up
	case <-ctx.Done():
		return fmt.Errorf("closing the browser: %w", context.Cause(ctx))
	}
	if err := s.lock.Acquire(ctx, 1); err != nil {
		return fmt.Errorf("closing the browser: %w", err)
	}
	s.closed = true
	s.browser = nil
	s.lock.Release(1)
	var err error
	for _, b := range s.all() {
		err = errors.Join(err, b.close(ctx))
		b.driver.browsers.leave()
	}
	s.tasks.wait() // each has its limit
	// What came that nobody took is there still.
	return errors.Join(err, os.RemoveAll(s.opts.Downloads), noteProcesses(s.opts.Processes, nil))
}

// all are the browsers that are not closed yet.
func (s *Supervisor) all() []*Browser {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Collect(maps.Keys(s.running))
}

// note keeps the list of the processes that are this run's.
func (s *Supervisor) note(ctx context.Context, b *Browser, runs bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if runs {
		s.running[b] = true
	} else {
		delete(s.running, b)
	}
	var records []processRecord
	for b := range s.running {
		records = append(records, b.driver.process, b.process)
	}
	if err := noteProcesses(s.opts.Processes, records); err != nil {
		s.opts.Log.WarnContext(ctx, "the processes could not be written down", "error", err)
	}
}
