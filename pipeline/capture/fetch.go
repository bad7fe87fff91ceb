package capture

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/playwright-community/playwright-go"

	"pipe/pipeline/browser"
	"pipe/pipeline/client"
	"pipe/steps"
)

// fetched is a file at an address, asked for with the session's cookies and by
// no page.
type fetched struct {
	url string
	// page is the address of the page that asks, policy what it says of the
	// Referer.
	page, policy string
	session      Session
	in           *browser.Context
	// login is the one under which it is asked for.
	login int64
	via   string
	// asker, if set, asks in place of the browser context.
	asker Asker
	// refreshes is how many pages have led on to it by themselves.
	refreshes int
}

// Fetch names the file of a link. What a blob: or data: address stands for is
// taken at once: it lives in the page.
func (p *Page) Fetch(ctx context.Context, _ playwright.Page, link steps.Link) (steps.Delivery, error) {
	if strings.HasPrefix(link.URL, "blob:") || strings.HasPrefix(link.URL, "data:") {
		s, err := p.spool(ctx, &pageAddress{p.listener, link.URL})
		if err != nil {
			return nil, err
		}
		return s, nil
	}
	d, err := p.address(ctx, link)
	if err != nil {
		return nil, err
	}
	return d, nil
}

func (p *Page) address(ctx context.Context, link steps.Link) (*fetched, error) {
	from := p.page.Playwright().URL()
	at, err := client.Resolve(from, link.URL)
	if err != nil {
		return nil, err
	}
	policy := ""
	if link.Document == "" || !strings.HasPrefix(link.Document, "http") {
		policy = p.referrerPolicy(ctx) // a document without an address has its page's
	} else {
		from = link.Document
	}
	return &fetched{
		url: at, page: from, policy: client.PolicyOf(link.Policies, policy), session: p.session, in: p.page.Context, login: p.session.Login(), via: "fetch",
	}, nil
}

// Receive asks the site.
func (f *fetched) Receive(ctx context.Context, w io.Writer) (steps.Receipt, error) {
	got := steps.Receipt{Via: f.via, URL: steps.ShortURL(f.url)}
	cookies, answer, err := f.send(ctx, &client.Request{Method: http.MethodGet})
	if err != nil {
		return got, err
	}
	defer func() { _ = answer.Body.Close() }()
	if f.lostBy(answer) {
		return got, f.lost()
	}
	if err := client.FileFault(answer, f.url); err != nil {
		return got, err
	}
	got.OpenEnd = client.OpenEnd(answer)
	got.ContentType = answer.Header.Get("Content-Type")
	got.Name = client.SiteName(answer.Header.Get("Content-Disposition"), answer.Request.URL.String())
	body := bufio.NewReaderSize(answer.Body, maxHead)
	if f.saysLost(answer.Header, body) {
		return got, f.lost()
	}
	if f.session.Holds(f.login) {
		f.settle(ctx, cookies)
	}
	if to, wait, ok := refresh(answer); ok {
		return f.follow(ctx, answer.Request.URL.String(), to, wait, w)
	}
	if size, err := io.Copy(w, body); err != nil {
		if ctx.Err() != nil {
			return got, steps.ContextError(ctx, "receiving the file")
		}
		return got, fmt.Errorf("the file was cut off after %d bytes: %w", size, err)
	}
	return got, nil
}

// send sends a request as the browser would, with the session's cookies.
func (f *fetched) send(ctx context.Context, r *client.Request) (*client.CookieTransport, *http.Response, error) {
	r.URL, r.Page, r.Policy = f.url, f.page, f.policy
	if f.asker != nil {
		answer, err := f.asker.Send(ctx, r)
		return nil, answer, err
	}
	r.UserAgent = f.in.UserAgent
	cookies, answer, err := r.Do(ctx, f.in.Playwright, f.in.Transport)
	if errors.Is(err, client.ErrProxy) {
		f.in.FailProxy()
	}
	return cookies, answer, err
}

// settle gives the browser what the site has set.
func (f *fetched) settle(ctx context.Context, cookies *client.CookieTransport) {
	if f.asker != nil {
		f.asker.Settle(ctx)
		return
	}
	cookies.GiveBack(ctx, f.in.Playwright)
}

// maxHead is how much of a page is looked at, in bytes.
const maxHead = 64 << 10

// saysLost tells whether a page came that says that the session is gone.
func (f *fetched) saysLost(h http.Header, body *bufio.Reader) bool {
	if !f.session.ReadsPages() || !isPage(asHeaders(h)) {
		return false
	}
	head, _ := body.Peek(maxHead) // what breaks off is told by who reads on
	return f.session.LostIn(head)
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
	f.session.Lose(f.login)
	return steps.ErrSessionLost
}

// lostBy tells whether an answer shows that the session is gone, by its status or by
// where the site has led to in the end.
func (f *fetched) lostBy(answer *http.Response) bool {
	at := answer.Request.URL.String()
	return f.session.LostBy(answer.StatusCode, at) || f.session.LostAt(at)
}

// Discard does nothing: nothing was asked for yet.
func (f *fetched) Discard() {}
