package session

import (
	"context"
	"errors"
	"fmt"
	"time"

	"pipe/pipeline"
	"pipe/pipeline/browser"
	"pipe/steps"
)

// maxRest is the longest wait for a site that cannot be reached.
const maxRest = 30 * time.Second

// ensureLogin makes sure that the page is logged in: by the login that the
// context came with, if that still holds, or by a new one.
func (p *Pool) ensureLogin(ctx context.Context, s *session, pg *Page) error {
	if p.opts.Login == nil || s.valid() {
		return nil
	}
	if err := s.account.lock.Acquire(ctx, 1); err != nil {
		return err
	}
	defer s.account.lock.Release(1)
	if err := s.account.out(); err != nil {
		return err
	}
	s.abandon(pg)
	if s.futile() {
		return p.giveUp(ctx, s, fmt.Errorf("%s logs in, and its session is lost before anything is done, %s in a row: "+
			"does login.lost fit what is seen when logged in, or is the account in use elsewhere?", s.account.name, times(maxFutile)))
	}
	if s.resumed && p.opts.Resume != nil {
		s.resumed = false
		err := p.opts.Resume(ctx, pg, s.account.index)
		switch {
		case err == nil:
			s.account.rest = 0
			p.proofs.hold()
			s.login.Add(1)
			s.signed.Store(true)
			p.log.DebugContext(ctx, "a kept login goes on", "session", s.name)
			return nil
		case ctx.Err() != nil || !pg.Alive() || steps.IsCertificateFault(err):
			return err
		case isUnreachable(err):
			s.resumed = true
			return p.rest(ctx, s, err)
		}
		p.log.InfoContext(ctx, "a kept login holds no more, logging in", "session", s.name, "reason", err)
		if err := p.dropStorage(ctx, s, pg); err != nil {
			return err
		}
	}
	return p.login(ctx, s, pg)
}

// login logs the session in, as often as its account may still try.
func (p *Pool) login(ctx context.Context, s *session, pg *Page) error {
	a := s.account
	if err := p.refusedBefore(ctx, a); err != nil {
		return p.giveUp(ctx, s, err)
	}
	for {
		err := p.opts.Login(ctx, pg, a.index)
		switch {
		case err == nil:
			a.failed, a.rest = 0, 0
			p.forgetRefusal(ctx, a)
			s.login.Add(1)
			s.signed.Store(true)
			p.takeStorage(ctx, s, pg)
			p.keep(ctx, s)
			if p.opts.OnLogin != nil {
				p.opts.OnLogin(s.name, a.index)
			}
			return nil
		case ctx.Err() != nil || !pg.Alive() || steps.IsCertificateFault(err):
			return err
		case isUnreachable(err):
			return p.rest(ctx, s, err)
		}
		var refused *pipeline.RefusedError
		if errors.As(err, &refused) {
			p.noteRefusal(ctx, a, err)
			return p.giveUp(ctx, s, fmt.Errorf("%w (%s; it is not tried again until its credentials change: %s)", err, a.name, wayOn))
		}
		a.failed++
		if a.failed >= p.opts.Tries {
			return p.giveUp(ctx, s, fmt.Errorf("%w (%s, tried %s)", err, a.name, times(a.failed)))
		}
		p.log.WarnContext(ctx, "a login failed, trying again", "session", s.name, "error", err)
		// What a stale login left may be what stands in the way.
		of := s.home.Playwright
		if err := steps.DoWithin(ctx, browser.CallLimit, "clearing cookies", func() error { return of.ClearCookies() }); err != nil {
			return err
		}
	}
}

// giveUp has the run do without the session's account.
func (p *Pool) giveUp(ctx context.Context, s *session, err error) error {
	a := s.account
	a.refused = &pipeline.LoginError{Account: a.index, Err: err}
	close(a.quarantined)
	p.log.ErrorContext(ctx, "an account is given up", "account", a.name, "error", err)
	if p.opts.OnRefused != nil {
		p.opts.OnRefused(s.name, a.index, err)
	}
	return a.refused
}

// maxFutile is how many logins in a row may be lost before anything is done
// under them: a site must not be asked over and over for what does not hold.
const maxFutile = 5

// futile counts a login that was lost without use, and tells whether there were
// too many.
func (s *session) futile() bool {
	if s.login.Load() == 0 || s.signed.Load() {
		return false // it was not lost
	}
	if s.wasted++; s.used.Swap(false) {
		s.wasted = 0
	}
	return s.wasted >= maxFutile
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}

// rest waits before anybody asks the site again, and gives the error. The next
// try is by another context, with another proxy where there are several.
func (p *Pool) rest(ctx context.Context, s *session, err error) error {
	a := s.account
	a.rest = min(max(2*a.rest, time.Second), maxRest)
	wait := a.rest
	var status *steps.StatusError
	if errors.As(err, &status) {
		wait = min(max(wait, status.RetryAfter), maxRest)
	}
	s.turn++
	p.log.WarnContext(ctx, "the site cannot be reached for a login", "session", s.name, "waiting", wait, "error", err)
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-p.opts.Stop:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	return &pipeline.UnreachableError{Err: fmt.Errorf("logging in: %w", err)}
}

// isUnreachable tells a site that does not answer from one that refuses.
func isUnreachable(err error) bool {
	var absent *pipeline.UnreachableError
	return errors.As(err, &absent) || steps.IsSiteFault(err)
}
