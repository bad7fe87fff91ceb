package browser

import (
	"context"
	"sync"
	"sync/atomic"

	"github.com/playwright-community/playwright-go"

	"pipe/steps"
)

// session is one login of an account, over all the browser contexts in which it
// lives, one at a time.
type session struct {
	name    string
	account *account
	gate    gate
	// path is where the login is kept, "" when it is not.
	path string

	// The fields below are the gate's.
	home *lodging
	// state is the newest of the login that is known; nil for none.
	state *playwright.OptionalStorageState
	read  bool
	// turn chooses the proxy.
	turn int

	// gen counts the logins, from 1; lostGen is the newest that is gone.
	gen, lostGen atomic.Int64
	// signed is true while the site knows the session, as far as is known:
	// through all contexts that it moves to.
	signed atomic.Bool
	// used is true once an attempt has ended under the newest login; wasted, the
	// gate's, counts those in a row under which none did.
	used   atomic.Bool
	wasted int

	mu    sync.Mutex
	pages map[*page]bool
}

// lodging is one browser context while a session lives in it.
type lodging struct {
	context playwright.BrowserContext
	machine *machine
	// road is how files are asked for beside the browser.
	road *road
	// agent is how the browser names itself; the first page of the context says.
	agent string
	// uses are the attempts that are under way in it.
	uses *tenancy
	// lent counts the items; resumed is true while a kept login is untried.
	lent    int
	resumed bool
	// spoiled is true once its pages only fail, unserved once its proxy does not
	// serve it.
	spoiled, unserved atomic.Bool
	// orphan is true for one whose login goes nowhere else.
	orphan bool
}

// valid tells whether the session is logged in, as far as is known.
func (s *session) valid() bool { return s.gen.Load() > s.lostGen.Load() }

// holds tells whether a login is the newest, and holds as far as is known; 0 is
// where there is none.
func (s *session) holds(gen int64) bool { return gen == s.gen.Load() && (gen == 0 || s.valid()) }

// markLost notes that a login is gone; an older one's loss means nothing.
func (s *session) markLost(gen int64) { s.lower(gen) }

// lower tells whether this was news.
func (s *session) lower(gen int64) bool {
	for {
		was := s.lostGen.Load()
		if gen <= was {
			return false
		}
		if s.lostGen.CompareAndSwap(was, gen) {
			return true
		}
	}
}

// lose marks a login as gone and tells all that work under it, so that nobody
// waits for what cannot come.
func (s *session) lose(gen int64) {
	if gen == 0 || !s.lower(gen) {
		return
	}
	s.signed.Store(false)
	for _, pg := range s.all() {
		if pg.gen.Load() <= gen {
			pg.tell(steps.ErrLost)
		}
	}
}

func (s *session) add(pg *page) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pages[pg] = true
}

func (s *session) remove(pg *page) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.pages, pg)
}

func (s *session) all() []*page {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []*page
	for pg := range s.pages {
		all = append(all, pg)
	}
	return all
}

// lodge makes sure that the session has a context in this browser, and one that
// is not worn out.
func (p *Pool) lodge(ctx context.Context, s *session, m *machine) error {
	moves := s.home != nil && p.opts.Proxies > 1 && s.home.unserved.Load()
	if moves {
		s.turn++
	}
	worn := moves || s.home != nil && (s.home.spoiled.Load() || p.renews() && p.opts.Recycle.Context > 0 && s.home.lent >= p.opts.Recycle.Context)
	if s.home != nil && s.home.machine == m && !worn {
		return nil
	}
	p.leave(ctx, s)
	p.recall(ctx, s)
	home := &lodging{machine: m, resumed: s.state != nil}
	if err := p.newContext(ctx, s, home); err != nil {
		return err
	}
	m.contexts.enter()
	home.uses = newTenancy(func() {
		p.closeSoon("closing a browser context", func() error {
			defer m.contexts.exit()
			defer home.road.close()
			if home.orphan {
				p.logoutIn(s, home)
			}
			return home.context.Close()
		})
	})
	s.home = home
	s.markLost(s.gen.Load())
	return nil
}

// leave moves the session out of its context, which is closed once nothing is
// under way in it. Its login is kept for the next.
func (p *Pool) leave(ctx context.Context, s *session) {
	old := s.home
	if old == nil {
		return
	}
	if s.valid() && old.machine.alive() {
		p.keep(ctx, s)
	}
	s.home = nil
	old.orphan = p.opts.Logout != nil && p.opts.Resume == nil && s.valid() && old.machine.alive()
	old.uses.leave()
}

// newContext opens a browser context as the spec has it, with the login that
// the session had.
func (p *Pool) newContext(ctx context.Context, s *session, at *lodging) error {
	opts := playwright.BrowserNewContextOptions{}
	if p.opts.Context != nil {
		var err error
		if opts, err = p.opts.Context(s.account.index, s.turn); err != nil {
			return err
		}
	}
	if opts.BaseURL == nil && p.opts.BaseURL != "" {
		opts.BaseURL = &p.opts.BaseURL
	}
	opts.StorageState = s.state
	var err error
	if at.road, err = newRoad(opts); err != nil {
		return err
	}
	at.context, err = within(ctx, callLimit, "opening a browser context", func() (playwright.BrowserContext, error) {
		made, err := at.machine.browser.NewContext(opts)
		if err != nil {
			return nil, err
		}
		return made, made.AddInitScript(playwright.Script{Content: playwright.String(hook)})
	})
	if err != nil {
		return err
	}
	if err := p.guard(ctx, s, at); err != nil {
		p.closeSoon("closing a browser context", func() error { return at.context.Close() })
		return err
	}
	return nil
}

// recall reads the login that another run has kept, once. It is of use where it
// can be tried alone.
func (p *Pool) recall(ctx context.Context, s *session) {
	if p.opts.Resume == nil {
		s.state = nil
	}
	if s.read || s.path == "" || p.opts.Resume == nil {
		return
	}
	s.read = true
	state, err := readState(s.path)
	if err != nil {
		p.opts.Log.WarnContext(ctx, "a kept login is of no use, logging in", "session", s.name, "error", err)
	}
	s.state = state
}

// keep takes the login's state, for the session's next context and, where
// logins are kept, for the next run.
func (p *Pool) keep(ctx context.Context, s *session) {
	if p.opts.Login == nil || p.opts.Resume == nil && s.path == "" {
		return
	}
	of := s.home.context
	state, err := within(ctx, p.opts.CloseLimit, "reading the login's state", func() (*playwright.StorageState, error) { return of.StorageState() })
	if err == nil {
		s.state = state.ToOptionalStorageState()
		if s.path != "" && !p.opts.Frozen {
			err = writeState(s.path, state)
		}
	}
	if err != nil {
		p.opts.Log.WarnContext(ctx, "a login could not be kept", "session", s.name, "error", err)
	}
}

// keepAll keeps the logins for the next run.
func (p *Pool) keepAll(ctx context.Context) {
	var done sync.WaitGroup
	for _, s := range p.sessions {
		done.Go(func() {
			if s.path == "" || s.gate.lock(ctx) != nil {
				return
			}
			defer s.gate.unlock()
			if s.home != nil && s.valid() && s.home.machine.alive() {
				p.keep(ctx, s)
			}
		})
	}
	done.Wait()
}
