package capture

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"github.com/playwright-community/playwright-go"

	"pipe/pipeline/browser"
	"pipe/pipeline/client"
	"pipe/specs"
	"pipe/steps"
)

// windowRequest is what a page asks of the site in a window of its own, as its hook
// tells of it.
type windowRequest struct {
	windowShape
	url, body, contentType string
	// page is the address of the document that asks and from its origin; policy is
	// what it says of the Referer.
	page, from, policy string
	// gesture is true where a user's act has brought it on, opener for a window that
	// would know the page.
	gesture, opener bool
	// tab stands for the window among those of its delivery.
	tab *tab
	// number is the hook's for it, by which frame's, and moves how often the page had
	// gone elsewhere by then.
	number int
	by     playwright.Frame
	moves  int64
}

// readWindowRequest reads what the hook tells; header is what the page's answer says
// of the Referer.
func readWindowRequest(told map[string]any, header string) *windowRequest {
	said := []string{header}
	list, _ := told["policies"].([]any)
	for _, one := range list {
		said = append(said, browser.Text(one))
	}
	w := &windowRequest{
		windowShape: windowShape{kind: browser.Text(told["kind"]), method: browser.Text(told["method"]), origin: specs.OriginOf(browser.Text(told["url"]))},
		url:         browser.Text(told["url"]), body: browser.Text(told["body"]), contentType: browser.Text(told["type"]),
		page: browser.Text(told["page"]), from: browser.Text(told["origin"]), policy: client.PolicyOf(said, ""), gesture: told["gesture"] == true, opener: told["opener"] == true,
		number: browser.Number(told["number"]),
	}
	heard := make(chan struct{})
	close(heard)
	w.tab = &tab{id: windowPrefix + rand.Text(), closed: make(chan struct{}), ready: heard}
	return w
}

// windowPrefix begins the names of windows that are not there.
const windowPrefix = "window-"

// ledTo is the request of a window that was opened empty and led somewhere later.
func (w *windowRequest) ledTo(req paused) *windowRequest {
	if w == nil || w.url != "" {
		return w
	}
	led := *w
	led.url, led.origin = req.url, specs.OriginOf(req.url)
	return &led
}

// is tells whether the browser's own request is this one.
func (w *windowRequest) is(req paused) bool {
	sent := browser.Fields(req.sent["headers"])
	to, err := url.Parse(w.url)
	if err != nil || w.url != req.url || w.method != req.method || sentHeader(sent, "Referer") != client.Referer(w.page, to, w.policy) {
		return false
	}
	if w.method == http.MethodGet {
		return sentHeader(sent, "Origin") == "" && req.sent["hasPostData"] != true
	}
	// What divides the parts of a body is made anew each time.
	theirs, ours := sentHeader(sent, "Content-Type"), w.contentType
	body := w.body
	if between, theirOwn := boundary(ours), boundary(theirs); between != "" && theirOwn != "" {
		ours, body = strings.ReplaceAll(ours, between, theirOwn), strings.ReplaceAll(body, between, theirOwn)
	}
	return sentHeader(sent, "Origin") == w.from && theirs == ours && browser.Text(req.sent["postData"]) == body
}

func boundary(contentType string) string {
	_, params, _ := mime.ParseMediaType(contentType)
	return params["boundary"]
}

func sentHeader(sent map[string]any, name string) string {
	for one, value := range sent {
		if strings.EqualFold(one, name) {
			return browser.Text(value)
		}
	}
	return ""
}

// windowAnswer is what the site answers to a windowRequest, or why it did not.
type windowAnswer struct {
	*http.Response
	cookies *client.CookieTransport
	failed  error
}

// send asks the site as the window would.
func (w *windowRequest) send(ctx context.Context, in *browser.Context, headers map[string]string) *windowAnswer {
	r := &client.Request{
		Method: w.method, URL: w.url, Page: w.page, Policy: w.policy, UserAgent: in.UserAgent, ContentType: w.contentType,
		Navigation: &client.Navigation{Origin: w.from, Gesture: w.gesture, Opener: w.opener, Browser: headers},
	}
	if w.method != http.MethodGet {
		r.Body = strings.NewReader(w.body)
	}
	a := &windowAnswer{}
	a.cookies, a.Response, a.failed = r.Do(ctx, in.Playwright, in.Transport) //nolint:bodyclose // by who takes the answer, or drops it
	if errors.Is(a.failed, client.ErrProxy) {
		in.FailProxy()
	}
	return a
}

// drop lets go of an answer.
func (a *windowAnswer) drop() {
	if a.Response != nil {
		_ = a.Body.Close()
	}
}

// paused gives the answer in the form of one that the browser holds.
func (a *windowAnswer) paused(w *windowRequest) paused {
	req := paused{url: w.url, method: w.method, kind: "Document", answered: true}
	if a.failed != nil {
		return req
	}
	req.url, req.status, req.method = a.Request.URL.String(), a.StatusCode, a.Request.Method
	for name, values := range a.Header {
		for _, value := range values {
			req.headers = append(req.headers, map[string]any{"name": name, "value": value})
		}
	}
	return req
}

// hops tells of the addresses that the site was asked for, the last first, with what
// it answered.
func (a *windowAnswer) hops(tell func(status int, url string)) {
	for at := a.Response; at != nil && at.Request != nil; at = at.Request.Response {
		tell(at.StatusCode, at.Request.URL.String())
	}
}

// windowAsked is told of a request for a window that the page did not get: it joins
// the file that tabs bring of the page's, or is one of its own.
func (p *Page) windowAsked(c *captureListener, asked *windowRequest) {
	asked.tab.owner = p
	c.seen.add("the page opened a window for " + steps.ShortURL(asked.url))
	p.mu.Lock()
	d, mine := p.group, p.listen == c
	fresh, doubted := d == nil, c.doubts(paused{url: asked.url})
	if fresh {
		d = newTabDelivery(p.interceptor, p)
		d.plan = c.windows
	}
	if fresh && mine && !doubted {
		p.group = d
	}
	p.mu.Unlock()
	if !mine {
		return
	}
	d.ask(asked)
	switch {
	case fresh && doubted:
		c.takeTab(d)
	case fresh && !c.offer(d, 0):
		d.Discard()
	}
}

// ask adds a request for a window that is not there.
func (d *tabDelivery) ask(asked *windowRequest) {
	d.mu.Lock()
	dropped := d.dropped
	if !dropped {
		d.tabs[asked.tab.id] = ""
		d.windows[asked.tab.id] = asked
		d.asked = append(d.asked, asked.url)
	}
	d.mu.Unlock()
	if !dropped {
		d.push(tabEvent{tab: asked.tab, window: asked})
	}
}

// closeWindow tells the page, where it is still there, that a window which was not
// there is closed.
func (d *tabDelivery) closeWindow(id string) {
	d.mu.Lock()
	asked := d.windows[id]
	delete(d.windows, id)
	d.mu.Unlock()
	l := d.owner.listener
	if asked == nil || asked.number == 0 || l.moves.Load() != asked.moves {
		return
	}
	l.background(func(life context.Context) {
		_, _ = l.evaluate(life, asked.by, frameLimit, "closing a window", "?.gone(%s)", asked.number)
	})
}

// showIn opens a tab for a page that came in the file's place, without asking the site
// once more.
func (p *Page) showIn(ctx context.Context, d *tabDelivery) (*tab, playwright.Page, error) {
	const what = "opening a tab for the page that came in the file's place"
	pw, err := steps.CallWithin(ctx, browser.CallLimit, what, func() (playwright.Page, error) { return p.page.Context.Playwright.NewPage() })
	if err != nil {
		return nil, nil, err
	}
	l, err := newPageListener(ctx, p.page, pw, p.listener.ends)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", what, err)
	}
	tb := &tab{id: l.frame, owner: p, taken: d, shown: true, closed: make(chan struct{}), ready: make(chan struct{})}
	p.interceptor.mu.Lock()
	p.interceptor.tabs[tb.id] = tb
	p.interceptor.mu.Unlock()
	d.expect(tb)
	p.keepPopup(pw, l).introduce(ctx) // it is heard before it asks for anything
	return tb, pw, nil
}
