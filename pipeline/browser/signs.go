package browser

import (
	"context"
	_ "embed"
	"encoding/json"
	"html"
	"net/url"
	"regexp"
	"slices"

	"github.com/playwright-community/playwright-go"

	"pipe/steps"
)

// Signs are what shows that a session is gone, beside an address.
type Signs struct {
	// Selectors are plain CSS of what can be seen then, Texts what a page shows,
	// Statuses how the site answers, to whatever its pages ask for.
	Selectors, Texts []string
	Statuses         []int
}

// lostScript looks for the signs in the page itself, and speaks only when it
// has found one.
//
//go:embed lost.js
var lostScript string

// lostBinding is what the script calls.
const lostBinding = "__pipe_session_lost"

// guard has the context's pages tell when the session is gone, or the proxy.
func (p *Pool) guard(ctx context.Context, s *session, at *lodging) error {
	of, signs := at.context, p.opts.Signs
	if p.opts.Proxies > 1 {
		of.OnRequestFailed(func(r playwright.Request) {
			if err := r.Failure(); err != nil && proxyFailed.MatchString(err.Error()) {
				at.unserved.Store(true)
			}
		})
	}
	if len(signs.Statuses) > 0 {
		answered := func(r playwright.Response) {
			if p.opts.refused(r.Status(), r.URL()) {
				var on playwright.Page
				if frame := r.Frame(); frame != nil {
					on = frame.Page()
				}
				s.lose(s.under(on))
			}
		}
		if err := steps.Calm(func() { of.OnResponse(answered) }); err != nil {
			return err
		}
	}
	if len(signs.Selectors)+len(signs.Texts) == 0 {
		return nil
	}
	found := func(from *playwright.BindingSource, _ ...any) any { //nolint:unparam // the page wants no answer
		s.lose(s.under(from.Page))
		return nil
	}
	words, err := json.Marshal(map[string][]string{"selectors": signs.Selectors, "texts": signs.Texts})
	if err != nil {
		return err
	}
	_, err = within(ctx, callLimit, "watching for a lost session", func() (struct{}, error) {
		if err := of.ExposeBinding(lostBinding, found); err != nil {
			return struct{}{}, err
		}
		script := "(" + lostScript + ")(" + string(words) + ", " + `"` + lostBinding + `")`
		return struct{}{}, of.AddInitScript(playwright.Script{Content: &script})
	})
	return err
}

// proxyFailed is what browsers say of a proxy that does not serve them.
var proxyFailed = regexp.MustCompile(`net::ERR_(PROXY|HTTPS_PROXY|TUNNEL|SOCKS|MANDATORY_PROXY)_`)

// under gives the login under which a page was lent, or the page that opened
// it. What comes late of an older login's is no loss of the one after it.
func (s *session) under(pw playwright.Page) int64 {
	for _, pg := range s.all() {
		if pg.pw == pw || pg.popped(pw) {
			return pg.gen.Load()
		}
	}
	return s.gen.Load()
}

// refused tells whether a status at an address is a sign that the session is
// gone: it must be the site's, not that of others whom its pages ask.
func (o *Options) refused(status int, at string) bool {
	return slices.Contains(o.Signs.Statuses, status) && o.ours(at)
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

var markup = regexp.MustCompile(`(?s)<(script|style)\b.*?</(script|style)>|<[^>]*>`)

// reads tells whether a page that came in a file's place says that the session
// is gone.
func (s *Signs) reads(page []byte) bool {
	if len(s.Texts) == 0 {
		return false
	}
	text := html.UnescapeString(markup.ReplaceAllString(string(page), " "))
	return slices.ContainsFunc(s.Texts, func(sign string) bool { return steps.Holds(text, sign) })
}
