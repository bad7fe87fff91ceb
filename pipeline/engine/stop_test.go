package engine_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"syscall"
	"testing"

	"github.com/playwright-community/playwright-go"
	"go.uber.org/goleak"

	"pipe/pipeline"
	"pipe/pipeline/engine"
	"pipe/steps"
)

// full is a store on a full disk, which has no room for a file or for its bytes.
type full struct {
	pipeline.Store
	begins bool
}

func (f full) Create(ctx context.Context) (pipeline.Staged, error) {
	if !f.begins {
		return nil, syscall.ENOSPC
	}
	s, err := f.Store.Create(ctx)
	if err != nil {
		return nil, err
	}
	return fullFile{s}, nil
}

type fullFile struct{ pipeline.Staged }

func (fullFile) Write([]byte) (int, error) { return 0, syscall.ENOSPC }

// fullPages are those of a browser that has no room for what they give, or opens
// no more files.
type fullPages struct {
	*pool
	err error
}

func (p fullPages) Open(context.Context, int) (pipeline.Page, error) {
	return fullPage{&page{site: p.site}, p.err}, nil
}

type fullPage struct {
	*page
	err error
}

func (p fullPage) Files() steps.Capturer { return p }

func (p fullPage) Fetch(context.Context, playwright.Page, steps.Link) (steps.Delivery, error) {
	return nil, p.err
}

// A full disk is no item's fault, whatever finds no room: it stops the run, and
// the items are pending.
func TestDiskFull(t *testing.T) {
	broken := func(err error) func(context.Context, string, int) (string, error) {
		return func(context.Context, string, int) (string, error) { return "", err }
	}
	for name, c := range map[string]struct {
		answer func(context.Context, string, int) (string, error)
		store  func(pipeline.Store) pipeline.Store
		page   error
		want   error
	}{
		"no file":               {store: func(s pipeline.Store) pipeline.Store { return full{s, false} }, want: syscall.ENOSPC},
		"no bytes":              {store: func(s pipeline.Store) pipeline.Store { return full{s, true} }, want: syscall.ENOSPC},
		"what a page gives":     {page: steps.AsDiskError(syscall.ENOSPC), want: syscall.ENOSPC},
		"a step's own file":     {page: fmt.Errorf("saving the screenshot: %w", syscall.EDQUOT), want: syscall.ENOSPC},
		"a disk that is closed": {page: syscall.EROFS, want: syscall.EROFS},
		"what was kept":         {answer: broken(steps.AsDiskError(syscall.EIO)), want: syscall.EIO},
		"too many files":        {answer: broken(&net.OpError{Op: "dial", Err: os.NewSyscallError("socket", syscall.EMFILE)}), want: syscall.EMFILE},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t, good)
			n := newTestRun(t, s, 3)
			store, pages := n.cfg.Store, n.cfg.Pages
			if c.store != nil {
				n.cfg.Store = c.store(store)
			}
			if c.page != nil {
				n.cfg.Pages = fullPages{pages.(*pool), c.page}
			}
			if c.answer != nil {
				s.answer = c.answer
			}
			before := goleak.IgnoreCurrent()
			result, err := engine.Run(t.Context(), n.cfg)
			if !errors.Is(err, c.want) {
				t.Errorf("got %v", err)
			}
			n.want(result, pipeline.Totals{In: 6, Pending: 6})
			goleak.VerifyNone(t, before)
			n.cfg.Store, n.cfg.Pages, s.answer = store, pages, good
			n.want(n.run(), pipeline.Totals{In: 6, Done: 6})
		})
	}
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
