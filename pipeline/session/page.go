package session

import (
	"context"
	"errors"
	"sync/atomic"

	"github.com/playwright-community/playwright-go"

	"pipe/pipeline"
	"pipe/pipeline/browser"
	"pipe/steps"
)

// Page is a page with a login and with what takes its files.
type Page struct {
	*browser.Page
	Capture

	pool    *Pool
	session *session
	turn    *steps.Turn
	// login is the one under which the page was lent.
	login atomic.Int64
	// storage is what the page was given of the login's sessionStorage, fills how
	// often it was shown an empty page for that; they are the session's lock's.
	storage tabStorage
	fills   int
	// busy is true once the page did not answer while an item was under way on it.
	busy atomic.Bool
}

var (
	_ pipeline.Page   = (*Page)(nil)
	_ steps.Capturer  = (*Page)(nil)
	_ steps.Requester = (*Page)(nil)
	_ steps.TabOpener = (*Page)(nil)
)

// newPage opens a page in a context of the session's.
func (p *Pool) newPage(ctx context.Context, s *session, in *browser.Context) (*Page, error) {
	page, err := in.NewPage(ctx)
	if err != nil {
		return nil, err
	}
	return p.attach(ctx, s, page)
}

// attach makes a page of the browser's one of the session's.
func (p *Pool) attach(ctx context.Context, s *session, page *browser.Page) (*Page, error) {
	pg := &Page{Page: page, pool: p, session: s, turn: steps.NewTurn()}
	pg.Page.Playwright().OnFrameNavigated(pg.frameNavigated)
	var err error
	if pg.Capture, err = p.opts.Capture(ctx, page, pg); err != nil {
		page.Discard()
		return nil, err
	}
	s.add(pg)
	page.OnDiscard(func() { s.remove(pg) })
	p.opts.Whenever.attend(pg)
	return pg, nil
}

// frameNavigated is told that the page, or a frame in it, shows another document.
// One that stands for a login may only be passed through.
func (p *Page) frameNavigated(f playwright.Frame) {
	if f == p.Playwright().MainFrame() {
		p.session.visited(f.URL())
	}
	if p.Login() > 0 && p.lostIn(f) {
		p.Context.Browser.Go(func(ctx context.Context) { p.judge(ctx, f) })
	}
}

// lostIn tells whether a frame is where the site wants a login.
func (p *Page) lostIn(f playwright.Frame) bool {
	return p.LostAt(f.URL()) && (f == p.Playwright().MainFrame() || p.pool.opts.ours(f.URL()))
}

// loseSession tells the page, and all who work under its login, that it is gone.
func (p *Page) loseSession() {
	p.Lose(p.Login())
	p.Tell(steps.ErrSessionLost)
}

// Files takes what the site delivers to this page.
func (p *Page) Files() steps.Capturer { return p }

// Turn is that of the page and of its popups.
func (p *Page) Turn() *steps.Turn { return p.turn }

// Exclusives are the names that exclusive steps hold among the pages of its account:
// what a site keeps for a user may be its session's or the account's.
func (p *Page) Exclusives() *steps.Exclusives { return &p.session.account.exclusives }

// Login is the number of the login under which the page was lent; 0 is where
// there is none.
func (p *Page) Login() int64 { return p.login.Load() }

// Holds tells whether a login is the session's newest, and is not lost.
func (p *Page) Holds(login int64) bool { return p.session.holds(login) }

// Lose tells all who work under a login that it is gone.
func (p *Page) Lose(login int64) { p.session.lose(login) }

// Lost tells whether the login under which the page was lent is gone, or the page
// is where the site wants another.
func (p *Page) Lost() bool {
	return p.Login() > 0 && (p.session.lost.Load() >= p.Login() || p.LostAt(p.Playwright().URL()))
}

// BrowserGone tells whether the page's browser is lost, or the connection to it.
func (p *Page) BrowserGone() bool { return p.Context.Browser.Gone() }

// Done says that an attempt for which the page was lent is over.
func (p *Page) Done() {
	if !p.Lost() {
		p.session.used.Store(true)
	}
	p.Context.Exit()
}

// DiscardContext gives the page up with its context: the session moves to a new
// one, and the old is closed once nothing is under way in it.
func (p *Page) DiscardContext() {
	p.Context.Spoil()
	p.Discard()
}

// openTab is a tab that a step opened on purpose, as a page of its own.
type openTab struct {
	*Page
	by *Page
}

var _ steps.OpenTab = (*openTab)(nil)

// Open calls open, which makes the page open a tab, and gives that tab. Of
// several, the first counts; the others are the page's strays.
func (p *Page) Open(ctx context.Context, open func(context.Context) error) (steps.OpenTab, error) {
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
