package browser

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
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

	// base is the context of what is closed in the background.
	base  context.Context
	tasks *tasks
	// renewal is the context of browsers that are started before their time.
	renewal context.Context
	stop    context.CancelFunc

	mu      sync.Mutex
	running map[*Browser]bool
}

// Supervise starts the driver and the browser.
func Supervise(ctx context.Context, opts Options) (*Supervisor, error) {
	if opts.CloseLimit <= 0 {
		opts.CloseLimit = 5 * time.Second
	}
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	s := &Supervisor{opts: opts, lock: semaphore.NewWeighted(1), base: context.WithoutCancel(ctx), tasks: newTasks(), running: map[*Browser]bool{}}
	var err error
	if s.opts.Downloads, err = makeDownloads(opts.Downloads); err != nil {
		return nil, err
	}
	s.renewal, s.stop = context.WithCancel(s.base)
	if s.browser, err = s.startAfter(ctx, nil); err != nil {
		s.stop()
		s.tasks.wait()
		return nil, errors.Join(err, os.RemoveAll(s.opts.Downloads))
	}
	return s, nil
}

// makeDownloads makes a folder of its own in a folder that need not be there yet.
func makeDownloads(in string) (string, error) {
	if in != "" {
		if err := os.MkdirAll(in, 0o750); err != nil {
			return "", fmt.Errorf("making a folder for downloads: %w", err)
		}
	}
	dir, err := os.MkdirTemp(in, "downloads-*")
	if err != nil {
		return "", fmt.Errorf("making a folder for downloads: %w", err)
	}
	return dir, nil
}

// Current gives the browser, started anew when it has died. One that is worn
// out serves on while its successor is started.
func (s *Supervisor) Current(ctx context.Context) (*Browser, error) {
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

// startUnlessLooping is startAfter, unless browsers are lost again and again.
func (s *Supervisor) startUnlessLooping(ctx context.Context, before *Browser) (*Browser, error) {
	if err := s.losses.err(); err != nil {
		return nil, err
	}
	return s.startAfter(ctx, before)
}

// startAfter starts a browser: on the driver of the one before, when that has
// only lost its browser, and on a new driver else.
func (s *Supervisor) startAfter(ctx context.Context, before *Browser) (*Browser, error) {
	var failed error
	if before != nil && before.driver.answers(ctx, s.opts.CloseLimit) {
		b, err := s.start(ctx, before.driver)
		if err == nil {
			s.started(ctx, b)
		}
		if err == nil || ctx.Err() != nil {
			return b, err
		}
		s.opts.Log.WarnContext(ctx, "no browser starts on this driver, starting a new one", "error", err)
		failed = err
	}
	d, err := startDriver(ctx, s.opts, s.stopDriver)
	if err != nil {
		return nil, errors.Join(failed, err)
	}
	b, err := s.start(ctx, d)
	if err != nil {
		d.browsers.leave()
		return nil, errors.Join(failed, err)
	}
	s.started(ctx, b)
	return b, nil
}

func (s *Supervisor) started(ctx context.Context, b *Browser) {
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
