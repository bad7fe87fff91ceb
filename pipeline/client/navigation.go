package client

import (
	"context"
	"crypto/tls"
	"maps"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/publicsuffix"

	"pipe/specs"
)

// Navigation is what a request has that opens a window, as Chromium sends it: by a
// link, a script or a form of a page. Its Request says the rest.
type Navigation struct {
	// Origin is that of the document that asks.
	Origin string
	// Gesture is true where a user's act has brought it on.
	Gesture bool
	// Opener is true for a form's window that knows the page: its browser writes
	// Content-Type sooner.
	Opener bool
	// Browser are the headers that the browser puts on its own navigations, by their
	// names as it writes them.
	Browser map[string]string
}

// navigationMost is how often a browser is led elsewhere.
const navigationMost = 20

// hints are what the browser tells every site of itself.
var hints = []string{"sec-ch-ua", "sec-ch-ua-mobile", "sec-ch-ua-platform"}

// site says how an address is related to the document that asks, as Sec-Fetch-Site
// has it.
func (n *Navigation) site(to *url.URL) string {
	from, err := url.Parse(n.Origin)
	switch {
	case err != nil:
		return "cross-site"
	case specs.Origin(from) == specs.Origin(to):
		return "same-origin"
	case from.Scheme == to.Scheme && domain(from) == domain(to):
		return "same-site"
	default:
		return "cross-site"
	}
}

// domain is what the site of an address is known by.
func domain(u *url.URL) string {
	host := strings.ToLower(u.Hostname())
	if strings.Trim(host, "0123456789.") == "" || strings.Contains(host, ":") {
		return host
	}
	if name, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil {
		return name
	}
	return host
}

// trusted tells whether browsers take an address for safe, and tell it more of
// themselves.
func trusted(u *url.URL) bool { return u.Scheme == "https" || loopback(u) }

// hops are the requests of a chain of redirects, the first first.
func hops(req *http.Request) []*http.Request {
	all := []*http.Request{req}
	for req.Response != nil && req.Response.Request != nil {
		req = req.Response.Request
		all = append(all, req)
	}
	slices.Reverse(all)
	return all
}

// headers gives those of a request on its way, referer beside.
func (n *Navigation) headers(req *http.Request, kind string) http.Header {
	h := http.Header{"Connection": {"keep-alive"}, "Accept-Encoding": {"gzip, deflate"}}
	chain := hops(req)
	for name, value := range n.Browser {
		// An origin may have asked for more of them, which is no other's.
		hint := strings.HasPrefix(name, "sec-ch-")
		own := specs.Origin(req.URL) == specs.Origin(chain[0].URL) || slices.Contains(hints, name)
		if !hint || trusted(req.URL) && own {
			h[name] = []string{value}
		}
	}
	if trusted(req.URL) {
		h["Accept-Encoding"] = []string{"gzip, deflate, br, zstd"}
		maps.Copy(h, http.Header{"Sec-Fetch-Site": {n.relation(chain)}, "Sec-Fetch-Mode": {"navigate"}, "Sec-Fetch-Dest": {"document"}})
		if n.Gesture {
			h["Sec-Fetch-User"] = []string{"?1"}
		}
	}
	if chain[0].Method != http.MethodGet && h["Cache-Control"] == nil {
		h["Cache-Control"] = []string{"max-age=0"}
	}
	if req.Method != http.MethodGet {
		h["Origin"] = []string{n.origin(chain)}
		if kind != "" {
			h["Content-Type"] = []string{kind}
		}
	}
	return h
}

// trace has the headers of a request written in its order.
func (n *Navigation) trace(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(got httptrace.GotConnInfo) {
		if c, ok := got.Conn.(*orderedConn); ok {
			c.early = n.Opener
		}
	}})
}

// documentPriority is that of a document: the most urgent, and of use before it is whole.
const documentPriority = "u=0, i"

// withPriority completes a document's headers once its connection is there: browsers tell
// the priority by HTTP/2 alone.
func withPriority(ctx context.Context, headers http.Header) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(got httptrace.GotConnInfo) {
		if c, ok := got.Conn.(*tls.Conn); ok && c.ConnectionState().NegotiatedProtocol == "h2" {
			headers.Set("Priority", documentPriority)
		}
	}})
}

// relation is the farthest of those of a chain.
func (n *Navigation) relation(chain []*http.Request) string {
	farthest := "same-origin"
	for _, hop := range chain {
		switch one := n.site(hop.URL); one {
		case "cross-site":
			return one
		case "same-site":
			farthest = one
		}
	}
	return farthest
}

// origin is what a body's receiver is told of who sends it: nothing once it was led
// to another origin.
func (n *Navigation) origin(chain []*http.Request) string {
	for i, hop := range chain[1:] {
		if specs.Origin(hop.URL) != specs.Origin(chain[i].URL) {
			return "null"
		}
	}
	return n.Origin
}

// cookies tells which cookies a request has, by what they say of other sites.
func (n *Navigation) cookies(req *http.Request) reach {
	switch {
	case n.site(req.URL) != "cross-site":
		return everySite
	case req.Method == http.MethodGet:
		return crossSite
	default:
		return crossSiteUnsafe
	}
}
