package client

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"github.com/icholy/digest"
	"github.com/playwright-community/playwright-go"
)

// Transport is how a browser context's files are asked for without the
// browser: by the same proxy and with the same headers, credentials and
// certificates.
type Transport struct {
	opts  playwright.BrowserNewContextOptions
	plain *http.Transport
	// own are the transports of origins that have a client certificate,
	// unusable why there is none.
	own      map[string]*http.Transport
	unusable map[string]error
	// asked are the origins that want the credentials as they are.
	asked sync.Map
}

var _ http.RoundTripper = (*Transport)(nil)

// NewTransport gives the transport of a context that is opened with opts.
func NewTransport(opts playwright.BrowserNewContextOptions) (*Transport, error) {
	t := &Transport{
		opts: opts, own: map[string]*http.Transport{}, unusable: map[string]error{}, plain: http.DefaultTransport.(*http.Transport).Clone(),
	}
	if opts.IgnoreHttpsErrors != nil && *opts.IgnoreHttpsErrors {
		t.plain.TLSClientConfig = &tls.Config{InsecureSkipVerify: true} //nolint:gosec // what the spec says of the browser
	}
	if opts.Proxy != nil {
		var err error
		if t.plain.Proxy, err = proxyFor(opts.Proxy); err != nil {
			return nil, err
		}
	}
	for _, c := range opts.ClientCertificates {
		if err := t.certify(c); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// CheckContext finds what is wrong with a browser context's options, as far as
// that can be told without a browser.
func CheckContext(opts playwright.BrowserNewContextOptions) error {
	_, err := NewTransport(opts)
	return err
}

// RoundTrip asks as the browser would.
func (t *Transport) RoundTrip(req *http.Request) (*http.Response, error) {
	of, at := t.plain, origin(req.URL)
	if err := t.unusable[at]; err != nil {
		return nil, fmt.Errorf("the client certificate for %s: %w", at, err)
	}
	if own := t.own[at]; own != nil {
		of = own
	}
	req = req.Clone(req.Context())
	if t.opts.Locale != nil {
		req.Header.Set("Accept-Language", *t.opts.Locale)
	}
	for name, value := range t.opts.ExtraHttpHeaders {
		req.Header.Set(name, value)
	}
	_, known := t.asked.Load(at)
	if known {
		req.SetBasicAuth(t.opts.HttpCredentials.Username, t.opts.HttpCredentials.Password)
	}
	answer, err := of.RoundTrip(req)
	if err != nil || known || answer.StatusCode != http.StatusUnauthorized || !t.trusts(req.URL) {
		return answer, err
	}
	if !t.authorize(req, answer.Header) {
		return answer, nil
	}
	_ = answer.Body.Close()
	return of.RoundTrip(req)
}

// authorize puts the credentials on a request as the site asks for them, and
// tells whether it does.
func (t *Transport) authorize(req *http.Request, asks http.Header) bool {
	c := t.opts.HttpCredentials
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
			t.asked.Store(origin(req.URL), true)
			req.SetBasicAuth(c.Username, c.Password)
			return true
		}
	}
	return false
}

// trusts says whether an origin that asks may have the credentials.
func (t *Transport) trusts(u *url.URL) bool {
	c := t.opts.HttpCredentials
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

// CloseIdleConnections lets go of connections that nothing uses.
func (t *Transport) CloseIdleConnections() {
	t.plain.CloseIdleConnections()
	for _, own := range t.own {
		own.CloseIdleConnections()
	}
}

// certify gives an origin a transport of its own.
func (t *Transport) certify(c playwright.ClientCertificate) error {
	u, err := url.Parse(c.Origin)
	if err != nil {
		return fmt.Errorf("the origin of a client certificate: %w", err)
	}
	cert, err := certificate(c)
	switch {
	case errors.Is(err, errEncryptedKey):
		t.unusable[origin(u)] = err
		return nil
	case err != nil:
		return fmt.Errorf("the client certificate for %s: %w", origin(u), err)
	}
	own := t.plain.Clone()
	if own.TLSClientConfig == nil {
		own.TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	own.TLSClientConfig.Certificates = []tls.Certificate{cert}
	t.own[origin(u)] = own
	return nil
}
