package browser

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/icholy/digest"
	"github.com/playwright-community/playwright-go"
	"software.sslmate.com/src/go-pkcs12"
)

// road is how a browser context's files are asked for without the browser: by
// the same proxy and with the same headers, credentials and certificates.
type road struct {
	opts  playwright.BrowserNewContextOptions
	plain *http.Transport
	// own are the transports of origins that have a client certificate, locked
	// why there is none.
	own    map[string]*http.Transport
	locked map[string]error
	// asked are the origins that want the credentials as they are.
	asked sync.Map
}

var _ http.RoundTripper = (*road)(nil)

func newRoad(opts playwright.BrowserNewContextOptions) (*road, error) {
	r := &road{
		opts: opts, own: map[string]*http.Transport{}, locked: map[string]error{}, plain: http.DefaultTransport.(*http.Transport).Clone(),
	}
	if opts.IgnoreHttpsErrors != nil && *opts.IgnoreHttpsErrors {
		r.plain.TLSClientConfig = &tls.Config{InsecureSkipVerify: true} //nolint:gosec // what the spec says of the browser
	}
	if opts.Proxy != nil {
		var err error
		if r.plain.Proxy, err = proxied(opts.Proxy); err != nil {
			return nil, err
		}
	}
	for _, c := range opts.ClientCertificates {
		if err := r.certify(c); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// CheckContext finds what is wrong with a browser context's options, as far as
// that can be told without a browser.
func CheckContext(opts playwright.BrowserNewContextOptions) error {
	_, err := newRoad(opts)
	return err
}

var errLocked = errors.New("a key in PEM that has a passphrase serves pages alone: give both as pfx to fetch files")

// certify gives an origin a transport of its own.
func (r *road) certify(c playwright.ClientCertificate) error {
	u, err := url.Parse(c.Origin)
	if err != nil {
		return fmt.Errorf("the origin of a client certificate: %w", err)
	}
	cert, err := certificate(c)
	switch {
	case errors.Is(err, errLocked):
		r.locked[origin(u)] = err
		return nil
	case err != nil:
		return fmt.Errorf("the client certificate for %s: %w", origin(u), err)
	}
	own := r.plain.Clone()
	if own.TLSClientConfig == nil {
		own.TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	own.TLSClientConfig.Certificates = []tls.Certificate{cert}
	r.own[origin(u)] = own
	return nil
}

// RoundTrip asks as the browser would.
func (r *road) RoundTrip(req *http.Request) (*http.Response, error) {
	of, at := r.plain, origin(req.URL)
	if err := r.locked[at]; err != nil {
		return nil, fmt.Errorf("the client certificate for %s: %w", at, err)
	}
	if own := r.own[at]; own != nil {
		of = own
	}
	req = req.Clone(req.Context())
	if r.opts.Locale != nil {
		req.Header.Set("Accept-Language", *r.opts.Locale)
	}
	for name, value := range r.opts.ExtraHttpHeaders {
		req.Header.Set(name, value)
	}
	_, known := r.asked.Load(at)
	if known {
		req.SetBasicAuth(r.opts.HttpCredentials.Username, r.opts.HttpCredentials.Password)
	}
	answer, err := of.RoundTrip(req)
	if err != nil || known || answer.StatusCode != http.StatusUnauthorized || !r.trusts(req.URL) {
		return answer, err
	}
	if !r.answer(req, answer.Header) {
		return answer, nil
	}
	_ = answer.Body.Close()
	return of.RoundTrip(req)
}

// answer puts the credentials on a request as the site asks for them, and tells
// whether it does.
func (r *road) answer(req *http.Request, asks http.Header) bool {
	c := r.opts.HttpCredentials
	if challenge, err := digest.FindChallenge(asks); err == nil {
		said, err := digest.Digest(challenge, digest.Options{
			Method: req.Method, URI: req.URL.RequestURI(), Username: c.Username, Password: c.Password,
		})
		if err == nil {
			req.Header.Set("Authorization", said.String())
		}
		return err == nil
	}
	for _, line := range asks.Values("WWW-Authenticate") {
		if scheme, _, _ := strings.Cut(line, " "); strings.EqualFold(scheme, "basic") {
			r.asked.Store(origin(req.URL), true)
			req.SetBasicAuth(c.Username, c.Password)
			return true
		}
	}
	return false
}

// trusts says whether an origin that asks may have the credentials.
func (r *road) trusts(u *url.URL) bool {
	c := r.opts.HttpCredentials
	if c == nil || c.Origin == nil {
		return c != nil
	}
	only, err := url.Parse(*c.Origin)
	return err == nil && origin(u) == origin(only)
}

// origin gives what browsers compare: without a port that goes without saying.
func origin(u *url.URL) string {
	scheme, port := strings.ToLower(u.Scheme), u.Port()
	if port == "" || scheme == "http" && port == "80" || scheme == "https" && port == "443" {
		return scheme + "://" + strings.ToLower(u.Hostname())
	}
	return scheme + "://" + strings.ToLower(u.Host)
}

func certificate(c playwright.ClientCertificate) (tls.Certificate, error) {
	if len(c.Pfx) == 0 {
		if c.Passphrase != nil && *c.Passphrase != "" {
			return tls.Certificate{}, errLocked
		}
		return tls.X509KeyPair(c.Cert, c.Key)
	}
	phrase := ""
	if c.Passphrase != nil {
		phrase = *c.Passphrase
	}
	key, leaf, chain, err := pkcs12.DecodeChain(c.Pfx, phrase)
	if err != nil {
		return tls.Certificate{}, err
	}
	cert := tls.Certificate{Certificate: [][]byte{leaf.Raw}, PrivateKey: key, Leaf: leaf}
	for _, above := range chain {
		cert.Certificate = append(cert.Certificate, above.Raw)
	}
	return cert, nil
}

// proxied gives the proxy for each request.
func proxied(p *playwright.Proxy) (func(*http.Request) (*url.URL, error), error) {
	server := p.Server
	if !strings.Contains(server, "://") {
		server = "http://" + server
	}
	u, err := url.Parse(server)
	if err != nil {
		return nil, errors.New("browser.context.proxy: the server is no address such as http://proxy:3128")
	}
	if p.Username != nil {
		password := ""
		if p.Password != nil {
			password = *p.Password
		}
		u.User = url.UserPassword(*p.Username, password)
	}
	var bypass []string
	if p.Bypass != nil {
		bypass = strings.Split(*p.Bypass, ",")
	}
	return func(req *http.Request) (*url.URL, error) {
		host := req.URL.Hostname()
		if slices.ContainsFunc(bypass, func(rule string) bool { return bypassed(strings.TrimSpace(rule), host) }) {
			return nil, nil
		}
		return u, nil
	}, nil
}

// bypassed tells whether a host is asked without the proxy: by its name, or by
// the end of it, as .example.com or *.example.com.
func bypassed(rule, host string) bool {
	rule = strings.TrimPrefix(rule, "*")
	return rule != "" && (strings.EqualFold(rule, host) ||
		strings.HasPrefix(rule, ".") && strings.HasSuffix(strings.ToLower(host), strings.ToLower(rule)))
}

// close lets go of connections that nothing uses.
func (r *road) close() {
	r.plain.CloseIdleConnections()
	for _, own := range r.own {
		own.CloseIdleConnections()
	}
}
