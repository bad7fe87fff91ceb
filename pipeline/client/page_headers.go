package client

import (
	"net/http"
	"net/url"

	"pipe/specs"
)

// pageTypes is what browsers say that they take for a page.
const pageTypes = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7"

// navigationHeaders puts those on a request that a browser has for a page that it opens.
func (r *Request) navigationHeaders(req *http.Request) {
	req.Header.Set("Accept", pageTypes)
	req.Header.Set("Upgrade-Insecure-Requests", "1")
	if req.Method != http.MethodGet && req.Method != http.MethodHead {
		origin := "null"
		if req.Header.Get("Referer") != "" {
			origin = specs.OriginOf(r.Page)
		}
		req.Header.Set("Origin", origin)
	}
	if trusted(req.URL) {
		req.Header.Set("Sec-Fetch-Site", fetchSite(r.Page, req.URL))
		req.Header.Set("Sec-Fetch-Mode", "navigate")
		if !r.ByItself {
			req.Header.Set("Sec-Fetch-User", "?1")
		}
		req.Header.Set("Sec-Fetch-Dest", "document")
	}
}

// fetchSite tells how the site that is asked is related to the page that asks.
func fetchSite(page string, to *url.URL) string {
	from, err := url.Parse(page)
	switch {
	case page == "" || err != nil || from.Host == "":
		return "none"
	case specs.Origin(from) == specs.Origin(to):
		return "same-origin"
	case from.Scheme == to.Scheme && domain(from) == domain(to):
		return "same-site"
	default:
		return "cross-site"
	}
}
