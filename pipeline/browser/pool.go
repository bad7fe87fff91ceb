package browser

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"pipe/pipeline"
	"pipe/steps"
	"sync"
	"time"
)

// Options say which browser to start and how many pages to lend.
type Options struct {
	// DriverDir holds Playwright's driver, Node is the node executable and
	// Browser the browser's. "" leaves the choice to Playwright.
	DriverDir, Node, Browser string
	// Headed shows the browser's windows.
	Headed bool
	// Args are further switches of the browser's command line.
	Args []string
	// Contexts are browser contexts, each logged in by itself, spread over the
	// accounts; Pages are the workers in each. The default is 1.
	Contexts, Pages int
	// Accounts is how many accounts there are; 0 counts as 1.
	Accounts int
	// Block names what pages need not load: image, font, media, stylesheet.
	Block []string
	// BaseURL is what relative addresses are relative to.
	BaseURL string
	// Login logs a page's context in; nil when the site needs none.
	Login func(ctx context.Context, page pipeline.Page, account int) error
	// OnLogin is told each login that worked; it may be nil.
	OnLogin func(session string, account int)
	// Lost tells whether an address shows that the session is gone; nil when
	// there is no such sign.
	Lost func(url string) bool
	// Downloads is where the browser keeps its downloads until they are taken.
	Downloads string
	// CloseLimit bounds each close; the default is 5 s.
	CloseLimit time.Duration
	// Log is told what was made new; the default discards it.
	Log *slog.Logger
}

// Pool lends the pages. It implements [pipeline.Pages].
type Pool struct {
	opts     Options
	sessions []*session
	slots    []*slot

	gate    gate
	machine *machine

	closing sync.WaitGroup
}

// slot is a worker's place; one goroutine at a time uses it.
type slot struct {
	name    string
	session *session
	page    *page
}

var _ pipeline.Pages = (*Pool)(nil)

// Launch starts the driver and the browser. Contexts and pages are opened, and
// logged in, when they are first asked for.
func Launch(ctx context.Context, opts Options) (*Pool, error) {
	opts.Contexts, opts.Pages, opts.Accounts = max(opts.Contexts, 1), max(opts.Pages, 1), max(opts.Accounts, 1)
	if opts.CloseLimit <= 0 {
		opts.CloseLimit = 5 * time.Second
	}
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	p := &Pool{opts: opts, gate: newGate()}
	for c := range opts.Contexts {
		s := &session{name: fmt.Sprintf("c%d", c+1), account: c % opts.Accounts, gate: newGate()}
		p.sessions = append(p.sessions, s)
	}
	// Page 1 of every context goes first, so that a short run uses them all.
	for n := range opts.Pages {
		for _, s := range p.sessions {
			p.slots = append(p.slots, &slot{name: fmt.Sprintf("%sp%d", s.name, n+1), session: s})
		}
	}
	var err error
	if p.machine, err = start(ctx, opts); err != nil {
		return nil, err
	}
	return p, nil
}

// Workers lists the workers.
func (p *Pool) Workers() []pipeline.Worker {
	workers := make([]pipeline.Worker, len(p.slots))
	for i, s := range p.slots {
		workers[i] = pipeline.Worker{Name: s.name, Account: s.session.account}
	}
	return workers
}

// openTries is how often Open makes new what dies under it.
const openTries = 3

// Open gives the worker its page, alive and logged in.
func (p *Pool) Open(ctx context.Context, worker int) (pipeline.Page, error) {
	var refused *pipeline.LoginError
	var err error
	for range openTries {
		var pg *page
		if pg, err = p.open(ctx, p.slots[worker]); err == nil {
			return pg, nil
		}
		if ctx.Err() != nil || errors.As(err, &refused) {
			return nil, err
		}
		p.opts.Log.WarnContext(ctx, "a page could not be opened, trying again", "worker", p.slots[worker].name, "error", err)
	}
	return nil, fmt.Errorf("opening a page, %d times: %w", openTries, err)
}

func (p *Pool) open(ctx context.Context, sl *slot) (*page, error) {
	m, err := p.running(ctx)
	if err != nil {
		return nil, err
	}
	s := sl.session
	if err := s.gate.lock(ctx); err != nil {
		return nil, err
	}
	defer s.gate.unlock()
	if err := p.renew(ctx, s, m); err != nil {
		return nil, p.suspect(m, err)
	}
	if sl.page == nil || sl.page.machine != m || !sl.page.alive() {
		if sl.page, err = p.newPage(ctx, s, m); err != nil {
			sl.page, s.context = nil, nil
			return nil, p.suspect(m, err)
		}
	}
	if err := p.login(ctx, s, sl.page); err != nil {
		sl.page.Discard()
		sl.page = nil
		return nil, err
	}
	sl.page.gen.Store(s.gen.Load())
	return sl.page, nil
}

// suspect gives the machine up when it does not even open pages any more.
func (p *Pool) suspect(m *machine, err error) error {
	if errors.Is(err, steps.ErrClosed) || errors.Is(err, steps.ErrTimeout) {
		m.kill()
	}
	return err
}

// running gives the browser, started anew when it has died.
func (p *Pool) running(ctx context.Context) (*machine, error) {
	if err := p.gate.lock(ctx); err != nil {
		return nil, err
	}
	defer p.gate.unlock()
	if p.machine != nil && p.machine.alive() {
		return p.machine, nil
	}
	if dead := p.machine; dead != nil {
		p.opts.Log.WarnContext(ctx, "the browser is gone, starting a new one")
		p.machine = nil
		p.closeSoon("closing a dead browser", func() error { return dead.close(context.Background(), p.opts.CloseLimit) })
	}
	m, err := start(ctx, p.opts)
	if err != nil {
		return nil, err
	}
	p.machine = m
	return m, nil
}

func (p *Pool) loggedIn(s *session) {
	s.logins++
	if p.opts.OnLogin != nil {
		p.opts.OnLogin(s.name, s.account)
	}
}

// closeSoon closes something in the background, within the limit.
func (p *Pool) closeSoon(what string, f func() error) {
	p.closing.Add(1)
	go func() {
		defer p.closing.Done()
		_, err := within(context.Background(), 2*p.opts.CloseLimit, what, func() (struct{}, error) { return struct{}{}, f() })
		if err != nil && !errors.Is(err, steps.ErrClosed) {
			p.opts.Log.Debug("a close failed", "error", err)
		}
	}()
}

// Close closes the browser with all its contexts, and the driver.
func (p *Pool) Close(ctx context.Context) error {
	if err := p.gate.lock(ctx); err != nil {
		return fmt.Errorf("closing the browser: %w", err)
	}
	defer p.gate.unlock()
	m := p.machine
	p.machine = nil
	var err error
	if m != nil {
		err = m.close(ctx, p.opts.CloseLimit)
	}
	p.closing.Wait() // each has its limit
	return err
}
