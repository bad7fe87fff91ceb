package client

import (
	"crypto/x509"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/playwright-community/playwright-go"

	"pipe/specs"
)

// ContextOptions is what a browser context is opened with, and its headers, which
// Playwright would send to every host.
type ContextOptions struct {
	playwright.BrowserNewContextOptions
	Headers Headers
	// Authorities are those that vouch for sites; nil for the machine's own.
	Authorities *x509.CertPool
}

// Headers are those of a browser context, and the origins that they go to.
type Headers struct {
	Values  map[string]string
	Origins []string
	// Mark tells those of one account from another's; "" where all have the same.
	Mark string
}

// For gives the headers for an address.
func (h *Headers) For(address string) map[string]string {
	if !slices.Contains(h.Origins, specs.OriginOf(address)) {
		return nil
	}
	return h.Values
}

// harmless are headers of a request that say nothing of who asks, and may go
// wherever the site leads.
var harmless = []string{
	"Accept", "Accept-Language", "Accept-Encoding", "Cache-Control", "Content-Language", "Content-Type", "If-Modified-Since",
	"If-None-Match", "Pragma", "Range", "If-Range", "User-Agent", "X-Requested-With",
}

// private gives the first header, in the order of names, that may tell who asks;
// "" where none does.
func private(headers map[string]string) string {
	for _, name := range slices.Sorted(maps.Keys(headers)) {
		if !slices.Contains(harmless, http.CanonicalHeaderKey(name)) {
			return name
		}
	}
	return ""
}

// headerTransport puts the headers on each request of one that may be led to
// other origins: first those of any browser, then the context's, then the
// request's own, each only where they may go.
type headerTransport struct {
	next http.RoundTripper
	r    *Request
	via  Via
	// page is what may be told of the page that asks, referrer the policy in force:
	// a redirect may bring another.
	page, referrer string
}

func (t *headerTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	// What net/http carries along a redirect may be for another origin.
	req = req.Clone(req.Context())
	req.Header = http.Header{"User-Agent": {t.r.UserAgent}, "Accept": {"*/*"}}
	if n := t.r.Navigation; n != nil {
		req.Header = n.headers(req, t.r.ContentType)
	}
	from := Referer(t.page, req.URL, t.referrer)
	if from != "" {
		req.Header.Set("Referer", from)
	}
	switch {
	case t.r.Navigates:
		t.r.navigationHeaders(req)
	case t.r.Navigation != nil:
		t.page = from // what was kept back once is told to nobody further on
	}
	for name, value := range t.via.Headers(req.URL.String()) {
		if t.r.Navigation == nil || req.Header.Get(name) == "" { // those of a navigation stay
			req.Header.Set(name, value)
		}
	}
	at := specs.Origin(req.URL)
	everywhere := at == specs.OriginOf(t.r.URL) || slices.Contains(t.via.Trusted(), at)
	for name, value := range t.r.Headers {
		name = http.CanonicalHeaderKey(name)
		if strings.HasPrefix(name, "Content-") && req.Body == nil {
			continue // a redirect has made it a GET
		}
		if everywhere || slices.Contains(harmless, name) {
			req.Header.Set(name, value)
		}
	}
	answer, err := t.next.RoundTrip(req)
	if err == nil && answer.StatusCode >= 300 && answer.StatusCode < 400 {
		t.referrer = PolicyOf(answer.Header.Values("Referrer-Policy"), t.referrer)
	}
	return answer, err
}
