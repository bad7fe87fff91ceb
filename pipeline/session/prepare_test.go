package session

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"

	"pipe/pipeline"
)

// meeting lets so many in once they are all there.
type meeting struct {
	missing atomic.Int64
	all     chan struct{}
}

func newMeeting(of int64) *meeting {
	m := &meeting{all: make(chan struct{})}
	m.missing.Store(of)
	return m
}

func (m *meeting) wait(ctx context.Context) error {
	if m.missing.Add(-1) == 0 {
		close(m.all)
	}
	select {
	case <-m.all:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// Logins that were kept are tried at once, those of one account too.
func TestKeptLoginsAtOnce(t *testing.T) {
	site := newLoginSite(t)
	opts := site.options()
	opts.Contexts, opts.StateDir, opts.Logout = 2, t.TempDir(), nil
	before := launch(t, "shell", opts)
	ctx := limited(t)
	for worker := range 2 {
		visit(ctx, t, before, worker).Done()
	}
	if err := before.Close(ctx); err != nil {
		t.Fatal(err)
	}
	both, resume := newMeeting(2), opts.Resume
	opts.Resume = func(ctx context.Context, page pipeline.Page, account int) error {
		if err := both.wait(ctx); err != nil {
			return err
		}
		return resume(ctx, page, account)
	}
	pool := launch(t, "shell", opts)
	prepareAll(ctx, pool, 2)
	for worker := range 2 {
		visit(ctx, t, pool, worker).Done()
	}
	if n := site.logins.Load(); n != 2 {
		t.Errorf("%d logins, want the 2 of the run before", n)
	}
}

// prepareAll prepares the first workers' pages at once.
func prepareAll(ctx context.Context, pool *Pool, workers int) {
	done := make(chan struct{})
	for worker := range workers {
		go func() {
			pool.Prepare(ctx, worker)
			done <- struct{}{}
		}()
	}
	for range workers {
		<-done
	}
}

// Pages that are made ready ahead are logged in, once a context, and are those that are
// lent then.
func TestPrepare(t *testing.T) {
	site := newLoginSite(t)
	opts := site.options()
	opts.Contexts, opts.Pages = 2, 2
	pool := launch(t, "shell", opts)
	ctx := limited(t)
	prepareAll(ctx, pool, 4)
	if n := site.logins.Load(); n != 2 {
		t.Errorf("%d logins, want one a context", n)
	}
	for worker, sl := range pool.slots {
		ready := sl.page
		if page := visit(ctx, t, pool, worker); page != ready {
			t.Errorf("worker %d is lent another page than the one that was ready", worker)
		} else {
			page.Done()
		}
	}
	if n := site.logins.Load(); n != 2 {
		t.Errorf("%d logins in the end", n)
	}
}

// A login that fails ahead is told to the item that comes, and counts once.
func TestPrepareRefused(t *testing.T) {
	site := newLoginSite(t)
	opts := site.options()
	opts.Pages = 2
	tried := atomic.Int64{}
	opts.Login = func(context.Context, pipeline.Page, int) error {
		tried.Add(1)
		return &pipeline.RefusedError{Err: errors.New("wrong password")}
	}
	pool := launch(t, "shell", opts)
	ctx := limited(t)
	prepareAll(ctx, pool, 2)
	for worker := range 2 {
		var refused *pipeline.LoginError
		if _, err := pool.Open(ctx, worker); !errors.As(err, &refused) {
			t.Errorf("worker %d: %v", worker, err)
		}
	}
	if n := tried.Load(); n != 1 {
		t.Errorf("the login was tried %d times", n)
	}
}
