package app

import (
	"context"
	"strings"
	"sync"
	"testing"
)

// Whoever looks whether a run is at work is in the way of none that starts.
func TestProbesLetRunsStart(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	dir := t.TempDir()
	probing := make(chan struct{}, 1)
	var probes sync.WaitGroup
	for range 3 {
		probes.Go(func() {
			for ctx.Err() == nil {
				if _, err := underWay(ctx, dir); err != nil && ctx.Err() == nil {
					t.Error(err)
				}
				select {
				case probing <- struct{}{}:
				default:
				}
			}
		})
	}
	for range 50 {
		<-probing
		f, err := enter(ctx, dir, false)
		if err != nil {
			t.Fatal(err)
		}
		if !f.alone {
			t.Error("a probe was taken for a run")
		}
		for _, end := range []func() error{f.settle, f.leave} {
			if err := end(); err != nil {
				t.Fatal(err)
			}
		}
	}
	cancel()
	probes.Wait()
}

// A run is seen by a probe from its start to its end, and so are those that have
// joined it; beside a login there is none.
func TestRunsAndLoginsAtWork(t *testing.T) {
	t.Parallel()
	ctx, dir := t.Context(), t.TempDir()
	busy := func(want bool) {
		t.Helper()
		if got, err := underWay(ctx, dir); got != want || err != nil {
			t.Errorf("a run is under way: %v, %v, want %v", got, err, want)
		}
	}
	start := func(join bool) *folder {
		t.Helper()
		f, err := enter(ctx, dir, join)
		if err != nil {
			t.Fatal(err)
		}
		if err := f.settle(); err != nil {
			t.Fatal(err)
		}
		return f
	}
	busy(false)
	first := start(false)
	busy(true)
	second := start(true)
	if err := first.leave(); err != nil {
		t.Fatal(err)
	}
	busy(true)
	if _, taken, err := takeAlone(ctx, dir); taken || err != nil {
		t.Errorf("a login beside a run: %v, %v", taken, err)
	}
	if err := second.leave(); err != nil {
		t.Fatal(err)
	}
	busy(false)
	leave, taken, err := takeAlone(ctx, dir)
	if !taken || err != nil {
		t.Fatal(taken, err)
	}
	for _, join := range []bool{false, true} {
		if _, err := enter(ctx, dir, join); err == nil || !strings.Contains(err.Error(), "pipe login") || strings.Contains(err.Error(), "%!") {
			t.Errorf("a run beside a login, join %v: %v", join, err)
		}
	}
	if err := leave(); err != nil {
		t.Fatal(err)
	}
	busy(false)
}
