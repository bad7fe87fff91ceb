package client

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"github.com/icholy/digest"
	"github.com/playwright-community/playwright-go"

	"pipe/specs"
)

// Transport is how a browser context's files are asked for without the
// browser: by the same proxy and with the same headers, credentials and
// certificates.
type Transport struct {
	opts  ContextOptions
	plain *http.Transport
	// own are the transports of origins that have a client certificate,
	// unusable why there is none.
	own      map[string]*http.Transport
	unusable map[string]error
	// asked are the origins that want the credentials as they are.
	asked sync.Map
	// proxy is the proxy's address, with user and password; nil where there is none.
	proxy *url.URL
	// relay is the browser's way to a proxy that wants a login, nil for others.
	relay *proxyRelay
}

var _ http.RoundTripper = (*Transport)(nil)

// NewTransport gives the transport of a context that is opened with opts.
func NewTransport(opts ContextOptions) (*Transport, error) {
	t := &Transport{
		opts: opts, own: map[string]*http.Transport{}, unusable: map[string]error{}, plain: http.DefaultTransport.(*http.Transport).Clone(),
	}
	// Files come from one host as a rule, several at once: each connection that is
	// let go of costs the next file a handshake.
	t.plain.MaxIdleConnsPerHost = t.plain.MaxIdleConns
	if opts.Authorities != nil {
		t.plain.TLSClientConfig = &tls.Config{RootCAs: opts.Authorities, MinVersion: tls.VersionTLS12}
	}
	if opts.IgnoreHttpsErrors != nil && *opts.IgnoreHttpsErrors {
		t.plain.TLSClientConfig = &tls.Config{InsecureSkipVerify: true} //nolint:gosec // what the spec says of the browser
	}
	if opts.Proxy != nil {
		var err error
		if t.proxy, err = proxyAddress(opts.Proxy); err != nil {
			return nil, err
		}
		t.plain.Proxy = proxyFor(t.proxy, opts.Proxy)
		t.plain.OnProxyConnectResponse = func(_ context.Context, _ *url.URL, _ *http.Request, answer *http.Response) error {
			return refusedByProxy(answer)
		}
	}
	orderHeaders(t.plain)
	for _, c := range opts.ClientCertificates {
		if err := t.certify(c); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// CheckContext finds what is wrong with a browser context's options, as far as
// that can be told without a browser.
func CheckContext(opts ContextOptions) error {
	_, err := NewTransport(opts)
	return err
}

// RoundTrip asks as the browser would.
func (t *Transport) RoundTrip(req *http.Request) (*http.Response, error) {
	of, at := t.plain, specs.Origin(req.URL)
	if err := t.unusable[at]; err != nil {
		return nil, fmt.Errorf("the client certificate for %s: %w", at, err)
	}
	if own := t.own[at]; own != nil {
		of = own
	}
	req = req.Clone(req.Context())
	if req.Header.Get("Sec-Fetch-Mode") == "navigate" {
		req = req.WithContext(withPriority(req.Context(), req.Header))
	}
	if t.opts.Locale != nil && req.Header.Get("Accept-Language") == "" {
		req.Header.Set("Accept-Language", *t.opts.Locale)
	}
	if req.Header.Get("Authorization") != "" {
		return t.byProxy(of.RoundTrip(req)) // it is the request's own
	}
	_, known := t.asked.Load(at)
	if known {
		req.SetBasicAuth(t.opts.HttpCredentials.Username, t.opts.HttpCredentials.Password)
	}
	answer, err := t.byProxy(of.RoundTrip(req))
	if err != nil || known || answer.StatusCode != http.StatusUnauthorized || !t.trusts(req.URL) {
		return answer, err
	}
	again, err := rewound(req)
	if err != nil || !t.authorize(again, answer.Header) {
		return answer, nil //nolint:nilerr // the answer is what there is
	}
	_ = answer.Body.Close()
	return t.byProxy(of.RoundTrip(again))
}

// byProxy takes an answer that is none of the site's for what it is.
func (t *Transport) byProxy(answer *http.Response, err error) (*http.Response, error) {
	if err != nil || t.proxy == nil || answer.StatusCode != http.StatusProxyAuthRequired {
		return answer, err
	}
	_ = answer.Body.Close()
	return nil, refusedByProxy(answer)
}

var errBodySent = errors.New("the body has been sent")

// rewound gives a request to be sent once more: its body has been read.
func rewound(req *http.Request) (*http.Request, error) {
	again := req.Clone(req.Context())
	if req.Body == nil || req.Body == http.NoBody {
		return again, nil
	}
	if req.GetBody == nil {
		return nil, errBodySent
	}
	var err error
	again.Body, err = req.GetBody()
	return again, err
}

// Headers gives those that the spec has for an address.
func (t *Transport) Headers(address string) map[string]string { return t.opts.Headers.For(address) }

// Trusted are the origins that the spec names.
func (t *Transport) Trusted() []string { return t.opts.Headers.Origins }

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
			t.asked.Store(specs.Origin(req.URL), true)
			req.SetBasicAuth(c.Username, c.Password)
			return true
		}
	}
	return false
}

// trusts says whether an origin that asks may have the credentials: the one
// that is named.
func (t *Transport) trusts(u *url.URL) bool {
	c := t.opts.HttpCredentials
	return c != nil && c.Origin != nil && specs.Origin(u) == specs.OriginOf(*c.Origin)
}

// ForBrowser gives what the browser's context is opened with. Where a proxy or a site
// wants a login, it reaches the proxy by a relay, until Close; failed is told when that
// proxy does not serve.
func (t *Transport) ForBrowser(ctx context.Context, failed func()) (playwright.BrowserNewContextOptions, error) {
	opts := t.opts.BrowserNewContextOptions
	if t.proxy == nil || t.proxy.User == nil && opts.HttpCredentials == nil || strings.HasPrefix(t.proxy.Scheme, "socks") {
		return opts, nil
	}
	var err error
	if t.relay, err = newProxyRelay(ctx, t.proxy, failed); err != nil {
		return opts, err
	}
	opts.Proxy = &playwright.Proxy{Server: t.relay.address(), Bypass: opts.Proxy.Bypass}
	return opts, nil
}

// Close lets go of connections that nothing uses, and ends the browser's way to its
// proxy.
func (t *Transport) Close() {
	if t.relay != nil {
		t.relay.close()
	}
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
		t.unusable[specs.Origin(u)] = err
		return nil
	case err != nil:
		return fmt.Errorf("the client certificate for %s: %w", specs.Origin(u), err)
	}
	own := t.plain.Clone()
	own.DialContext = http.DefaultTransport.(*http.Transport).DialContext
	defer orderHeaders(own)
	if own.TLSClientConfig == nil {
		own.TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	own.TLSClientConfig.Certificates = []tls.Certificate{cert}
	t.own[specs.Origin(u)] = own
	return nil
}
