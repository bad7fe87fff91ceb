package browser

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"golang.org/x/sync/semaphore"
)

// Supervise starts the driver and the browser, and waits until they are there.
func Supervise(ctx context.Context, opts Options) (*Supervisor, error) {
	s, err := Start(ctx, opts)
	if err != nil {
		return nil, err
	}
	if err := s.Started(ctx); err != nil {
		return nil, errors.Join(err, s.Close(context.WithoutCancel(ctx)))
	}
	return s, nil
}

// Start begins to start the driver and the browser, for which Started and Current
// wait. The supervisor is to be closed, whether they start or not.
func Start(ctx context.Context, opts Options) (*Supervisor, error) {
	if opts.CloseLimit <= 0 {
		opts.CloseLimit = 5 * time.Second
	}
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	s := &Supervisor{
		opts: opts, lock: semaphore.NewWeighted(1), base: context.WithoutCancel(ctx), tasks: newTasks(), running: map[*Browser]bool{},
		started: make(chan struct{}),
	}
	var err error
	if s.opts.Downloads, err = makeDownloads(opts.Downloads); err != nil {
		return nil, err
	}
	s.renewal, s.stop = context.WithCancel(s.base)
	starting, cancel := context.WithCancel(ctx)
	s.tasks.start(func() {
		defer cancel()
		defer context.AfterFunc(s.renewal, cancel)()
		s.browser, s.failed = s.startAfter(starting, nil)
		close(s.started)
	})
	return s, nil
}

// Started waits until the first browser is there, and gives the error when there is
// none.
func (s *Supervisor) Started(ctx context.Context) error {
	select {
	case <-s.started:
		return s.failed
	case <-ctx.Done():
		return context.Cause(ctx)
	}
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
			s.watch(ctx, b)
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
	s.watch(ctx, b)
	return b, nil
}
