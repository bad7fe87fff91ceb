package capture

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"

	"github.com/playwright-community/playwright-go"

	"pipe/pipeline/client"
	"pipe/steps"
)

// Asker is a [Session] that asks the site by itself, beside the browser.
type Asker interface {
	Session
	// Send sends a request as a page of the session's would, Settle gives the browser
	// what the site has set.
	Send(ctx context.Context, r *client.Request) (*http.Response, error)
	Settle(ctx context.Context)
}

// Document is a page without a browser.
type Document interface {
	// URL is its address, Policy what it says of the Referer.
	URL() string
	Policy() string
	// Sending is called before something is sent that may change something on the site.
	Sending() error
	// Intercept has it make no request, but give it to take, until stop is called.
	Intercept(take func(*client.Request)) (stop func())
}

// Static takes the files that a page without a browser brings: those that it asks for at a
// click, and those at an address.
type Static struct {
	page    Document
	session Asker
}

var (
	_ steps.Capturer  = (*Static)(nil)
	_ steps.Requester = (*Static)(nil)
)

// NewStatic gives what takes a page's files.
func NewStatic(page Document, session Asker) *Static { return &Static{page, session} }

// Listen takes the request that the trigger makes.
func (s *Static) Listen(_ context.Context, _ playwright.Page, wants ...steps.CaptureOptions) (steps.PendingCapture, error) {
	if len(wants) != 1 || wants[0].Print != nil {
		return nil, &steps.NeedsPageError{Reason: "to take several files of one step, or to print,"}
	}
	c := &staticCapture{of: s, want: wants[0]}
	c.stop = s.page.Intercept(func(r *client.Request) { c.asked = append(c.asked, r) })
	return c, nil
}

// Fetch names the file of a link.
func (s *Static) Fetch(_ context.Context, _ playwright.Page, link steps.Link) (steps.Delivery, error) {
	f, err := s.address(link)
	if err != nil {
		return nil, err
	}
	return f, nil
}

func (s *Static) address(link steps.Link) (*fetched, error) {
	at, err := client.Resolve(s.page.URL(), link.URL)
	if err != nil {
		return nil, err
	}
	return &fetched{
		url: at, page: s.page.URL(), policy: client.PolicyOf(link.Policies, s.page.Policy()), session: s.session, asker: s.session, login: s.session.Login(), via: "fetch",
	}, nil
}

// Print needs a browser.
func (*Static) Print(context.Context, playwright.Page, map[string]any) (steps.Delivery, error) {
	return nil, &steps.NeedsPageError{Reason: "printing"}
}

// Ask asks the site beside the page.
func (s *Static) Ask(ctx context.Context, asked steps.SiteRequest) (*steps.SiteResponse, error) {
	f, err := s.address(steps.Link{URL: asked.URL})
	if err != nil {
		return nil, err
	}
	_, got, err := f.send(ctx, &client.Request{Method: asked.Method, Body: toSend(asked.Body), Headers: asked.Headers, Named: asked.Named})
	if err != nil {
		return nil, &steps.SiteError{Err: err}
	}
	defer func() { _ = got.Body.Close() }()
	return f.answer(ctx, nil, got)
}

// Evaluate needs a browser.
func (*Static) Evaluate(string) (any, error) {
	return nil, &steps.NeedsPageError{Reason: "a script"}
}

// WatchNavigations and Settle have nothing to wait for: what was done is over.
func (*Static) WatchNavigations(context.Context) error { return nil }

// Settle has nothing to wait for.
func (*Static) Settle(context.Context) error { return nil }

// OpenTab needs a browser.
func (*Static) OpenTab(context.Context, func(context.Context) error) (playwright.Page, error) {
	return nil, &steps.NeedsPageError{Reason: "a tab"}
}

// Opened is false: there are no tabs.
func (*Static) Opened(playwright.Page) bool { return false }

// CloseStrays has none to close.
func (*Static) CloseStrays(context.Context) error { return nil }

// staticCapture is one listening.
type staticCapture struct {
	of    *Static
	want  steps.CaptureOptions
	asked []*client.Request
	stop  func()
}

// Close stops the listening.
func (c *staticCapture) Close() { c.stop() }

// PassedBy tells of nothing: one request is made.
func (*staticCapture) PassedBy() []string { return nil }

// Wait sends the request of the trigger, and gives the file once the site has begun to
// answer with one. What is no file may lead to one by a script.
func (c *staticCapture) Wait(ctx context.Context) (steps.Delivery, error) {
	c.stop()
	if len(c.asked) != 1 {
		return nil, &steps.NeedsPageError{Reason: "a file that its step does not ask for by itself"}
	}
	if c.want.OnlyLooks {
		return &fetched{}, nil
	}
	r, s := c.asked[0], c.of.session
	if r.Method != http.MethodGet {
		if err := c.of.page.Sending(); err != nil {
			return nil, err
		}
	}
	f := &fetched{url: r.URL, page: r.Page, policy: r.Policy, session: s, asker: s, login: s.Login(), via: "fetch"}
	asking, cancel := context.WithCancel(context.WithoutCancel(ctx))
	until := context.AfterFunc(ctx, cancel)
	answer, err := s.Send(asking, r) //nolint:bodyclose // Discard closes it
	if err != nil {
		cancel()
		if ctx.Err() != nil {
			err = steps.ContextError(ctx, "waiting for the file")
		}
		return nil, &steps.SiteError{Err: err}
	}
	d := &staticFile{answer: answer, body: bufio.NewReaderSize(answer.Body, maxHead), cancel: cancel}
	if err := c.check(ctx, f, d); err != nil {
		d.Discard()
		return nil, err
	}
	if !until() {
		d.Discard()
		return nil, steps.ContextError(ctx, "waiting for the file")
	}
	return d, nil
}

// check tells why an answer is not the file.
func (c *staticCapture) check(ctx context.Context, f *fetched, d *staticFile) error {
	if f.lostBy(d.answer) || f.saysLost(d.answer.Header, d.body) {
		return &steps.SiteError{Err: f.lost()}
	}
	if err := client.FileFault(d.answer, f.url); err != nil {
		var status *steps.StatusError
		told := []int{http.StatusNotFound, http.StatusGone, http.StatusTooManyRequests}
		if errors.As(err, &status) && (status.Status >= http.StatusInternalServerError || slices.Contains(told, status.Status)) {
			return &steps.SiteError{Err: err}
		}
		return &steps.NeedsPageError{Err: err}
	}
	if isPage(asHeaders(d.answer.Header)) {
		return &steps.NeedsPageError{Reason: fmt.Sprintf("what %s answers with, a page in the file's place,", steps.ShortURL(f.url))}
	}
	at := d.answer.Request.URL.String()
	d.got = steps.Receipt{
		Via: f.via, URL: steps.ShortURL(f.url), OpenEnd: client.OpenEnd(d.answer),
		ContentType: d.answer.Header.Get("Content-Type"), Name: client.SiteName(d.answer.Header.Get("Content-Disposition"), at),
	}
	if m := c.want.Match; m.Given() && !m.Holds(at, d.got.Name, d.got.ContentType) {
		return &steps.NeedsPageError{Reason: "a file that is not the one that match wants"}
	}
	if f.session.Holds(f.login) {
		f.asker.Settle(ctx)
	}
	return nil
}

// staticFile is a file that the site has begun to send.
type staticFile struct {
	answer *http.Response
	body   *bufio.Reader
	got    steps.Receipt
	cancel context.CancelFunc
}

// Receive writes down what comes.
func (d *staticFile) Receive(ctx context.Context, w io.Writer) (steps.Receipt, error) {
	defer d.Discard()
	defer context.AfterFunc(ctx, d.cancel)()
	size, err := io.Copy(w, d.body)
	switch {
	case err == nil:
		return d.got, nil
	case ctx.Err() != nil:
		return d.got, steps.ContextError(ctx, "receiving the file")
	default:
		return d.got, fmt.Errorf("the file was cut off after %d bytes: %w", size, err)
	}
}

// Discard gives the file up.
func (d *staticFile) Discard() {
	d.cancel()
	_ = d.answer.Body.Close()
}
