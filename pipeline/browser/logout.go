package browser

import (
	"context"
	"sync"
)

// logout ends the sessions that are open, those of all accounts at once.
func (p *Pool) logout(ctx context.Context) {
	if p.opts.Logout == nil {
		return
	}
	var done sync.WaitGroup
	for _, s := range p.sessions {
		done.Go(func() {
			if err := p.logoutOne(ctx, s); err != nil {
				p.opts.Log.WarnContext(ctx, "a logout failed", "session", s.name, "error", err)
			}
		})
	}
	done.Wait()
}

// logoutOne ends a session, in a new browser if it has lost its own.
func (p *Pool) logoutOne(ctx context.Context, s *session) error {
	if err := s.gate.lock(ctx); err != nil {
		return err
	}
	defer s.gate.unlock()
	if !s.signed.Load() || p.opts.Resume == nil && (s.home == nil || !s.home.machine.alive()) {
		return nil
	}
	m, err := p.current(ctx)
	if err != nil {
		return err
	}
	if err := p.lodge(ctx, s, m); err != nil {
		return err
	}
	defer s.lose(s.gen.Load())
	defer s.signed.Store(false)
	return p.logoutAt(ctx, s, s.home)
}

// logoutIn ends a session that is left behind in a context.
func (p *Pool) logoutIn(s *session, at *lodging) {
	ctx, cancel := context.WithTimeout(context.Background(), p.opts.CloseLimit)
	defer cancel()
	if err := p.logoutAt(ctx, s, at); err != nil {
		p.opts.Log.WarnContext(ctx, "a logout failed", "session", s.name, "error", err)
	}
}

func (p *Pool) logoutAt(ctx context.Context, s *session, at *lodging) error {
	// Pages that are still there may hang.
	pg, err := p.newPage(ctx, s, at)
	if err != nil {
		return err
	}
	defer pg.Discard()
	return p.opts.Logout(ctx, pg, s.account.index)
}
