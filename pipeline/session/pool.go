package session

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/semaphore"

	"pipe/pipeline"
	"pipe/pipeline/browser"
	"pipe/steps"
)

// Pool lends the pages. It implements [pipeline.Pages].
type Pool struct {
	opts     Options
	log      *slog.Logger
	browsers *browser.Supervisor
	accounts []*account
	sessions []*session
	slots    []*slot
	homes    homes
	proofs   proofs
	// untaken is a certificate of any of the site's hosts that is not taken.
	untaken atomic.Pointer[error]
	// behind is true once a page could not be made ready ahead of its items.
	behind atomic.Bool
	// refusals guards the file of the logins that were refused.
	refusals sync.Mutex
}

// slot is a worker's place; one goroutine at a time uses it.
type slot struct {
	name    string
	session *session
	page    *Page
	// static is its page without a browser, nil for none.
	static *staticPage
}

var _ pipeline.Pages = (*Pool)(nil)

// Launch starts the driver and the browser, and waits until they are there.
func Launch(ctx context.Context, opts Options) (*Pool, error) {
	p, err := Start(ctx, opts)
	if err != nil {
		return nil, err
	}
	if err := p.Started(ctx); err != nil {
		return nil, errors.Join(err, p.Close(context.WithoutCancel(ctx)))
	}
	return p, nil
}

// Start begins to start the driver and the browser, for which Started and Open wait.
// Contexts and pages are opened, and logged in, when they are first asked for. The
// pool is to be closed, whether the browser starts or not.
func Start(ctx context.Context, opts Options) (*Pool, error) {
	opts.Contexts, opts.Pages, opts.Tries = max(opts.Contexts, 1), max(opts.Pages, 1), cmp.Or(opts.Tries, 2)
	if opts.Browser.CloseLimit <= 0 {
		opts.Browser.CloseLimit = 5 * time.Second
	}
	opts.CloseLimit = cmp.Or(opts.CloseLimit, 30*time.Second)
	if opts.Browser.Log == nil {
		opts.Browser.Log = slog.New(slog.DiscardHandler)
	}
	if opts.Redact == nil {
		opts.Redact = func(text string) string { return text }
	}
	if len(opts.Accounts) == 0 {
		opts.Accounts = []pipeline.Account{{ID: "default", Name: "the account"}}
	}
	p := &Pool{opts: opts, log: opts.Browser.Log}
	for i, a := range opts.Accounts {
		p.accounts = append(p.accounts, &account{index: i, name: a.Name, id: a.ID, credentials: a.Credentials, lock: semaphore.NewWeighted(1), quarantined: make(chan struct{})})
	}
	for c := range opts.Contexts {
		of := c % len(opts.Accounts)
		s := &session{name: fmt.Sprintf("c%d", c+1), account: p.accounts[of], report: opts.Report, lock: semaphore.NewWeighted(1), turn: c, pages: map[*Page]bool{}, origins: map[string]bool{}}
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
	launch := opts.Browser
	launch.Recycle.MinItems = 5 * len(p.slots)
	if !opts.renews() {
		launch.Recycle = browser.Recycle{}
	}
	var err error
	if p.browsers, err = browser.Start(ctx, launch); err != nil {
		return nil, err
	}
	return p, nil
}

// Started waits until the browser is there, and gives the error when there is none.
func (p *Pool) Started(ctx context.Context) error { return p.browsers.Started(ctx) }

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
	sl := p.slots[worker]
	return p.tried(ctx, sl, func() (*Page, error) { return p.open(ctx, sl, false) })
}

// tried opens a page, again where something dies under it.
func (p *Pool) tried(ctx context.Context, sl *slot, open func() (*Page, error)) (pipeline.Page, error) {
	var (
		refused *pipeline.LoginError
		starts  *pipeline.StartError
		untaken *pipeline.CertificateError
	)
	var err error
	for range openTries {
		var pg *Page
		if pg, err = open(); err == nil {
			return pg, nil
		}
		if err = pipeline.CertificateFault(err); errors.As(err, &untaken) {
			return nil, err
		}
		if ctx.Err() != nil || errors.As(err, &refused) || isUnreachable(err) {
			return nil, err
		}
		p.log.WarnContext(ctx, "a page could not be opened, trying again", "worker", sl.name, "error", err)
	}
	if errors.As(err, &starts) {
		return nil, err
	}
	return nil, fmt.Errorf("opening a page, %d times: %w", openTries, err)
}

// begin makes sure that a worker's session has a context, and holds its lock until unlock.
func (p *Pool) begin(ctx context.Context, sl *slot) (b *browser.Browser, unlock func(), err error) {
	s := sl.session
	if untaken := p.untaken.Load(); untaken != nil {
		return nil, nil, *untaken
	}
	if err := s.account.out(); err != nil {
		return nil, nil, err
	}
	if b, err = p.browsers.Current(ctx); err != nil {
		return nil, nil, err
	}
	if err := s.lock.Acquire(ctx, 1); err != nil {
		return nil, nil, err
	}
	if err := p.ensureContext(ctx, s, b); err != nil {
		s.lock.Release(1)
		return nil, nil, suspect(b, err)
	}
	return b, func() { s.lock.Release(1) }, nil
}

// open makes the worker's page ready: alive and logged in. ahead is for a page that no
// item waits for yet.
func (p *Pool) open(ctx context.Context, sl *slot, ahead bool) (*Page, error) {
	s := sl.session
	b, unlock, err := p.begin(ctx, sl)
	if err != nil {
		return nil, err
	}
	defer unlock()
	// One whose session was lost may still be on its way to where the site sends it.
	if sl.page != nil && (sl.page.Context != s.home || !sl.page.Alive() || sl.page.Lost()) {
		sl.page.Discard()
		sl.page = nil
	}
	if sl.page == nil {
		if sl.page, err = p.newPage(ctx, s, s.home); err != nil {
			sl.page = nil
			if s.served == 0 {
				err = suspect(b, err)
			}
			p.leaveContext(ctx, s)
			return nil, err
		}
	}
	err = nil
	if s.valid() || s.resumed {
		err = p.shareStorage(ctx, s, sl.page)
	}
	if err == nil {
		err = p.ensureLogin(ctx, s, sl.page, ahead)
	}
	if err != nil {
		sl.page.Discard()
		sl.page = nil
		if s.account.out() != nil || isUnreachable(err) {
			p.leaveContext(ctx, s)
		}
		return nil, err
	}
	sl.page.login.Store(s.login.Load())
	if !ahead {
		s.served++
		s.home.Enter()
		b.CountItem()
	}
	return sl.page, nil
}

// suspect gives the browser up when not even a new context is of use in it.
func suspect(b *browser.Browser, err error) error {
	if errors.Is(err, steps.ErrClosed) || errors.Is(err, steps.ErrTimeout) {
		b.Kill()
	}
	return err
}

// Worked says that an item came through.
func (p *Pool) Worked() { p.browsers.Worked() }

// Close logs out where the spec says so, keeps the logins where it does not,
// and closes the browser with all its contexts, and the driver. Each of these has
// its time: a logout that hangs leaves the rest theirs.
func (p *Pool) Close(ctx context.Context) error {
	p.browsers.StopRenewal()
	p.opts.Whenever.tell(ctx)
	var err error
	for _, part := range []func(context.Context){
		p.logoutAll, p.keepAll,
		func(ctx context.Context) { err = p.browsers.Close(ctx) },
		func(ctx context.Context) { p.each(func(s *session) { s.closeIdle(ctx) }) },
	} {
		within(ctx, p.opts.CloseLimit, part)
	}
	return err
}

func within(ctx context.Context, limit time.Duration, f func(context.Context)) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	f(ctx)
}

// each does something for every session at once.
func (p *Pool) each(f func(s *session)) {
	var done sync.WaitGroup
	for _, s := range p.sessions {
		done.Go(func() { f(s) })
	}
	done.Wait()
}
