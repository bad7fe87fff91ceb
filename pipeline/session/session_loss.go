package session

import (
	"context"
	_ "embed"
	"encoding/json"
	"net/url"
	"slices"

	"github.com/playwright-community/playwright-go"

	"pipe/pipeline"
	"pipe/pipeline/browser"
	"pipe/steps"
)

// Loss is what shows that a session is gone.
type Loss struct {
	// URL tells so by an address; it may be nil.
	URL func(url string) bool
	// Selectors are plain CSS of what can be seen then, Texts what a page shows,
	// Statuses how the site answers, to whatever its pages ask for.
	Selectors, Texts []string
	Statuses         []int
}

// lossScript looks for the signs in the page itself, and speaks only when it
// has found one.
//
//go:embed session_loss.js
var lossScript string

// lossBinding is what the script calls.
const lossBinding = "__pipe_session_lost"

// watchLoss has the context's pages tell when the session is gone, or the proxy.
func (p *Pool) watchLoss(ctx context.Context, s *session, in *browser.Context) error {
	of, loss := in.Playwright, p.opts.Loss
	if p.opts.Proxies > 1 {
		of.OnRequestFailed(func(r playwright.Request) {
			if err := r.Failure(); err != nil && steps.IsProxyFailure(err) {
				in.FailProxy()
			}
		})
	}
	if len(loss.Statuses) > 0 {
		answered := func(r playwright.Response) {
			if p.opts.refused(r.Status(), r.URL()) {
				var on playwright.Page
				if frame := r.Frame(); frame != nil {
					on = frame.Page()
				}
				s.shown(on)
			}
		}
		if err := steps.RecoverPanics(func() { of.OnResponse(answered) }); err != nil {
			return err
		}
	}
	if len(loss.Selectors)+len(loss.Texts) == 0 {
		return nil
	}
	found := func(from *playwright.BindingSource, _ ...any) any { //nolint:unparam // the page wants no answer
		s.shown(from.Page)
		return nil
	}
	words, err := json.Marshal(map[string][]string{"selectors": loss.Selectors, "texts": loss.Texts})
	if err != nil {
		return err
	}
	return steps.DoWithin(ctx, browser.CallLimit, "watching for a lost session", func() error {
		if err := of.ExposeBinding(lossBinding, found); err != nil {
			return err
		}
		script := "(" + lossScript + ")(" + string(words) + ", " + `"` + lossBinding + `")`
		return of.AddInitScript(playwright.Script{Content: &script})
	})
}

// shown is told that a page shows that its session is gone. One that is not lent
// yet tries a kept login, and is told alone.
func (s *session) shown(pw playwright.Page) {
	login := s.under(pw)
	s.lose(login)
	for _, pg := range s.all() {
		if login == 0 && pg.Playwright() == pw {
			pg.Tell(steps.ErrSessionLost)
		}
	}
}

// under gives the login under which a page was lent, or the page that opened
// it. What comes late of an older login's is no loss of the one after it.
func (s *session) under(pw playwright.Page) int64 {
	for _, pg := range s.all() {
		if pg.Playwright() == pw || pg.Opened(pw) {
			return pg.Login()
		}
	}
	return s.login.Load()
}

// refused tells whether a status at an address is a sign that the session is
// gone: it must be the site's, not that of others whom its pages ask.
func (o *Options) refused(status int, at string) bool {
	return slices.Contains(o.Loss.Statuses, status) && o.ours(at)
}

// ours tells whether an address is the site's, as far as that is known.
func (o *Options) ours(at string) bool {
	if o.BaseURL == "" {
		return true
	}
	base, err := url.Parse(o.BaseURL)
	asked, err2 := url.Parse(at)
	return err == nil && err2 == nil && base.Host == asked.Host
}

// LostAt tells whether an address shows that the session is gone.
func (p *Page) LostAt(url string) bool {
	lost := p.pool.opts.Loss.URL
	return lost != nil && lost(url)
}

// LostBy tells whether a status at an address does.
func (p *Page) LostBy(status int, url string) bool { return p.pool.opts.refused(status, url) }

// ReadsPages tells whether what a page says can show that the session is gone.
func (p *Page) ReadsPages() bool { return len(p.pool.opts.Loss.Texts) > 0 }

// LostIn tells whether a page that came in a file's place does.
func (p *Page) LostIn(page []byte) bool { return p.pool.opts.Loss.reads(page) }

// reads tells whether a page that came in a file's place says that the session
// is gone.
func (l *Loss) reads(page []byte) bool {
	if len(l.Texts) == 0 {
		return false
	}
	text := pipeline.HTMLText(page)
	return slices.ContainsFunc(l.Texts, func(sign string) bool { return steps.ContainsText(text, sign) })
}
