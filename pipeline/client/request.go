package client

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"

	"github.com/playwright-community/playwright-go"

	"pipe/specs"
	"pipe/steps"
)

// Request is what is asked of a site beside the browser, as a page of a browser
// context would ask it.
type Request struct {
	// Method is GET where it is "".
	Method, URL string
	Body        io.Reader
	// Headers are the request's own: they go before those of the context, and to
	// the address' own origin and those that the spec names.
	Headers map[string]string
	// Named is the origin that the spec itself gives in the address, if any.
	Named string
	// Page is the address of the page that asks, Policy what it says of the
	// Referer.
	Page, Policy string
	// UserAgent is how the browser names itself.
	UserAgent string
	// Navigates is true for a page that is opened, and false for a file.
	Navigates bool
	// ByItself is true for one that another page leads on to, without anybody's doing.
	ByItself bool
	// Navigation is set for what opens a window: it is asked for as a browser
	// would, and ContentType is that of its body.
	Navigation  *Navigation
	ContentType string
}

// ErrProxy is a proxy that does not serve.
var ErrProxy = errors.New("the proxy does not serve")

// Via is how a browser context is asked for beside the browser.
type Via interface {
	http.RoundTripper
	// Headers gives those of the spec for an address.
	Headers(address string) map[string]string
	// Trusted are the origins that the spec names.
	Trusted() []string
}

// Resolve gives the address that a page at base names.
func Resolve(page, raw string) (string, error) {
	base, err := url.Parse(page)
	if err != nil {
		return "", errors.New("the page's address does not parse")
	}
	u, err := base.Parse(raw)
	if err != nil {
		return "", fmt.Errorf("the file's address %q does not parse", steps.ShortURL(specs.WithoutUser(raw)))
	}
	if u.Scheme != "http" && u.Scheme != "https" {
		return "", fmt.Errorf("the file's address is %q: want one of http or https", specs.WithoutUser(raw))
	}
	return u.String(), nil
}

// Do sends the request with the cookies of a browser context. They are given
// back by the caller, once the answer shows that the session holds.
func (r *Request) Do(ctx context.Context, of playwright.BrowserContext, via Via) (*CookieTransport, *http.Response, error) {
	if err := r.permitted(via); err != nil {
		return nil, nil, err
	}
	cookies, err := newCookieTransport(ctx, of, via)
	if err != nil {
		return nil, nil, err
	}
	cookies.of = r.Navigation
	if r.Navigation != nil {
		ctx = r.Navigation.trace(ctx)
	}
	answer, err := r.send(ctx, cookies, via)
	return cookies, answer, err
}

// DoWith sends the request with cookies that are known. What the site sets is theirs.
func (r *Request) DoWith(ctx context.Context, cookies *Cookies, via Via) (*http.Response, error) {
	if err := r.permitted(via); err != nil {
		return nil, err
	}
	return r.send(ctx, &sharedCookies{next: via, of: cookies}, via)
}

func (r *Request) send(ctx context.Context, cookies http.RoundTripper, via Via) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, r.Method, r.URL, r.Body)
	if err != nil {
		return nil, fmt.Errorf("asking the site: %w", err)
	}
	led := false
	client := &http.Client{Transport: &headerTransport{next: cookies, r: r, via: via, page: r.Page, referrer: r.Policy}, CheckRedirect: func(_ *http.Request, via []*http.Request) error {
		led = true
		return r.redirects(via)
	}}
	answer, err := client.Do(req)
	if err != nil {
		err = r.failure(ctx, err)
		if led {
			err = &steps.RedirectedError{Err: err}
		}
		return nil, err
	}
	if r.Navigation != nil {
		decode(answer)
	}
	return answer, nil
}

// permitted finds headers of the request that would go where the spec does not
// say: its address may be what the site has told. A spec that names no origin is
// about that of the page.
func (r *Request) permitted(via Via) error {
	at, trusted := specs.OriginOf(r.URL), via.Trusted()
	name := private(r.Headers)
	if name == "" || at == r.Named || slices.Contains(trusted, at) || len(trusted) == 0 && at == specs.OriginOf(r.Page) {
		return nil
	}
	return &steps.ClassError{Class: "spec", Err: fmt.Errorf(
		"the request's header %s would go to %s, which the spec does not name: add it to browser.context.origins, if it is to have it", name, at)}
}

func (r *Request) redirects(via []*http.Request) error {
	most := 10
	if r.Navigation != nil {
		most = navigationMost
	}
	if len(via) >= most {
		return errors.New("the site redirects over and over")
	}
	return nil
}

// proxyError is an error that is the proxy's.
type proxyError struct{ error }

func (proxyError) Is(target error) bool { return target == ErrProxy }

func (e proxyError) Unwrap() error { return e.error }

func (r *Request) what() string {
	if r.Navigates {
		return "the page"
	}
	return "the file"
}

func (r *Request) failure(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return steps.ContextError(ctx, "waiting for "+r.what())
	}
	var network *net.OpError
	byProxy := errors.As(err, &network) && network.Op == "proxyconnect"
	// The address may hold what is private; the error of net/http names it.
	var named *url.Error
	if errors.As(err, &named) {
		err = named.Err
	}
	err = fmt.Errorf("asking for %s at %s: %w", r.what(), steps.ShortURL(r.URL), err)
	if byProxy {
		return proxyError{err}
	}
	return err
}
