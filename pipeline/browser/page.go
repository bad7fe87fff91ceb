package browser

import (
	"context"
	"errors"
	"fmt"
	"pipe/pipeline"
	"pipe/steps"
	"sync"
	"sync/atomic"

	"github.com/playwright-community/playwright-go"
)

// page is a page of the pool.
type page struct {
	pool    *Pool
	session *session
	machine *machine
	pw      playwright.Page
	// target is the page's id in the DevTools protocol, which is also that of
	// its main frame.
	target string
	// gen is the login under which the page was lent.
	gen atomic.Int64

	mu    sync.Mutex
	catch *catch
	watch func(error)
	dead  chan struct{}
	die   sync.Once
}

var (
	_ pipeline.Page = (*page)(nil)
	_ steps.Catcher = (*page)(nil)
)

// newPage opens a page in the session's context and shows it to the tap.
func (p *Pool) newPage(ctx context.Context, s *session, m *machine) (*page, error) {
	pw, err := within(ctx, callLimit, "opening a page", func() (playwright.Page, error) { return s.context.NewPage() })
	if err != nil {
		return nil, err
	}
	pg := &page{pool: p, session: s, machine: m, pw: pw, dead: make(chan struct{})}
	pw.OnClose(func(playwright.Page) { pg.kill() })
	pw.OnCrash(func(playwright.Page) { pg.kill() })
	pw.OnDownload(pg.downloaded)
	if pg.target, err = targetOf(ctx, s.context, pw); err != nil {
		p.closeSoon("closing a page", func() error { return pw.Close() })
		return nil, err
	}
	m.tap.add(pg)
	if s.agent == "" {
		s.agent, err = within(ctx, callLimit, "reading the user agent", func() (string, error) {
			v, err := pw.Evaluate("navigator.userAgent")
			return str(v), err
		})
	}
	return pg, err
}

func targetOf(ctx context.Context, of playwright.BrowserContext, pw playwright.Page) (string, error) {
	return within(ctx, callLimit, "finding the page's target", func() (string, error) {
		cdp, err := of.NewCDPSession(pw)
		if err != nil {
			return "", err
		}
		answer, err := cdp.Send("Target.getTargetInfo", map[string]any{})
		return str(fieldsOf(fieldsOf(answer)["targetInfo"])["targetId"]), errors.Join(err, cdp.Detach())
	})
}

func (p *page) kill() {
	p.die.Do(func() { close(p.dead) })
	p.tell(steps.ErrClosed)
}

// Watch tells what goes wrong on the page, as soon as the browser knows it.
func (p *page) Watch(tell func(error)) func() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.watch = tell
	return func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.watch = nil
	}
}

func (p *page) tell(err error) {
	p.mu.Lock()
	tell := p.watch
	p.mu.Unlock()
	if tell != nil {
		tell(err)
	}
}

func (p *page) alive() bool {
	select {
	case <-p.dead:
		return false
	default:
		return p.machine.alive()
	}
}

// Playwright is the page itself.
func (p *page) Playwright() playwright.Page { return p.pw }

// Files takes what the site delivers to this page.
func (p *page) Files() steps.Catcher { return p }

// Lost tells whether the login under which the page was lent is gone.
func (p *page) Lost() bool { return p.session.lostGen.Load() >= p.gen.Load() && p.gen.Load() > 0 }

func (p *page) sessionLost() {
	p.session.markLost(p.gen.Load())
	p.tell(steps.ErrLost)
}

// CloseStrays closes the tabs that this page opened and no delivery needs.
func (p *page) CloseStrays(ctx context.Context) error {
	var failed error
	for _, id := range p.machine.tap.strays(p) {
		_, err := within(ctx, p.pool.opts.CloseLimit, "closing a stray tab", func() (struct{}, error) {
			return struct{}{}, p.machine.tap.closeTab(ctx, id)
		})
		// A tab that closed itself meanwhile is what is wanted.
		if err != nil && p.machine.tap.has(id) {
			failed = errors.Join(failed, err)
		}
	}
	return failed
}

// Discard gives the page up.
func (p *page) Discard() {
	p.kill()
	p.machine.tap.remove(p)
	p.pool.closeSoon("closing a page", func() error { return p.pw.Close() })
}

// session is one browser context and its login.
type session struct {
	name    string
	account int
	gate    gate

	// The fields below are the gate's.
	machine *machine
	context playwright.BrowserContext
	agent   string
	logins  int

	// gen counts the logins, from 1; lostGen is the newest that is gone.
	gen, lostGen atomic.Int64
}

// markLost notes that a login is gone; an older one's loss means nothing.
func (s *session) markLost(gen int64) {
	for {
		was := s.lostGen.Load()
		if gen <= was || s.lostGen.CompareAndSwap(was, gen) {
			return
		}
	}
}

// renew makes sure that the session's context is there, in this browser.
func (p *Pool) renew(ctx context.Context, s *session, m *machine) error {
	if s.machine == m && s.context != nil {
		return nil
	}
	opts := playwright.BrowserNewContextOptions{}
	if p.opts.BaseURL != "" {
		opts.BaseURL = &p.opts.BaseURL
	}
	made, err := within(ctx, callLimit, "opening a browser context", func() (playwright.BrowserContext, error) { return m.browser.NewContext(opts) })
	if err != nil {
		return err
	}
	s.machine, s.context, s.agent = m, made, ""
	s.markLost(s.gen.Load())
	return nil
}

// loginTries is how often a login is tried before the run gives up, with a
// refusal and with an error of the network alike.
const loginTries = 2

// login logs the session in on the page, unless it is.
func (p *Pool) login(ctx context.Context, s *session, pg *page) error {
	if p.opts.Login == nil || s.gen.Load() > s.lostGen.Load() {
		return nil
	}
	var err error
	for try := 0; try < loginTries; try++ {
		err = p.opts.Login(ctx, pg, s.account)
		if err == nil {
			s.gen.Add(1)
			p.loggedIn(s)
			return nil
		}
		if ctx.Err() != nil || !pg.alive() {
			return err
		}
	}
	return &pipeline.LoginError{Account: s.account, Err: fmt.Errorf("%w (tried %d times)", err, loginTries)}
}
