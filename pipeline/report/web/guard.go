package web

import (
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// ErrBusy is a run that cannot be begun because another one is under way.
var ErrBusy = errors.New("a run of this spec is under way")

// NewToken makes a token that nobody can guess.
func NewToken() string { return rand.Text() }

// guard lets requests in.
type guard struct {
	token string
	// hosts are the values of Host that are let in; none is any: away from the loopback
	// interface the server may have any name, and a name that somebody else has made lead
	// here brings no cookie with it.
	hosts []string
	// cookie is the token's, by the port: cookies are for all ports of a host.
	cookie string
	cross  *http.CrossOriginProtection
	next   http.Handler
}

func newGuard(addr net.Addr, token string, next http.Handler) *guard {
	_, port, _ := net.SplitHostPort(addr.String())
	g := &guard{token: token, cookie: "pipe_" + port, cross: http.NewCrossOriginProtection(), next: next}
	if tcp, is := addr.(*net.TCPAddr); is && tcp.IP.IsLoopback() {
		for _, name := range []string{"localhost", "127.0.0.1", "::1", tcp.IP.String()} {
			g.hosts = append(g.hosts, net.JoinHostPort(name, port))
		}
	}
	return g
}

// policy is that of pages: what is ours alone, nothing inline, and texts that never
// become markup.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
	"frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"

// ServeHTTP lets in what comes from the user's own browser.
func (g *guard) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
	switch {
	case len(g.hosts) > 0 && !slices.Contains(g.hosts, strings.ToLower(r.Host)):
		refuse(w, r, http.StatusMisdirectedRequest, "this server is not "+r.Host)
	case g.foreign(r):
		refuse(w, r, http.StatusForbidden, "another site asks for this")
	case r.URL.Query().Has("token"):
		g.admit(w, r)
	case !g.known(r):
		refuse(w, r, http.StatusUnauthorized, "the token is missing: open the address that pipe has printed")
	default:
		g.next.ServeHTTP(w, r)
	}
}

// refuse answers in the way of what was asked for.
func refuse(w http.ResponseWriter, r *http.Request, status int, text string) {
	if isData(r.URL.Path) {
		fail(w, status, text)
		return
	}
	http.Error(w, "pipe: "+text, status)
}

// foreign tells what another site's page has asked for, but for links to pages. Who has
// no browser says neither where it comes from nor what it is for.
func (g *guard) foreign(r *http.Request) bool {
	if g.cross.Check(r) != nil {
		return true
	}
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "same-origin", "none":
		return false
	default:
		return r.Header.Get("Sec-Fetch-Mode") != "navigate" || r.Header.Get("Sec-Fetch-Dest") != "document" || isData(r.URL.Path)
	}
}

// isData tells what is no page.
func isData(path string) bool {
	return strings.HasPrefix(path, "/api/") || strings.HasPrefix(path, "/files/") || strings.HasPrefix(path, "/evidence/")
}

// admit takes the token out of the address and leaves it in a cookie.
func (g *guard) admit(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	if !g.is(query.Get("token")) {
		refuse(w, r, http.StatusUnauthorized, "this is not the token of this server: open the address that it has printed")
		return
	}
	query.Del("token")
	http.SetCookie(w, &http.Cookie{ //nolint:gosec // without TLS there is no Secure
		Name: g.cookie, Value: g.token, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
	// Below this server, whatever the path begins with.
	to := url.URL{Path: "/" + strings.TrimLeft(r.URL.Path, `/\`), RawQuery: query.Encode()}
	http.Redirect(w, r, to.String(), http.StatusSeeOther)
}

// known tells who has the token.
func (g *guard) known(r *http.Request) bool {
	if token, is := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); is {
		return g.is(token)
	}
	cookie, err := r.Cookie(g.cookie)
	return err == nil && g.is(cookie.Value)
}

func (g *guard) is(token string) bool {
	return subtle.ConstantTimeCompare([]byte(token), []byte(g.token)) == 1
}
