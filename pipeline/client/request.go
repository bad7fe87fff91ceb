package client

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"

	"github.com/playwright-community/playwright-go"

	"pipe/steps"
)

// Request is what is asked of a site beside the browser, as a page of a browser
// context would ask it.
type Request struct {
	// Method is GET where it is "".
	Method, URL string
	Body        io.Reader
	Headers     map[string]string
	// Referer is the address of the page, "" where it is not told.
	Referer string
	// UserAgent is how the browser names itself.
	UserAgent string
	// Redirected is asked about each address that the site leads to; it may be
	// nil.
	Redirected func(url string) error
}

// ErrProxy is a proxy that does not serve.
var ErrProxy = errors.New("the proxy does not serve")

// Resolve gives the address that a page at base names, and the referer that is
// told there: that of the page, if it is of the same site.
func Resolve(page, raw string) (at, referer string, err error) {
	base, err := url.Parse(page)
	if err != nil {
		return "", "", fmt.Errorf("the page's address: %w", err)
	}
	u, err := base.Parse(raw)
	if err != nil {
		return "", "", fmt.Errorf("the file's address: %w", err)
	}
	if u.Scheme != "http" && u.Scheme != "https" {
		return "", "", fmt.Errorf("the file's address is %q: want one of http or https", raw)
	}
	if base.Host == u.Host {
		referer = base.String()
	}
	return u.String(), referer, nil
}

// Do sends the request with the cookies of a browser context. They are given
// back by the caller, once the answer shows that the session holds.
func (r *Request) Do(ctx context.Context, of playwright.BrowserContext, via http.RoundTripper) (*CookieTransport, *http.Response, error) {
	cookies, err := newCookieTransport(ctx, of, via)
	if err != nil {
		return nil, nil, err
	}
	req, err := http.NewRequestWithContext(ctx, r.Method, r.URL, r.Body)
	if err != nil {
		return nil, nil, fmt.Errorf("asking the site: %w", err)
	}
	req.Header.Set("User-Agent", r.UserAgent)
	req.Header.Set("Accept", "*/*")
	if r.Referer != "" {
		req.Header.Set("Referer", r.Referer)
	}
	for name, value := range r.Headers {
		req.Header.Set(name, value)
	}
	client := &http.Client{Transport: cookies, CheckRedirect: r.redirect}
	answer, err := client.Do(req)
	if err != nil {
		return nil, nil, r.failure(ctx, err)
	}
	return cookies, answer, nil
}

func (r *Request) redirect(next *http.Request, via []*http.Request) error {
	if r.Redirected != nil {
		if err := r.Redirected(next.URL.String()); err != nil {
			return err
		}
	}
	if len(via) >= 10 {
		return errors.New("the site redirects over and over")
	}
	return nil
}

// proxyError is an error that is the proxy's.
type proxyError struct{ error }

func (proxyError) Is(target error) bool { return target == ErrProxy }

func (e proxyError) Unwrap() error { return e.error }

func (r *Request) failure(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return steps.ContextError(ctx, "waiting for the file")
	}
	var network *net.OpError
	byProxy := errors.As(err, &network) && network.Op == "proxyconnect"
	// The address may hold what is private; the error of net/http names it.
	var named *url.Error
	if errors.As(err, &named) {
		err = named.Err
	}
	err = fmt.Errorf("asking for the file at %s: %w", steps.ShortURL(r.URL), err)
	if byProxy {
		return proxyError{err}
	}
	return err
}
