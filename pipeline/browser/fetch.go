package browser

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/playwright-community/playwright-go"

	"pipe/steps"
)

// fetched is a file at an address, asked for with the session's cookies and by
// no page.
type fetched struct {
	url, referer string
	session      *session
	at           *lodging
	gen          int64
	opts         *Options
	via          string
}

// Fetch names the file at an address, which may be relative to the page's. What
// a blob: or data: address stands for is taken at once: it lives in the page.
func (p *page) Fetch(ctx context.Context, _ playwright.Page, raw string) (steps.Delivery, error) {
	if strings.HasPrefix(raw, "blob:") || strings.HasPrefix(raw, "data:") {
		return p.spool(ctx, &linked{p.ears, raw})
	}
	d, err := p.address(raw)
	if err != nil {
		return nil, err
	}
	return d, nil
}

func (p *page) address(raw string) (*fetched, error) {
	base, err := url.Parse(p.pw.URL())
	if err != nil {
		return nil, fmt.Errorf("the page's address: %w", err)
	}
	u, err := base.Parse(raw)
	if err != nil {
		return nil, fmt.Errorf("the file's address: %w", err)
	}
	if u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("the file's address is %q: want one of http or https", raw)
	}
	referer := ""
	if base.Host == u.Host {
		referer = base.String()
	}
	return &fetched{
		url: u.String(), referer: referer, session: p.session, at: p.lodging, gen: p.gen.Load(), opts: &p.pool.opts, via: "fetch",
	}, nil
}

// Receive asks the site.
func (f *fetched) Receive(ctx context.Context, w io.Writer) (steps.Received, error) {
	got := steps.Received{Via: f.via, URL: steps.ShortURL(f.url)}
	bag, answer, err := f.send(ctx, http.MethodGet, nil, nil)
	if err != nil {
		return got, err
	}
	defer func() { _ = answer.Body.Close() }()
	if f.opts.refused(answer.StatusCode, answer.Request.URL.String()) {
		return got, f.lost()
	}
	if answer.StatusCode >= 400 {
		return got, &steps.StatusError{
			URL: got.URL, Status: answer.StatusCode, RetryAfter: steps.RetryAfter(answer.Header.Get("Retry-After"), time.Now()),
		}
	}
	got.ContentType = answer.Header.Get("Content-Type")
	body := bufio.NewReaderSize(answer.Body, headMost)
	if f.saysLost(answer.Header, body) {
		return got, f.lost()
	}
	if f.session.holds(f.gen) {
		bag.giveBack(ctx, f.at.context)
	}
	if size, err := io.Copy(w, body); err != nil {
		if ctx.Err() != nil {
			return got, waited(ctx, "receiving the file")
		}
		return got, fmt.Errorf("the file was cut off after %d bytes: %w", size, err)
	}
	return got, nil
}

// send sends a request as the browser would, with the session's cookies.
func (f *fetched) send(ctx context.Context, method string, body io.Reader, headers map[string]string) (*bag, *http.Response, error) {
	bag, err := newBag(ctx, f.at.context, f.at.road)
	if err != nil {
		return nil, nil, err
	}
	req, err := http.NewRequestWithContext(ctx, method, f.url, body)
	if err != nil {
		return nil, nil, fmt.Errorf("asking the site: %w", err)
	}
	req.Header.Set("User-Agent", f.at.agent)
	req.Header.Set("Accept", "*/*")
	if f.referer != "" {
		req.Header.Set("Referer", f.referer)
	}
	for name, value := range headers {
		req.Header.Set(name, value)
	}
	client := &http.Client{Transport: bag, CheckRedirect: f.redirect}
	answer, err := client.Do(req)
	if err != nil {
		return nil, nil, f.failure(ctx, err)
	}
	return bag, answer, nil
}

// headMost is how much of a page is looked at, in bytes.
const headMost = 64 << 10

// saysLost tells whether a page came that says that the session is gone.
func (f *fetched) saysLost(h http.Header, body *bufio.Reader) bool {
	if len(f.opts.Signs.Texts) == 0 || !isPage(asHeaders(h)) {
		return false
	}
	head, _ := body.Peek(headMost) // what breaks off is told by who reads on
	return f.opts.Signs.reads(head)
}

// asHeaders gives headers in the form of the DevTools protocol.
func asHeaders(h http.Header) []any {
	var all []any
	for _, name := range []string{"Content-Type", "Content-Disposition"} {
		all = append(all, map[string]any{"name": name, "value": h.Get(name)})
	}
	return all
}

// lost tells all who work under the login of the request that it is gone.
func (f *fetched) lost() error {
	f.session.lose(f.gen)
	return steps.ErrLost
}

func (f *fetched) redirect(next *http.Request, via []*http.Request) error {
	if f.opts.Lost != nil && f.opts.Lost(next.URL.String()) {
		return f.lost()
	}
	if len(via) >= 10 {
		return errors.New("the site redirects over and over")
	}
	return nil
}

func (f *fetched) failure(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return waited(ctx, "waiting for the file")
	}
	var network *net.OpError
	if errors.As(err, &network) && network.Op == "proxyconnect" {
		f.at.unserved.Store(true)
	}
	// The address may hold what is private; the error of net/http names it.
	var named *url.Error
	if errors.As(err, &named) {
		err = named.Err
	}
	return fmt.Errorf("asking for the file at %s: %w", steps.ShortURL(f.url), err)
}

// Discard does nothing: nothing was asked for yet.
func (f *fetched) Discard() {}

// linked is a blob: or data: address that the page holds.
type linked struct {
	e   *ears
	url string
}

func (l *linked) refuse() {}

func (l *linked) take(ctx context.Context, w io.Writer) (steps.Received, error) {
	via, _, _ := strings.Cut(l.url, ":")
	found, err := within(ctx, callLimit, "reading the page's "+via+": address", func() (any, error) {
		return l.e.pw.Evaluate("url => "+hooked+".hold(url)", l.url)
	})
	if err != nil {
		return steps.Received{}, err
	}
	f := fieldsOf(found)
	if f == nil {
		return steps.Received{}, fmt.Errorf("the page does not know its %s: address any more", via)
	}
	m := &made{e: l.e, via: via, kind: str(f["type"]), size: number(f["size"])}
	return m.take(ctx, w)
}
