package browser

import (
	"context"
	"errors"
	"sync/atomic"

	"github.com/playwright-community/playwright-go"

	"pipe/pipeline"
	"pipe/steps"
)

// LentPage is a page with a login and with what takes its files.
type LentPage struct {
	*Page
	Capture

	pool    *Pool
	session *session
	// login is the one under which the page was lent.
	login atomic.Int64
}

var (
	_ pipeline.Page = (*LentPage)(nil)
	_ steps.Catcher = (*LentPage)(nil)
	_ steps.Asker   = (*LentPage)(nil)
	_ steps.Opener  = (*LentPage)(nil)
)

// newPage opens a page in a context of the session's.
func (p *Pool) newPage(ctx context.Context, s *session, in *Context) (*LentPage, error) {
	page, err := in.NewPage(ctx)
	if err != nil {
		return nil, err
	}
	return p.attach(ctx, s, page)
}

// attach makes a page of the browser's one of the session's.
func (p *Pool) attach(ctx context.Context, s *session, page *Page) (*LentPage, error) {
	pg := &LentPage{Page: page, pool: p, session: s}
	pg.Page.Playwright().OnFrameNavigated(pg.frameNavigated)
	var err error
	if pg.Capture, err = p.opts.Capture(ctx, page, pg); err != nil {
		page.Discard()
		return nil, err
	}
	s.add(pg)
	page.OnDiscard(func() { s.remove(pg) })
	return pg, nil
}

// frameNavigated is told that the page, or a frame in it, shows another document.
// What the page itself shows is known before it is asked for.
func (p *LentPage) frameNavigated(f playwright.Frame) {
	if f != p.Playwright().MainFrame() && p.LostAt(f.URL()) && p.pool.opts.ours(f.URL()) {
		p.loseSession()
	}
}

// loseSession tells the page, and all who work under its login, that it is gone.
func (p *LentPage) loseSession() {
	p.Lose(p.Login())
	p.Tell(steps.ErrLost)
}

// Files takes what the site delivers to this page.
func (p *LentPage) Files() steps.Catcher { return p }

// Login is the number of the login under which the page was lent; 0 is where
// there is none.
func (p *LentPage) Login() int64 { return p.login.Load() }

// Holds tells whether a login is the session's newest, and is not lost.
func (p *LentPage) Holds(login int64) bool { return p.session.holds(login) }

// Lose tells all who work under a login that it is gone.
func (p *LentPage) Lose(login int64) { p.session.lose(login) }

// Lost tells whether the login under which the page was lent is gone.
func (p *LentPage) Lost() bool { return p.session.lost.Load() >= p.Login() && p.Login() > 0 }

// Done says that an attempt for which the page was lent is over.
func (p *LentPage) Done() {
	if !p.Lost() {
		p.session.used.Store(true)
	}
	p.Context.Exit()
}

// DiscardContext gives the page up with its context: the session moves to a new
// one, and the old is closed once nothing is under way in it.
func (p *LentPage) DiscardContext() {
	p.Context.Spoil()
	p.Discard()
}

// openTab is a tab that a step opened on purpose, as a page of its own.
type openTab struct {
	*LentPage
	by *LentPage
}

var _ steps.OpenTab = (*openTab)(nil)

// Open calls open, which makes the page open a tab, and gives that tab. Of
// several, the first counts; the others are the page's strays.
func (p *LentPage) Open(ctx context.Context, open func(context.Context) error) (steps.OpenTab, error) {
	tab, err := p.OpenTab(ctx, open)
	if err != nil {
		return nil, err
	}
	pg, err := p.pool.attach(ctx, p.session, p.Context.Adopt(tab))
	if err != nil {
		return nil, err
	}
	pg.login.Store(p.Login())
	pg.Watch(func(err error) {
		// Steps notice by themselves when their tab closes, and the last may
		// well be what closes it.
		if !errors.Is(err, steps.ErrClosed) {
			p.Tell(err)
		}
	})
	return &openTab{pg, p}, nil
}

// Close closes the tab with its strays, and those that were opened with it.
func (t *openTab) Close(ctx context.Context) error {
	err := errors.Join(t.CloseStrays(ctx), t.by.CloseStrays(ctx))
	t.Discard()
	return err
}
