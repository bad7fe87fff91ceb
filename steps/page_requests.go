package steps

import (
	"fmt"
	"net"
	"net/url"
	"strings"
	"sync"

	"github.com/playwright-community/playwright-go"
	"golang.org/x/net/publicsuffix"
)

// pageRequests are what a page asks for that may change it.
type pageRequests struct {
	page    playwright.Page
	mu      sync.Mutex
	pending map[playwright.Request]bool
	// failed are those that were answered by a failure, or not at all.
	failed []failedRequest
}

type failedRequest struct {
	address, what string
	// status is that of its answer, 0 for none, which err is.
	status int
	err    *StatusError
}

// trackRequests notes what a page asks for, until the function that it gives is called.
func trackRequests(page playwright.Page) (*pageRequests, func(), error) {
	p := &pageRequests{page: page, pending: map[playwright.Request]bool{}}
	err := RecoverPanics(func() {
		page.OnRequest(p.begins)
		page.OnRequestFinished(p.ends)
		page.OnRequestFailed(p.ends)
		page.OnResponse(p.answered)
	})
	return p, func() {
		_ = RecoverPanics(func() {
			page.RemoveListener("request", p.begins)
			page.RemoveListener("requestfinished", p.ends)
			page.RemoveListener("requestfailed", p.ends)
			page.RemoveListener("response", p.answered)
		})
	}, err
}

// loads tells whether a request may bring what the page shows.
func loads(r playwright.Request) bool {
	switch r.ResourceType() {
	case "xhr", "fetch", "document":
		return true
	default:
		return false
	}
}

func (p *pageRequests) begins(r playwright.Request) {
	if loads(r) {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.pending[r] = true
	}
}

func (p *pageRequests) ends(r playwright.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.pending, r)
	if failure := r.Failure(); failure != nil && loads(r) && !strings.Contains(failure.Error(), aborted) {
		p.failed = append(p.failed, failedRequest{
			address: r.URL(), what: fmt.Sprintf("%s %s failed: %s", r.Method(), pathOf(r.URL()), driverMessage(failure)),
		})
	}
}

func (p *pageRequests) answered(r playwright.Response) {
	if request := r.Request(); r.Status() >= 400 && loads(request) {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.failed = append(p.failed, failedRequest{
			address: r.URL(), what: fmt.Sprintf("the site answers %s %s with %d", request.Method(), pathOf(r.URL()), r.Status()),
			status: r.Status(), err: statusError(r),
		})
	}
}

// sameSite tells whether two addresses are of one site: what hosts of others answer,
// as those that count visits, says nothing of a list.
func sameSite(a, b string) bool {
	of, err := url.Parse(a)
	to, err2 := url.Parse(b)
	return err == nil && err2 == nil && siteOf(of.Hostname()) == siteOf(to.Hostname())
}

// siteOf gives the domain that a host belongs to.
func siteOf(host string) string {
	if domain, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil && net.ParseIP(host) == nil {
		return domain
	}
	return host
}

// pathOf is an address without what may be secret in it.
func pathOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "a request"
	}
	return u.Path
}

func (p *pageRequests) idle() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.pending) == 0
}

// forget begins anew with what has failed.
func (p *pageRequests) forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.failed = nil
}

// failure says what of the site's own has failed since forget, "" for nothing.
func (p *pageRequests) failure() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, f := range p.failed {
		if sameSite(p.page.URL(), f.address) {
			return f.what
		}
	}
	return ""
}
