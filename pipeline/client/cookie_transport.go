package client

import (
	"context"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/playwright-community/playwright-go"

	"pipe/steps"
)

// cookieLimit is for the browser to tell its cookies, or to take some.
const cookieLimit = 30 * time.Second

// CookieTransport holds a session's cookies while a file is asked for beside the
// browser: for its address and where that leads. They go out as the browser has
// them; net/http by itself takes out of a value what it holds for invalid, as
// quotes.
type CookieTransport struct {
	next http.RoundTripper
	// jars hold them by how far they go: what goes farther is in each before.
	jars [3]*cookiejar.Jar
	// of says which cookies go where; nil for all of an address's.
	of *Navigation
	// fresh are those that the site has set meanwhile.
	fresh []playwright.OptionalCookie
}

var _ http.RoundTripper = (*CookieTransport)(nil)

// newCookieTransport takes the cookies of a browser context.
func newCookieTransport(ctx context.Context, of playwright.BrowserContext, next http.RoundTripper) (*CookieTransport, error) {
	all, err := steps.CallWithin(ctx, cookieLimit, "reading the session's cookies", func() ([]playwright.Cookie, error) { return of.Cookies() })
	if err != nil {
		return nil, err
	}
	t := &CookieTransport{next: next}
	for i := range t.jars {
		if t.jars[i], err = cookiejar.New(nil); err != nil {
			return nil, err
		}
	}
	for _, c := range all {
		u := &url.URL{Scheme: "https", Host: strings.TrimPrefix(c.Domain, "."), Path: c.Path}
		one := &http.Cookie{ //nolint:gosec // the site's own cookie, as the site set it
			Name: c.Name, Value: c.Value, Path: c.Path, Secure: c.Secure}
		if strings.HasPrefix(c.Domain, ".") {
			one.Domain = c.Domain
		}
		if c.SameSite != nil {
			one.SameSite = sameSites[*c.SameSite]
		}
		t.keep(u, one)
	}
	return t, nil
}

// reach is which cookies a request has, by what they say of other sites.
type reach int

const (
	everySite reach = iota
	crossSite
	crossSiteUnsafe
)

var sameSites = map[playwright.SameSiteAttribute]http.SameSite{
	*playwright.SameSiteAttributeStrict: http.SameSiteStrictMode, *playwright.SameSiteAttributeLax: http.SameSiteLaxMode,
	*playwright.SameSiteAttributeNone: http.SameSiteNoneMode,
}

// keep takes a cookie of an address, in place of one of the same name.
func (t *CookieTransport) keep(u *url.URL, c *http.Cookie) {
	goes := crossSite
	switch c.SameSite {
	case http.SameSiteStrictMode:
		goes = everySite
	case http.SameSiteNoneMode:
		goes = crossSiteUnsafe
	}
	for i, jar := range t.jars {
		one := *c //nolint:gosec // the site's own cookie, as the site set it
		if reach(i) > goes {
			one.MaxAge = -1 // one of its name may have gone farther
		}
		jar.SetCookies(u, []*http.Cookie{&one})
	}
}

// RoundTrip asks with the cookies that are the address's.
func (t *CookieTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	goes := everySite
	if t.of != nil {
		goes = t.of.cookies(req)
	}
	answer, err := t.next.RoundTrip(withCookies(req, t.jars[goes].Cookies(asTrusted(req.URL))))
	if err != nil {
		return nil, err
	}
	set := answer.Cookies()
	for _, c := range set {
		t.keep(asTrusted(req.URL), c)
		t.fresh = append(t.fresh, forBrowser(c, req.URL))
	}
	return answer, nil
}

// withCookies gives a request that has cookies.
func withCookies(req *http.Request, cookies []*http.Cookie) *http.Request {
	req = req.Clone(req.Context())
	var pairs []string
	for _, c := range cookies {
		pairs = append(pairs, c.Name+"="+raw(c))
	}
	if own := req.Header.Get("Cookie"); own != "" {
		pairs = append(without(pairs, own), own)
	}
	if len(pairs) > 0 {
		req.Header.Set("Cookie", strings.Join(pairs, "; "))
	}
	return req
}

// without leaves out the cookies that a request has itself.
func without(pairs []string, own string) []string {
	return slices.DeleteFunc(pairs, func(pair string) bool {
		name, _, _ := strings.Cut(pair, "=")
		for one := range strings.SplitSeq(own, ";") {
			if mine, _, _ := strings.Cut(strings.TrimSpace(one), "="); mine == name {
				return true
			}
		}
		return false
	})
}

// raw is a cookie's value as it was sent.
func raw(c *http.Cookie) string {
	if c.Quoted {
		return `"` + c.Value + `"`
	}
	return c.Value
}

// asTrusted gives an address under which secure cookies are told: browsers take
// the machine itself for as good as https.
func asTrusted(u *url.URL) *url.URL {
	if u.Scheme != "http" || !loopback(u) {
		return u
	}
	safe := *u
	safe.Scheme = "https"
	return &safe
}

// GiveBack gives the browser what the site has set, as if it had asked itself:
// some sites change the session's cookie with every answer.
func (t *CookieTransport) GiveBack(ctx context.Context, to playwright.BrowserContext) {
	if len(t.fresh) == 0 {
		return
	}
	// Without them the session is as it was, and the page finds out if that is
	// not enough.
	_ = steps.DoWithin(ctx, cookieLimit, "setting cookies", func() error { return to.AddCookies(t.fresh) })
}

func forBrowser(c *http.Cookie, from *url.URL) playwright.OptionalCookie {
	domain, under := from.Hostname(), c.Path
	if c.Domain != "" {
		domain = "." + strings.TrimPrefix(c.Domain, ".")
	}
	if !strings.HasPrefix(under, "/") {
		under = path.Dir("/" + strings.TrimPrefix(from.Path, "/"))
	}
	expires := -1.0
	switch {
	case c.MaxAge < 0:
		expires = 1 // long ago: it is taken away
	case c.MaxAge > 0:
		expires = float64(time.Now().Unix() + int64(c.MaxAge))
	case !c.Expires.IsZero():
		expires = max(1, float64(c.Expires.Unix()))
	}
	out := playwright.OptionalCookie{
		Name: c.Name, Value: raw(c), Domain: &domain, Path: &under, Expires: &expires, HttpOnly: &c.HttpOnly, Secure: &c.Secure,
	}
	switch c.SameSite {
	case http.SameSiteLaxMode:
		out.SameSite = playwright.SameSiteAttributeLax
	case http.SameSiteStrictMode:
		out.SameSite = playwright.SameSiteAttributeStrict
	case http.SameSiteNoneMode:
		out.SameSite = playwright.SameSiteAttributeNone
	default: // the browser's own
	}
	return out
}
