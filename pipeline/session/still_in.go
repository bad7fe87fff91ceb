package session

import (
	"cmp"
	"context"
	"fmt"
	"sync"

	"pipe/pipeline"
	"pipe/steps"
)

// ends is what is known of login.success on the pages where work under a login comes
// to its end, of one kind of work.
type ends struct {
	// shows is true once it was seen there, lacks once it was absent there under a
	// login that held.
	shows, lacks bool
	// odd counts the ends where it was absent again under a new login.
	odd int
}

// proofs is what is known of it by the kind of work.
type proofs struct {
	mu   sync.Mutex
	ends map[string]*ends
	// held is true once it held where it is looked for apart from the items' own visits
	// of home, looked once somebody has looked.
	held, looked bool
}

func (p *proofs) of(work string, learn func(*ends)) ends {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ends == nil {
		p.ends = map[string]*ends{}
	}
	e := p.ends[work]
	if e == nil {
		e = &ends{}
		p.ends[work] = e
	}
	learn(e)
	return *e
}

func (p *proofs) hold() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.held = true
}

// toLook tells whether it is to be found out whether it holds at home, to one page.
func (p *proofs) toLook() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.held || p.looked {
		return false
	}
	p.looked = true
	return true
}

// telling tells whether login.success has held where it is looked for, so that its
// absence says something.
func (p *Pool) telling() bool {
	if p.homes.wait() > 0 {
		return true
	}
	p.proofs.mu.Lock()
	defer p.proofs.mu.Unlock()
	return p.proofs.held
}

// proving opens the page where login.success has held.
func (p *Pool) proving() pipeline.Act {
	if p.homes.wait() > 0 || p.opts.Check == nil {
		return p.opts.Visit
	}
	return p.opts.Check // where a kept login was tried, which may not be home
}

// firmly tells whether it holds at home as a rule, and is no welcome that is shown once.
func (p *Pool) firmly() bool {
	p.homes.mu.Lock()
	defer p.homes.mu.Unlock()
	p.proofs.mu.Lock()
	defer p.proofs.mu.Unlock()
	return p.homes.firm || p.proofs.held && !p.homes.held
}

// LookHome finds out, once, whether login.success holds at home of a page whose login is
// new: what comes to its end without it is judged by that. The page is elsewhere then.
func (p *Page) LookHome(ctx context.Context) error {
	opts, account := &p.pool.opts, p.session.account.index
	if opts.Home == nil || opts.Visit == nil || p.Login() == 0 || p.pool.telling() || !p.pool.proofs.toLook() {
		return nil
	}
	if err := opts.Visit(ctx, p, account); err != nil {
		return ctx.Err() // who needs the page will be told
	}
	if holds, _ := opts.Home(ctx, p, account, leastWait); holds {
		p.pool.proofs.hold()
	}
	return ctx.Err()
}

// oddMost is how many ends may lack login.success under a new login too before that is
// no sign any more, where there is no page to look for it.
const oddMost = 2

// StillIn is told that work under the page's login has come to its end on the page.
// Where login.success is absent, and it is not known that such pages lack it, the page
// looks for it where it has held: the site may have shown the work to a guest.
// The error of that is steps.ErrSessionLost. again is true for work that has ended so
// before.
func (p *Page) StillIn(ctx context.Context, work string, again bool) error {
	opts, known := &p.pool.opts, &p.pool.proofs
	if opts.Home == nil || p.Login() == 0 || p.Lost() {
		return nil
	}
	holds, err := opts.Home(ctx, p, p.session.account.index, 0)
	switch {
	case holds:
		known.of(work, func(e *ends) { e.shows = true })
		return nil
	case ctx.Err() != nil, err != nil && !steps.IsNavigating(err):
		return ctx.Err()
	}
	if e := known.of(work, func(*ends) {}); e.lacks && !e.shows {
		return nil
	}
	if opts.Visit == nil {
		return p.comparedWith(work, again)
	}
	if !p.pool.telling() {
		return nil
	}
	at := steps.ShortURL(p.Playwright().URL())
	if err = p.pool.proving()(ctx, p, p.session.account.index); err == nil && !p.Lost() {
		holds, err = opts.Home(ctx, p, p.session.account.index, cmp.Or(p.pool.homes.wait(), resumeLimit))
	}
	switch {
	case holds:
		known.of(work, func(e *ends) { e.lacks = true })
		return nil
	case err != nil && !p.Lost():
		return fmt.Errorf("looking whether the session is still there: %w", err)
	case again && !p.pool.firmly():
		// It was a welcome that home shows once.
		known.of(work, func(e *ends) { e.lacks = true })
		return nil
	}
	p.loseSession()
	return &pipeline.GuestError{Err: fmt.Errorf("%w: login.success holds neither at %s, where it came to its end, nor at %s", steps.ErrSessionLost, at, steps.ShortURL(p.Playwright().URL()))}
}

// comparedWith judges the end of work by others of its kind alone: a new login shows
// whether it is the page that lacks login.success.
func (p *Page) comparedWith(work string, again bool) error {
	known := p.pool.proofs.of(work, func(e *ends) {
		if again && e.shows {
			e.odd++
		}
	})
	if !known.shows || again || known.odd >= oddMost {
		return nil
	}
	p.loseSession()
	return &pipeline.GuestError{Err: fmt.Errorf("%w: login.success holds where others come to their end, and not at %s", steps.ErrSessionLost, steps.ShortURL(p.Playwright().URL()))}
}
