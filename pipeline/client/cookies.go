package client

import (
	"context"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/playwright-community/playwright-go"

	"pipe/steps"
)

// Cookies are those of a browser context, for all who ask beside it: each has what the
// site has set for any of them. They are told by the browser at Load, and told to it by
// Settle.
type Cookies struct {
	// one holds the loading and the telling to one at a time.
	one sync.Mutex

	mu    sync.Mutex
	jar   *cookiejar.Jar
	fresh []playwright.OptionalCookie
	// told is what the browser has, by name, domain and path.
	told map[string]toldCookie
}

type toldCookie struct {
	value   string
	expires float64
}

// NewCookies gives those of a context of which nothing is known yet.
func NewCookies() (*Cookies, error) {
	jar, err := cookiejar.New(nil)
	return &Cookies{jar: jar, told: map[string]toldCookie{}}, err
}

// Load takes the cookies that the browser has. What the site has set meanwhile, and the
// browser was not told of yet, goes before.
func (c *Cookies) Load(ctx context.Context, of playwright.BrowserContext) error {
	c.one.Lock()
	defer c.one.Unlock()
	all, err := steps.CallWithin(ctx, cookieLimit, "reading the session's cookies", func() ([]playwright.Cookie, error) { return of.Cookies() })
	if err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	now := make(map[string]toldCookie, len(all))
	for _, one := range all {
		id := one.Name + "\x00" + one.Domain + "\x00" + one.Path
		now[id] = toldCookie{one.Value, one.Expires}
		if c.told[id].value == one.Value && c.told[id] != (toldCookie{}) || c.isFresh(id) {
			continue
		}
		c.put(one)
	}
	for id := range c.told {
		if _, there := now[id]; !there && !c.isFresh(id) {
			c.remove(id)
		}
	}
	c.told = now
	return nil
}

func (c *Cookies) put(one playwright.Cookie) {
	u := &url.URL{Scheme: "https", Host: strings.TrimPrefix(one.Domain, "."), Path: one.Path}
	cookie := &http.Cookie{Name: one.Name, Value: one.Value, Path: one.Path, Secure: one.Secure} //nolint:gosec // the site's own cookie, as the site set it
	if strings.HasPrefix(one.Domain, ".") {
		cookie.Domain = one.Domain
	}
	c.jar.SetCookies(u, []*http.Cookie{cookie})
}

// remove takes away what the browser no longer has.
func (c *Cookies) remove(id string) {
	parts := strings.Split(id, "\x00")
	u := &url.URL{Scheme: "https", Host: strings.TrimPrefix(parts[1], "."), Path: parts[2]}
	gone := &http.Cookie{Name: parts[0], Path: parts[2], MaxAge: -1} //nolint:gosec // it is taken away
	if strings.HasPrefix(parts[1], ".") {
		gone.Domain = parts[1]
	}
	c.jar.SetCookies(u, []*http.Cookie{gone})
}

func idOf(c playwright.OptionalCookie) string { return c.Name + "\x00" + *c.Domain + "\x00" + *c.Path }

func (c *Cookies) isFresh(id string) bool {
	return slices.ContainsFunc(c.fresh, func(f playwright.OptionalCookie) bool { return idOf(f) == id })
}

// longer is by how much a cookie must last longer for the browser to be told of that alone.
const longer = time.Minute

// set takes what the site has set.
func (c *Cookies) set(at *url.URL, all []*http.Cookie) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.jar.SetCookies(asTrusted(at), all)
	for _, one := range all {
		f := forBrowser(one, at)
		id := idOf(f)
		known, told := c.told[id]
		if told && known.value == f.Value && *f.Expires-known.expires < longer.Seconds() && *f.Expires != 1 {
			continue
		}
		c.fresh = append(slices.DeleteFunc(c.fresh, func(g playwright.OptionalCookie) bool { return idOf(g) == id }), f)
	}
}

// Settle tells the browser what the site has set, as if the browser had asked itself.
func (c *Cookies) Settle(ctx context.Context, to playwright.BrowserContext) {
	c.mu.Lock()
	none := len(c.fresh) == 0
	c.mu.Unlock()
	if none {
		return
	}
	c.one.Lock()
	defer c.one.Unlock()
	c.mu.Lock()
	all := slices.Clone(c.fresh)
	c.mu.Unlock()
	// Without them the session is as it was, and who asks next finds out if that is not
	// enough.
	if steps.DoWithin(ctx, cookieLimit, "setting cookies", func() error { return to.AddCookies(all) }) != nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, f := range all {
		c.fresh = slices.DeleteFunc(c.fresh, func(g playwright.OptionalCookie) bool { return idOf(g) == idOf(f) && g.Value == f.Value })
		c.told[idOf(f)] = toldCookie{f.Value, *f.Expires}
	}
}

// Forget gives up what the site has set and the browser was not told of: it was set with a
// session that is gone.
func (c *Cookies) Forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.fresh, c.told = nil, map[string]toldCookie{}
	c.jar, _ = cookiejar.New(nil)
}

// sharedCookies sends requests with shared cookies.
type sharedCookies struct {
	next http.RoundTripper
	of   *Cookies
}

func (s *sharedCookies) RoundTrip(req *http.Request) (*http.Response, error) {
	s.of.mu.Lock()
	pairs := s.of.jar.Cookies(asTrusted(req.URL))
	s.of.mu.Unlock()
	answer, err := s.next.RoundTrip(withCookies(req, pairs))
	if err == nil {
		s.of.set(req.URL, answer.Cookies())
	}
	return answer, err
}
