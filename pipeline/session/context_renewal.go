package session

import (
	"context"
	"sync/atomic"

	"pipe/pipeline/browser"
	"pipe/pipeline/client"
)

// ensureContext makes sure that the session has a context in this browser, and
// one that is not worn out.
func (p *Pool) ensureContext(ctx context.Context, s *session, b *browser.Browser) error {
	moves := s.home != nil && p.opts.Proxies > 1 && s.home.ProxyFailed()
	if moves {
		s.turn++
	}
	worn := moves || s.home != nil && (s.home.Spoiled() || p.opts.renews() && p.opts.ContextItems > 0 && s.served >= p.opts.ContextItems)
	if s.home != nil && s.home.Browser == b && !worn {
		return nil
	}
	p.leaveContext(ctx, s)
	p.readKeptLogin(ctx, s)
	s.shared = nil
	if s.state != nil {
		s.shared = s.state.SessionStorage.clone()
	}
	home, err := p.newContext(ctx, s, b)
	if err != nil {
		return err
	}
	s.home, s.served, s.resumed = home, 0, s.state != nil
	// What is under way in the old one ends under the login that it has there.
	s.left.Store(s.login.Load())
	return nil
}

// leaveContext moves the session out of its context, which is closed once
// nothing is under way in it. Its login is kept for the next, or else ended with
// the context.
func (p *Pool) leaveContext(ctx context.Context, s *session) {
	old := s.home
	if old == nil {
		return
	}
	if s.valid() && old.Browser.Alive() {
		p.keep(ctx, s)
	}
	s.home = nil
	if p.opts.Logout != nil && p.opts.Resume == nil && s.valid() && old.Browser.Alive() {
		storage := s.shared.clone()
		old.Leave(func(ctx context.Context) { p.logoutLeft(ctx, s, old, storage) })
		return
	}
	old.Leave(nil)
}

// newContext opens a browser context as the spec has it, with the login that
// the session had.
func (p *Pool) newContext(ctx context.Context, s *session, b *browser.Browser) (*browser.Context, error) {
	opts := client.ContextOptions{}
	if p.opts.Context != nil {
		var err error
		if opts, err = p.opts.Context(s.account.index, s.turn); err != nil {
			return nil, err
		}
	}
	if opts.BaseURL == nil && p.opts.BaseURL != "" {
		opts.BaseURL = &p.opts.BaseURL
	}
	if s.state != nil {
		opts.StorageState = s.state.ToOptionalStorageState()
	}
	via, err := client.NewTransport(opts)
	if err != nil {
		return nil, err
	}
	var headers *browser.OwnHeaders
	if len(opts.Headers.Values) > 0 {
		headers = &browser.OwnHeaders{Values: opts.Headers.Values, For: via.Headers, Mark: opts.Headers.Mark}
	}
	var opened atomic.Pointer[browser.Context]
	how, err := via.ForBrowser(ctx, func() {
		if home := opened.Load(); home != nil {
			home.FailProxy()
		}
	})
	if err == nil && opts.Authorities != nil {
		err = trustAuthority(ctx, &how, via)
	}
	if err != nil {
		via.Close()
		return nil, err
	}
	home, err := b.NewContext(ctx, how, via, headers)
	if err != nil {
		via.Close()
		return nil, err
	}
	opened.Store(home)
	err = p.watchLoss(ctx, s, home)
	if err == nil {
		err = p.watchCertificates(s, home, via, opts.Authorities != nil)
	}
	if err != nil {
		home.Leave(nil)
		return nil, err
	}
	if s.state != nil {
		if err := p.writeDatabases(ctx, home, s.state.Databases); err != nil {
			p.log.WarnContext(ctx, "databases of a kept login are of no use", "session", s.name, "error", err)
		}
	}
	return home, nil
}
