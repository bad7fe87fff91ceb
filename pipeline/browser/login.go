package browser

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"pipe/pipeline"
	"pipe/steps"
)

// account is one of those that log in. Its logins go one after the other.
type account struct {
	index int
	name  string
	gate  gate

	// failed counts its logins that failed since the last that worked, refused
	// is why it is given up. Both are the gate's, and refused is final.
	failed  int
	refused *pipeline.LoginError
	// quarantined is closed once refused is set.
	quarantined chan struct{}
	// rest is how long to wait before the site is asked again after it could
	// not be reached.
	rest time.Duration
}

// out gives the reason why the account is given up, or nil.
func (a *account) out() error {
	select {
	case <-a.quarantined:
		return a.refused
	default:
		return nil
	}
}

// restMost is the longest wait for a site that cannot be reached.
const restMost = 30 * time.Second

// enter makes sure that the page is logged in: by the login that the context
// came with, if that still holds, or by a new one.
func (p *Pool) enter(ctx context.Context, s *session, pg *page) error {
	if p.opts.Login == nil || s.valid() {
		return nil
	}
	if err := s.account.gate.lock(ctx); err != nil {
		return err
	}
	defer s.account.gate.unlock()
	if err := s.account.out(); err != nil {
		return err
	}
	if s.futile() {
		return p.giveUp(ctx, s, fmt.Errorf("%s logs in, and its session is lost before anything is done, %s in a row: "+
			"does login.lost fit what is seen when logged in, or is the account in use elsewhere?", s.account.name, times(futileMost)))
	}
	if s.home.resumed && p.opts.Resume != nil {
		s.home.resumed = false
		err := p.opts.Resume(ctx, pg, s.account.index)
		switch {
		case err == nil:
			s.account.rest = 0
			s.gen.Add(1)
			s.signed.Store(true)
			p.opts.Log.DebugContext(ctx, "a kept login goes on", "session", s.name)
			return nil
		case ctx.Err() != nil || !pg.alive():
			return err
		case unreachable(err):
			s.home.resumed = true
			return p.later(ctx, s, err)
		}
		p.opts.Log.InfoContext(ctx, "a kept login holds no more, logging in", "session", s.name, "reason", err)
	}
	return p.login(ctx, s, pg)
}

// login logs the session in, as often as its account may still try.
func (p *Pool) login(ctx context.Context, s *session, pg *page) error {
	a := s.account
	for {
		err := p.opts.Login(ctx, pg, a.index)
		switch {
		case err == nil:
			a.failed, a.rest = 0, 0
			s.gen.Add(1)
			s.signed.Store(true)
			p.keep(ctx, s)
			if p.opts.OnLogin != nil {
				p.opts.OnLogin(s.name, a.index)
			}
			return nil
		case ctx.Err() != nil || !pg.alive():
			return err
		case unreachable(err):
			return p.later(ctx, s, err)
		}
		a.failed++
		if a.failed >= p.opts.Tries {
			return p.giveUp(ctx, s, fmt.Errorf("%w (%s, tried %s)", err, a.name, times(a.failed)))
		}
		p.opts.Log.WarnContext(ctx, "a login failed, trying again", "session", s.name, "error", err)
		// What a stale login left may be what stands in the way.
		of := s.home.context
		if _, err := within(ctx, callLimit, "clearing cookies", func() (struct{}, error) { return struct{}{}, of.ClearCookies() }); err != nil {
			return err
		}
	}
}

// giveUp has the run do without the session's account.
func (p *Pool) giveUp(ctx context.Context, s *session, err error) error {
	a := s.account
	a.refused = &pipeline.LoginError{Account: a.index, Err: err}
	close(a.quarantined)
	p.opts.Log.ErrorContext(ctx, "an account is given up", "account", a.name, "error", err)
	if p.opts.OnRefused != nil {
		p.opts.OnRefused(s.name, a.index, err)
	}
	return a.refused
}

// futileMost is how many logins in a row may be lost before anything is done
// under them: a site must not be asked over and over for what does not hold.
const futileMost = 5

// futile counts a login that was lost without use, and tells whether there were
// too many.
func (s *session) futile() bool {
	if s.gen.Load() == 0 || s.signed.Load() {
		return false // it was not lost
	}
	if s.wasted++; s.used.Swap(false) {
		s.wasted = 0
	}
	return s.wasted >= futileMost
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}

// unreachable tells an error of the site or the network from a refusal, which
// is the account's.
func unreachable(err error) bool {
	var status *steps.StatusError
	if errors.As(err, &status) {
		return status.Status >= 500 || status.Status == http.StatusTooManyRequests
	}
	text := err.Error()
	return strings.Contains(text, "net::ERR_") && !strings.Contains(text, "net::ERR_ABORTED")
}

// later waits before anybody asks the site again, and gives the error. The next
// try is by another context, with another proxy where there are several.
func (p *Pool) later(ctx context.Context, s *session, err error) error {
	a := s.account
	a.rest = min(max(2*a.rest, time.Second), restMost)
	wait := a.rest
	var status *steps.StatusError
	if errors.As(err, &status) {
		wait = min(max(wait, status.RetryAfter), restMost)
	}
	s.turn++
	p.opts.Log.WarnContext(ctx, "the site cannot be reached for a login", "session", s.name, "waiting", wait, "error", err)
	t := time.NewTimer(wait)
	defer t.Stop()
	select {
	case <-t.C:
		return fmt.Errorf("logging in: %w", err)
	case <-ctx.Done():
		return ctx.Err()
	}
}
