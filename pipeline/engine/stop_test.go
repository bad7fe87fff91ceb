package engine_test

import (
	"context"
	"errors"
	"syscall"
	"testing"

	"go.uber.org/goleak"

	"pipe/pipeline"
	"pipe/pipeline/engine"
)

// full is a store on a full disk.
type full struct{ pipeline.Store }

func (full) Create(context.Context) (pipeline.Staged, error) { return nil, syscall.ENOSPC }

// A full disk is no item's fault: it stops the run, and the items are pending.
func TestDiskFull(t *testing.T) {
	n := newTestRun(t, newSite(t, good), 3)
	store := n.cfg.Store
	n.cfg.Store = full{store}
	before := goleak.IgnoreCurrent()
	result, err := engine.Run(t.Context(), n.cfg)
	if !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("got %v", err)
	}
	n.want(result, pipeline.Totals{In: 6, Pending: 6})
	goleak.VerifyNone(t, before)
	n.cfg.Store = store
	n.want(n.run(), pipeline.Totals{In: 6, Done: 6})
}

// The first interrupt lets what is in hand end, the second does not.
func TestInterrupts(t *testing.T) {
	started, release := make(chan struct{}, 6), make(chan struct{})
	s := newSite(t, func(ctx context.Context, key string, attempt int) (string, error) {
		started <- struct{}{}
		select {
		case <-release:
			return good(ctx, key, attempt)
		case <-ctx.Done():
			return "", ctx.Err()
		}
	})
	n := newTestRun(t, s, 1, "source:", "pool: {fetches: 1}\nsource:")
	stop := make(chan struct{})
	n.cfg.Stop = stop
	go func() {
		<-started
		close(stop)
		close(release)
	}()
	result := n.run()
	if !result.Interrupted || result.Done == 0 || result.Totals.Pending == 0 {
		t.Errorf("got %+v", result)
	}
	release = make(chan struct{})
	n.cfg.Stop = make(chan struct{})
	for len(started) > 0 {
		<-started
	}
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-started
		cancel()
	}()
	before := goleak.IgnoreCurrent()
	again, err := engine.Run(ctx, n.cfg)
	if err != nil || !again.Interrupted || again.Totals != result.Totals {
		t.Errorf("got %+v, %v; before it was %+v", again, err, result)
	}
	goleak.VerifyNone(t, before)
}
