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

// ensureLogin makes sure that the page is logged in: by the login that the
// context came with, if that still holds, or by a new one. Logins that were kept are
// tried at once, new ones of an account are made one after the other. Ahead of an
// item nobody rests before the site is asked again.
func (p *Pool) ensureLogin(ctx context.Context, s *session, pg *Page, ahead bool) error {
	if p.opts.Login == nil || s.valid() {
		return nil
	}
	s.abandon(pg)
	futile := s.futile()
	if s.resumed && p.opts.Resume != nil && !futile && s.account.out() == nil {
		s.resumed = false
		holds, err := p.resume(ctx, s, pg, ahead)
		if holds || err != nil {
			return err
		}
	}
	if err := s.account.lock.Acquire(ctx, 1); err != nil {
		return err
	}
	defer s.account.lock.Release(1)
	if err := s.account.out(); err != nil {
		return err
	}
	if futile {
		return p.giveUp(ctx, s, fmt.Errorf("%s logs in, and its session is lost before anything is done, %s in a row: "+
			"does login.lost fit what is seen when logged in, or is the account in use elsewhere?", s.account.name, times(maxFutile)))
	}
	s.lose(s.login.Load()) // also for who is at work in a context that it has left
	return p.login(ctx, s, pg, ahead)
}

// resume tries the login that the context came with, and tells whether it holds.
func (p *Pool) resume(ctx context.Context, s *session, pg *Page, ahead bool) (holds bool, err error) {
	err = p.opts.Resume(ctx, pg, s.account.index)
	switch {
	case err == nil:
		s.account.answered()
		p.proofs.hold()
		s.login.Add(1)
		s.signed.Store(true)
		s.tell(pipeline.Event{Kind: pipeline.LoginKept})
		p.log.DebugContext(ctx, "a kept login goes on", "session", s.name)
		return true, nil
	case ctx.Err() != nil || !pg.Alive() || steps.IsCertificateFault(err):
		return false, err
	case isUnreachable(err):
		s.resumed = true
		return false, p.rest(ctx, s, err, ahead)
	}
	p.log.InfoContext(ctx, "a kept login holds no more, logging in", "session", s.name, "reason", err)
	return false, p.dropStorage(ctx, s, pg)
}

// login logs the session in, as often as its account may still try.
func (p *Pool) login(ctx context.Context, s *session, pg *Page, ahead bool) error {
	a := s.account
	if err := p.refusedBefore(ctx, a); err != nil {
		return p.giveUp(ctx, s, err)
	}
	for {
		s.tell(pipeline.Event{Kind: pipeline.LoggingIn, Attempt: a.failed + 1})
		err := p.opts.Login(ctx, pg, a.index)
		switch {
		case err == nil:
			a.failed = 0
			a.answered()
			p.forgetRefusal(ctx, a)
			s.login.Add(1)
			s.signed.Store(true)
			p.takeStorage(ctx, s, pg)
			p.keep(ctx, s)
			s.tell(pipeline.Event{Kind: pipeline.LoggedIn})
			return nil
		case ctx.Err() != nil || !pg.Alive() || steps.IsCertificateFault(err):
			return err
		}
		if p.opts.OnLoginFailed != nil {
			p.opts.OnLoginFailed(ctx, pg.Playwright(), s.name, err)
		}
		if isUnreachable(err) {
			return p.rest(ctx, s, err, ahead)
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
	s.tell(pipeline.Event{Kind: pipeline.AccountGivenUp, Reason: p.opts.Redact(err.Error())})
	return a.refused
}

// maxFutile is how many logins in a row may be lost before anything is done
// under them: a site must not be asked over and over for what does not hold.
const maxFutile = 5

// futile counts a login that was lost without use, each once, and tells whether there
// were too many.
func (s *session) futile() bool {
	login := s.login.Load()
	if login == 0 || s.signed.Load() {
		return false // it was not lost
	}
	if login != s.judged {
		s.judged = login
		if s.wasted++; s.used.Swap(false) {
			s.wasted = 0
		}
	}
	return s.wasted >= maxFutile
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}

// rest waits before anybody asks the site again, unless that was ahead of an item, and
// gives the error. The next try is by another context, with another proxy where there
// are several.
func (p *Pool) rest(ctx context.Context, s *session, err error, ahead bool) error {
	absent := &pipeline.UnreachableError{Err: fmt.Errorf("logging in: %w", err)}
	s.turn++
	if ahead {
		return absent
	}
	wait := s.account.unanswered()
	var status *steps.StatusError
	if errors.As(err, &status) {
		wait = min(max(wait, status.RetryAfter), maxRest)
	}
	p.log.WarnContext(ctx, "the site cannot be reached for a login", "session", s.name, "waiting", wait, "error", err)
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-p.opts.Stop:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	return absent
}

// isUnreachable tells a site that does not answer from one that refuses.
func isUnreachable(err error) bool {
	var absent *pipeline.UnreachableError
	return errors.As(err, &absent) || steps.IsSiteFault(err)
}
