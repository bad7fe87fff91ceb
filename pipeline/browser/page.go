package browser

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"

	"github.com/playwright-community/playwright-go"

	"pipe/pipeline"
	"pipe/steps"
)

// page is a page of the pool.
type page struct {
	pool    *Pool
	session *session
	machine *machine
	lodging *lodging
	pw      playwright.Page
	// target is the page's id in the DevTools protocol, which is also that of
	// its main frame.
	target string
	// gen is the login under which the page was lent.
	gen atomic.Int64

	// ears listen for what comes to the page itself.
	ears *ears

	// opens is set while a step opens a tab on purpose.
	opens atomic.Pointer[opening]

	mu    sync.Mutex
	catch *catch
	// want is what the page listens, or listened, for last.
	want steps.Wanted
	// group is the file that tabs bring which the page opened since.
	group  *tabDelivery
	popups []*popup
	watch  func(error)
	dead   chan struct{}
	die    sync.Once
	// closed holds the page's close to one: Playwright's Go port has no lock
	// around it.
	closed sync.Once
}

var (
	_ pipeline.Page = (*page)(nil)
	_ steps.Catcher = (*page)(nil)
)

// newPage opens a page in a context of the session's and shows it to the tap.
func (p *Pool) newPage(ctx context.Context, s *session, at *lodging) (*page, error) {
	pw, err := within(ctx, callLimit, "opening a page", func() (playwright.Page, error) { return at.context.NewPage() })
	if err != nil {
		return nil, err
	}
	pg, err := p.attach(ctx, s, at, pw)
	if err != nil {
		return nil, err
	}
	if at.agent == "" {
		at.agent, err = within(ctx, callLimit, "reading the user agent", func() (string, error) {
			v, err := pw.Evaluate("navigator.userAgent")
			return str(v), err
		})
	}
	if err != nil {
		pg.Discard()
		return nil, err
	}
	return pg, nil
}

// attach listens to a page that Playwright has opened, and shows it to the tap.
func (p *Pool) attach(ctx context.Context, s *session, at *lodging, pw playwright.Page) (*page, error) {
	pg := &page{pool: p, session: s, machine: at.machine, lodging: at, pw: pw, dead: make(chan struct{})}
	pw.OnClose(func(playwright.Page) { pg.kill() })
	pw.OnCrash(func(playwright.Page) { pg.kill() })
	pw.OnDownload(pg.downloaded)
	pw.OnFrameNavigated(pg.framed)
	var err error
	if pg.ears, err = newEars(ctx, pw); err != nil {
		p.closeSoon("closing a page", func() error { return pw.Close() })
		return nil, err
	}
	pg.target = pg.ears.frame
	pw.OnPopup(pg.opened)
	at.machine.tap.add(pg)
	s.add(pg)
	return pg, nil
}

// framed is told that the page, or a frame in it, shows another document. The
// tap knows of the page's own before they are asked for.
func (p *page) framed(f playwright.Frame) {
	opts := &p.pool.opts
	if f != p.pw.MainFrame() && opts.Lost != nil && opts.Lost(f.URL()) && opts.ours(f.URL()) {
		p.sessionLost()
	}
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
	p.session.lose(p.gen.Load())
	p.tell(steps.ErrLost)
}

// Done says that an attempt for which the page was lent is over.
func (p *page) Done() {
	if !p.Lost() {
		p.session.used.Store(true)
	}
	p.lodging.uses.exit()
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

// DiscardContext gives the page up with its context: the session moves to a new
// one, and the old is closed once nothing is under way in it.
func (p *page) DiscardContext() {
	p.lodging.spoiled.Store(true)
	p.Discard()
}

// Discard gives the page up; a second time it does nothing.
func (p *page) Discard() {
	p.kill()
	p.closed.Do(func() {
		p.machine.tap.remove(p)
		p.session.remove(p)
		p.pool.closeSoon("closing a page", func() error { return p.pw.Close() })
	})
}
