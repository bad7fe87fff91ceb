package session

import (
	"context"

	"pipe/pipeline/browser"
)

// logoutAll ends the sessions that are open, those of all accounts at once.
func (p *Pool) logoutAll(ctx context.Context) {
	if p.opts.Logout == nil {
		return
	}
	p.each(func(s *session) {
		if err := p.logoutOne(ctx, s); err != nil {
			p.log.WarnContext(ctx, "a logout failed", "session", s.name, "error", err)
		}
	})
}

// logoutOne ends a session, in a new browser if it has lost its own.
func (p *Pool) logoutOne(ctx context.Context, s *session) error {
	if err := s.lock.Acquire(ctx, 1); err != nil {
		return err
	}
	defer s.lock.Release(1)
	if !s.signed.Load() || p.opts.Resume == nil && (s.home == nil || !s.home.Browser.Alive()) {
		return nil
	}
	b, err := p.browsers.Current(ctx)
	if err != nil {
		return err
	}
	if err := p.ensureContext(ctx, s, b); err != nil {
		return err
	}
	defer s.lose(s.login.Load())
	defer s.signed.Store(false)
	return p.logoutIn(ctx, s, s.home, s.shared)
}

// logoutLeft ends a session that is left behind in a context.
func (p *Pool) logoutLeft(ctx context.Context, s *session, in *browser.Context, storage tabStorage) {
	ctx, cancel := context.WithTimeout(ctx, p.opts.Browser.CloseLimit)
	defer cancel()
	if err := p.logoutIn(ctx, s, in, storage); err != nil {
		p.log.WarnContext(ctx, "a logout failed", "session", s.name, "error", err)
	}
}

func (p *Pool) logoutIn(ctx context.Context, s *session, in *browser.Context, storage tabStorage) error {
	// Pages that are still there may hang.
	pg, err := p.newPage(ctx, s, in)
	if err != nil {
		return err
	}
	defer pg.Discard()
	if err := p.bringStorage(ctx, pg, storage); err != nil {
		return err
	}
	return p.opts.Logout(ctx, pg, s.account.index)
}
