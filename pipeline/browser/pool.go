package browser

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/playwright-community/playwright-go"

	"pipe/pipeline"
	"pipe/steps"
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
	// Accounts are those over which the contexts are spread; none counts as one.
	Accounts []pipeline.Account
	// Block names what pages need not load: image, font, media, stylesheet.
	Block []string
	// BaseURL is what relative addresses are relative to.
	BaseURL string
	// Context gives what a context of an account is opened with; turn counts up
	// where another proxy is to be taken, of which there are Proxies. It may be
	// nil.
	Context func(account, turn int) (playwright.BrowserNewContextOptions, error)
	Proxies int
	// Login logs a page's context in; nil when the site needs none. Resume tries
	// a login that was kept; without it none is. Logout ends a session at the
	// end; it may be nil.
	Login, Resume, Logout pipeline.Act
	// Tries is how often an account may fail to log in; the default is 2.
	Tries int
	// StateDir is where logins are kept for the next run; "" keeps none.
	StateDir string
	// Frozen leaves the logins that are kept as they are: they are used, and none
	// is added.
	Frozen bool
	// OnLogin is told each login that worked, OnRefused each account that is
	// given up; they may be nil.
	OnLogin   func(session string, account int)
	OnRefused func(session string, account int, err error)
	// Lost tells whether an address shows that the session is gone; nil when
	// there is no such sign.
	Lost func(url string) bool
	// Signs are further signs that the session is gone.
	Signs Signs
	// Recycle says when contexts and browsers are made new.
	Recycle Recycle
	// Processes is where the processes that were started are written down, for
	// [Sweep]; "" is nowhere.
	Processes string
	// Downloads is where the pool makes a folder of its own for what browsers
	// download until it is taken; "" means the system's folder for such files.
	Downloads string
	// CloseLimit bounds each close; the default is 5 s.
	CloseLimit time.Duration
	// Log is told what was made new; the default discards it.
	Log *slog.Logger
}

// Recycle bounds the life of contexts and browsers. Zero is without bound.
type Recycle struct {
	// Context and Browser count items, Memory is in bytes, of a browser and its
	// driver.
	Context, Browser int
	Memory           int64
}

// Pool lends the pages. It implements [pipeline.Pages].
type Pool struct {
	opts     Options
	accounts []*account
	sessions []*session
	slots    []*slot

	gate gate
	// The fields below are the gate's.
	machine  *machine
	renewing bool
	shut     bool

	closing sync.WaitGroup
	// life ends when the pool is closed.
	life context.Context //nolint:containedctx // of what the pool does by itself
	end  context.CancelFunc

	mu      sync.Mutex
	running map[*machine]bool
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
	opts.Contexts, opts.Pages, opts.Tries = max(opts.Contexts, 1), max(opts.Pages, 1), cmp.Or(opts.Tries, 2)
	if opts.CloseLimit <= 0 {
		opts.CloseLimit = 5 * time.Second
	}
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	if len(opts.Accounts) == 0 {
		opts.Accounts = []pipeline.Account{{ID: "default", Name: "the account"}}
	}
	p := &Pool{opts: opts, gate: newGate(), running: map[*machine]bool{}}
	p.life, p.end = context.WithCancel(context.WithoutCancel(ctx))
	for i, a := range opts.Accounts {
		p.accounts = append(p.accounts, &account{index: i, name: a.Name, gate: newGate(), quarantined: make(chan struct{})})
	}
	for c := range opts.Contexts {
		of := c % len(opts.Accounts)
		s := &session{name: fmt.Sprintf("c%d", c+1), account: p.accounts[of], gate: newGate(), turn: c, pages: map[*page]bool{}}
		if opts.StateDir != "" && opts.Resume != nil {
			s.path = filepath.Join(opts.StateDir, fmt.Sprintf("%s-%d.json", opts.Accounts[of].ID, c/len(opts.Accounts)+1))
		}
		p.sessions = append(p.sessions, s)
	}
	// Page 1 of every context goes first, so that a short run uses them all.
	for n := range opts.Pages {
		for _, s := range p.sessions {
			p.slots = append(p.slots, &slot{name: fmt.Sprintf("%sp%d", s.name, n+1), session: s})
		}
	}
	var err error
	if p.opts.Downloads, err = downloads(opts.Downloads); err != nil {
		return nil, err
	}
	if p.machine, err = p.start(ctx, nil); err != nil {
		p.end()
		return nil, errors.Join(err, os.RemoveAll(p.opts.Downloads))
	}
	return p, nil
}

// downloads makes a folder of its own in a folder that need not be there yet.
func downloads(in string) (string, error) {
	if in != "" {
		if err := os.MkdirAll(in, 0o750); err != nil {
			return "", fmt.Errorf("making a folder for downloads: %w", err)
		}
	}
	dir, err := os.MkdirTemp(in, "downloads-*")
	if err != nil {
		return "", fmt.Errorf("making a folder for downloads: %w", err)
	}
	return dir, nil
}

// Workers lists the workers.
func (p *Pool) Workers() []pipeline.Worker {
	workers := make([]pipeline.Worker, len(p.slots))
	for i, s := range p.slots {
		workers[i] = pipeline.Worker{Name: s.name, Context: s.session.name, Account: s.session.account.index}
	}
	return workers
}

// openTries is how often Open makes new what dies under it.
const openTries = 3

// Open gives the worker its page, alive and logged in.
func (p *Pool) Open(ctx context.Context, worker int) (pipeline.Page, error) {
	var (
		refused *pipeline.LoginError
		starts  *pipeline.StartError
	)
	sl := p.slots[worker]
	var err error
	for range openTries {
		var pg *page
		if pg, err = p.open(ctx, sl); err == nil {
			return pg, nil
		}
		if ctx.Err() != nil || errors.As(err, &refused) || unreachable(err) {
			return nil, err
		}
		p.opts.Log.WarnContext(ctx, "a page could not be opened, trying again", "worker", sl.name, "error", err)
	}
	if errors.As(err, &starts) {
		return nil, err
	}
	return nil, fmt.Errorf("opening a page, %d times: %w", openTries, err)
}

func (p *Pool) open(ctx context.Context, sl *slot) (*page, error) {
	s := sl.session
	if err := s.account.out(); err != nil {
		return nil, err
	}
	m, err := p.current(ctx)
	if err != nil {
		return nil, err
	}
	if err := s.gate.lock(ctx); err != nil {
		return nil, err
	}
	defer s.gate.unlock()
	if err := p.lodge(ctx, s, m); err != nil {
		return nil, p.suspect(m, err)
	}
	// One whose session was lost may still be on its way to where the site sends it.
	if sl.page != nil && (sl.page.lodging != s.home || !sl.page.alive() || sl.page.Lost()) {
		sl.page.Discard()
		sl.page = nil
	}
	if sl.page == nil {
		if sl.page, err = p.newPage(ctx, s, s.home); err != nil {
			sl.page = nil
			if s.home.lent == 0 {
				err = p.suspect(m, err)
			}
			p.leave(ctx, s)
			return nil, err
		}
	}
	if err := p.enter(ctx, s, sl.page); err != nil {
		sl.page.Discard()
		sl.page = nil
		if s.account.out() != nil || unreachable(err) {
			p.leave(ctx, s)
		}
		return nil, err
	}
	sl.page.gen.Store(s.gen.Load())
	s.home.lent++
	s.home.uses.enter()
	p.lent(ctx, m)
	return sl.page, nil
}

// suspect gives the browser up when not even a new context is of use in it.
func (p *Pool) suspect(m *machine, err error) error {
	if errors.Is(err, steps.ErrClosed) || errors.Is(err, steps.ErrTimeout) {
		m.kill()
	}
	return err
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
