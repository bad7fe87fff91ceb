package session

import (
	"context"
	"errors"
	"net/http"

	"github.com/playwright-community/playwright-go"

	"pipe/pipeline"
	"pipe/pipeline/client"
)

// StaticPage is a page without a browser.
type StaticPage interface {
	playwright.Page
	// Begin has it show nothing, for work that ends with ctx.
	Begin(ctx context.Context)
}

// OpenStatic gives the worker a page without a browser, under its session's login. A page
// in the browser is opened for a login alone.
func (p *Pool) OpenStatic(ctx context.Context, worker int) (pipeline.Page, error) {
	sl := p.slots[worker]
	return p.tried(ctx, sl, func() (*Page, error) { return p.openStatic(ctx, sl) })
}

func (p *Pool) openStatic(ctx context.Context, sl *slot) (*Page, error) {
	s := sl.session
	b, unlock, err := p.begin(ctx, sl)
	if err != nil {
		return nil, err
	}
	defer unlock()
	if s.home.UserAgent == "" || p.opts.Login != nil && !s.valid() {
		if err := p.loginApart(ctx, s); err != nil {
			return nil, err
		}
	}
	if s.cookies == nil || s.cookiesOf != s.home {
		if s.cookies, err = client.NewCookies(); err != nil {
			return nil, err
		}
		s.cookiesOf = s.home
	}
	if err := s.cookies.Load(ctx, s.home.Playwright); err != nil {
		return nil, suspect(b, err)
	}
	if sl.static == nil || sl.static.Context != s.home || !sl.static.Alive() || sl.static.cookies != s.cookies {
		if sl.static != nil {
			sl.static.Discard()
		}
		sl.static = p.newStatic(s)
	}
	sl.static.page.Begin(ctx)
	sl.static.login.Store(s.login.Load())
	s.served++
	s.home.Enter()
	b.CountItem()
	return &sl.static.Page, nil
}

// loginApart logs the session in by a page of its own, which is closed again.
func (p *Pool) loginApart(ctx context.Context, s *session) error {
	pg, err := p.newPage(ctx, s, s.home)
	if err != nil {
		p.leaveContext(ctx, s)
		return err
	}
	defer pg.Discard()
	if s.valid() || s.resumed {
		err = p.shareStorage(ctx, s, pg)
	}
	if err == nil {
		err = p.ensureLogin(ctx, s, pg, false)
	}
	if err != nil && (s.account.out() != nil || isUnreachable(err)) {
		p.leaveContext(ctx, s)
	}
	return err
}

// staticPage is a worker's page without a browser.
type staticPage struct {
	Page

	page    StaticPage
	cookies *client.Cookies
}

// newStatic makes a page without a browser one of the session's.
func (p *Pool) newStatic(s *session) *staticPage {
	pg := &staticPage{Page: Page{pool: p, session: s}, cookies: s.cookies}
	pg.page, pg.Capture = p.opts.Static(pg)
	pg.Page.Page = s.home.Adopt(pg.page)
	s.add(&pg.Page)
	pg.OnDiscard(func() { s.remove(&pg.Page) })
	return pg
}

// Send sends a request as a page of the session's would.
func (p *staticPage) Send(ctx context.Context, r *client.Request) (*http.Response, error) {
	r.UserAgent = p.Context.UserAgent
	answer, err := r.DoWith(ctx, p.cookies, p.Context.Transport)
	if errors.Is(err, client.ErrProxy) {
		p.Context.FailProxy()
	}
	return answer, pipeline.CertificateFault(err)
}

// Settle gives the browser what the site has set, while the session holds.
func (p *staticPage) Settle(ctx context.Context) {
	if p.Holds(p.Login()) {
		p.cookies.Settle(ctx, p.Context.Playwright)
	}
}

// Signs are what shows on a page that the session is gone.
func (p *staticPage) Signs() (selectors, texts []string) {
	return p.pool.opts.Loss.Selectors, p.pool.opts.Loss.Texts
}

// LoseSession tells all who work under the login that it is gone.
func (p *staticPage) LoseSession() {
	p.cookies.Forget()
	p.loseSession()
}

// StaticSession is the login under which a page without a browser works, as its room and
// that of its files need it.
type StaticSession interface {
	Send(ctx context.Context, r *client.Request) (*http.Response, error)
	Settle(ctx context.Context)
	Signs() (selectors, texts []string)
	LoseSession()
	Login() int64
	Holds(login int64) bool
	Lose(login int64)
	LostAt(url string) bool
	LostBy(status int, url string) bool
	ReadsPages() bool
	LostIn(page []byte) bool
	CertificateFault(ctx context.Context, at string) error
}

var _ StaticSession = (*staticPage)(nil)
