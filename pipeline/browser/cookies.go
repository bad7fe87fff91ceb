package browser

import (
	"context"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"path"
	"strings"
	"time"

	"github.com/playwright-community/playwright-go"
)

// bag holds a session's cookies while a file is asked for beside the browser:
// for its address and where that leads. They go out as the browser has them;
// net/http by itself takes out of a value what it holds for invalid, as quotes.
type bag struct {
	next http.RoundTripper
	jar  *cookiejar.Jar
	// fresh are those that the site has set meanwhile.
	fresh []playwright.OptionalCookie
}

var _ http.RoundTripper = (*bag)(nil)

// newBag takes the cookies of a browser context.
func newBag(ctx context.Context, of playwright.BrowserContext, next http.RoundTripper) (*bag, error) {
	all, err := within(ctx, callLimit, "reading the session's cookies", func() ([]playwright.Cookie, error) { return of.Cookies() })
	if err != nil {
		return nil, err
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	for _, c := range all {
		u := &url.URL{Scheme: "https", Host: strings.TrimPrefix(c.Domain, "."), Path: c.Path}
		one := &http.Cookie{ //nolint:gosec // the site's own cookie, as the site set it
			Name: c.Name, Value: c.Value, Path: c.Path, Secure: c.Secure}
		if strings.HasPrefix(c.Domain, ".") {
			one.Domain = c.Domain
		}
		jar.SetCookies(u, []*http.Cookie{one})
	}
	return &bag{next: next, jar: jar}, nil
}

// RoundTrip asks with the cookies that are the address's.
func (b *bag) RoundTrip(req *http.Request) (*http.Response, error) {
	req = req.Clone(req.Context())
	var pairs []string
	for _, c := range b.jar.Cookies(trusted(req.URL)) {
		pairs = append(pairs, c.Name+"="+raw(c))
	}
	if len(pairs) > 0 {
		req.Header.Set("Cookie", strings.Join(pairs, "; "))
	}
	answer, err := b.next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	set := answer.Cookies()
	b.jar.SetCookies(trusted(req.URL), set)
	for _, c := range set {
		b.fresh = append(b.fresh, forBrowser(c, req.URL))
	}
	return answer, nil
}

// raw is a cookie's value as it was sent.
func raw(c *http.Cookie) string {
	if c.Quoted {
		return `"` + c.Value + `"`
	}
	return c.Value
}

// trusted gives an address under which secure cookies are told: browsers take
// the machine itself for as good as https.
func trusted(u *url.URL) *url.URL {
	ip := net.ParseIP(u.Hostname())
	if u.Scheme != "http" || u.Hostname() != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return u
	}
	safe := *u
	safe.Scheme = "https"
	return &safe
}

// giveBack gives the browser what the site has set, as if it had asked itself:
// some sites change the session's cookie with every answer.
func (b *bag) giveBack(ctx context.Context, to playwright.BrowserContext) {
	if len(b.fresh) == 0 {
		return
	}
	// Without them the session is as it was, and the page finds out if that is
	// not enough.
	_, _ = within(ctx, callLimit, "setting cookies", func() (struct{}, error) { return struct{}{}, to.AddCookies(b.fresh) })
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
