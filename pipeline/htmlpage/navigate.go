package htmlpage

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"pipe/pipeline/client"
	"pipe/steps"
)

// Session is the login under which the site is asked.
type Session interface {
	// Send sends a request as a page of the session's would.
	Send(ctx context.Context, r *client.Request) (*http.Response, error)
	// Settle is told that the session holds: what the site has set is the browser's too.
	Settle(ctx context.Context)
	// LostAt tells whether an address shows that the session is gone, LostBy whether a
	// status at an address does.
	LostAt(url string) bool
	LostBy(status int, url string) bool
	// Signs are what shows on a page that it is gone: plain CSS of what is to be seen, and
	// texts.
	Signs() (selectors, texts []string)
	// LoseSession tells all who work under the login that it is gone.
	LoseSession()
}

// request is what the page asks for.
type request struct {
	method, url string
	body        []byte
	contentType string
	// from is the document that asks, policies what the element says of the Referer.
	from     *document
	policies []string
	// typed is true for an address that no document has led to.
	typed bool
	// byItself is true for one that a page leads on to by itself.
	byItself bool
}

// Intercept has the page make no request, but give it to take, until the function that it
// gives is called.
func (p *Page) Intercept(take func(*client.Request)) (stop func()) {
	p.take = take
	return func() { p.take = nil }
}

func (p *Page) intercepting() bool { return p.take != nil }

// Policy is what the page says of the Referer.
func (p *Page) Policy() string { return p.policy }

// followLink follows a link.
func (p *Page) followLink(d *document, a *html.Node, name string, limit *float64) error {
	href := strings.TrimSpace(attr(a, "href"))
	to, err := d.base.Parse(href)
	switch target := strings.ToLower(attr(a, "target")); {
	case err != nil, to.Scheme != "http" && to.Scheme != "https", href == "#":
		return needsPage(fmt.Sprintf("clicking %s, which leads to %q,", name, steps.Printable(href)))
	case target != "" && target != "_self" && target != "_top" && target != "_parent" && !p.intercepting():
		return needsPage("clicking " + name + ", which opens another tab,")
	case has(a, "download") && (!p.intercepting() || attr(a, "download") != ""):
		return needsPage("clicking " + name + ", which downloads a file,")
	case has(a, "ping"):
		return needsPage("clicking " + name + ", which tells others of it,")
	}
	if to.Fragment != "" && sameDocument(to, d.url) {
		p.at = to.String()
		return nil
	}
	r := &request{url: to.String(), from: d, policies: []string{attr(a, "referrerpolicy")}}
	for word := range strings.FieldsSeq(strings.ToLower(attr(a, "rel"))) {
		if word == "noreferrer" {
			r.policies = append(r.policies, "no-referrer")
		}
	}
	return p.open(r, limit)
}

func sameDocument(a, b *url.URL) bool {
	plain := func(u *url.URL) string {
		same := *u
		same.Fragment, same.RawFragment = "", ""
		return same.String()
	}
	return plain(a) == plain(b)
}

// open asks for a page and shows it, and those that it leads on to by itself.
func (p *Page) open(r *request, limit *float64) error {
	if r.method == "" {
		r.method = http.MethodGet
	}
	if p.take != nil {
		p.take(p.ask(r))
		return nil
	}
	ctx, cancel := p.limited(limit)
	defer cancel()
	for hops := 0; ; hops++ {
		wait, next, err := p.load(ctx, r)
		switch {
		case err != nil || next == "":
			return err
		case wait > refreshSoon:
			p.instead = needsPage(fmt.Sprintf("a page that leads on by itself after %v", wait))
			return nil
		case hops == refreshesMost:
			return &steps.SiteError{Err: errors.New("the page leads on over and over")}
		}
		if err := steps.Pause(ctx, wait); err != nil {
			return &steps.SiteError{Err: steps.ContextError(ctx, "waiting for the page to lead on")}
		}
		r = &request{method: http.MethodGet, url: next, from: p.doc, byItself: true}
	}
}

func (p *Page) pageOf(r *request) string {
	if r.typed || r.from == nil {
		return ""
	}
	return r.from.url.String()
}

// ask gives a request as it is sent.
func (p *Page) ask(r *request) *client.Request {
	ask := &client.Request{
		Method: r.method, URL: r.url, Page: p.pageOf(r), Policy: client.PolicyOf(r.policies, p.policy), Navigates: true, ByItself: r.byItself,
		Headers: map[string]string{},
	}
	if r.body != nil {
		ask.Body = bytes.NewReader(r.body)
		ask.Headers["Content-Type"] = r.contentType
	}
	return ask
}

// maxPage is the largest page that is looked at, in bytes.
const maxPage = 16 << 20

// load asks for a page and shows it. It gives where the page leads on to by itself, and
// after how long.
func (p *Page) load(ctx context.Context, r *request) (wait time.Duration, next string, err error) {
	if r.method != http.MethodGet {
		if err := p.Sending(); err != nil {
			return 0, "", err
		}
	}
	answer, err := p.session.Send(ctx, p.ask(r))
	if err != nil {
		return 0, "", &steps.SiteError{Err: err}
	}
	defer func() { _ = answer.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(answer.Body, maxPage+1))
	if err != nil {
		if ctx.Err() != nil {
			err = steps.ContextError(ctx, "receiving the page")
		}
		return 0, "", &steps.SiteError{Err: fmt.Errorf("the page was cut off: %w", err)}
	}
	if err := p.show(answer, body, r); err != nil {
		return 0, "", err
	}
	p.session.Settle(ctx)
	wait, next = p.refresh(answer)
	return wait, next, nil
}

// show has the page show an answer.
func (p *Page) show(answer *http.Response, body []byte, r *request) error {
	at := *answer.Request.URL
	if asked, err := url.Parse(r.url); err == nil && at.Fragment == "" {
		at.Fragment, at.RawFragment = asked.Fragment, asked.RawFragment
	}
	p.doc, p.instead, p.at = nil, nil, at.String()
	p.policy, p.posted = client.PolicyOf(answer.Header.Values("Referrer-Policy"), ""), answer.Request.Method != http.MethodGet
	if p.session.LostBy(answer.StatusCode, p.at) {
		return p.lost()
	}
	kind, _, _ := mime.ParseMediaType(answer.Header.Get("Content-Type"))
	disposition, _, _ := mime.ParseMediaType(answer.Header.Get("Content-Disposition"))
	switch {
	case len(body) > maxPage:
		p.instead = needsPage("a page of more than 16 MB")
	case answer.StatusCode == http.StatusNoContent, answer.StatusCode == http.StatusResetContent:
		p.instead = needsPage("an answer without content")
	case disposition == "attachment":
		p.instead = needsPage("an answer that is a file to download")
	case kind != "text/html" && (kind != "" || !looksLikeHTML(body)):
		p.instead = needsPage("an answer of the type " + steps.Printable(kind))
	}
	if p.instead == nil {
		doc, err := parse(body, answer.Header.Get("Content-Type"), &at)
		if err != nil {
			return needsPage("a page that does not parse")
		}
		p.doc = doc
		for n := range doc.elements(doc.root) {
			if n.DataAtom == atom.Meta && strings.EqualFold(attr(n, "name"), "referrer") {
				p.policy = client.PolicyOf([]string{attr(n, "content")}, p.policy)
			}
		}
		if err := p.stillIn(); err != nil {
			return err
		}
	}
	if answer.StatusCode >= http.StatusBadRequest {
		return p.refused(answer)
	}
	return nil
}

func looksLikeHTML(body []byte) bool {
	return strings.HasPrefix(http.DetectContentType(body), "text/html")
}

// refused is an answer of 400 or more. What the site refuses to one who asks without a
// browser, it may well give to one with.
func (p *Page) refused(answer *http.Response) error {
	err := &steps.StatusError{
		URL: steps.ShortURL(p.at), Status: answer.StatusCode,
		RetryAfter: steps.RetryAfter(answer.Header.Get("Retry-After"), answer.Header.Get("Date"), time.Now()),
	}
	same := []int{http.StatusNotFound, http.StatusGone, http.StatusTooManyRequests, http.StatusRequestTimeout}
	challenge := answer.Header.Get("Cf-Mitigated") != ""
	if challenge || answer.StatusCode < http.StatusInternalServerError && !slices.Contains(same, answer.StatusCode) {
		return &steps.NeedsPageError{Err: err}
	}
	return &steps.SiteError{Err: err}
}

// stillIn tells of a page that shows that the session is gone.
func (p *Page) stillIn() error {
	selectors, texts := p.session.Signs()
	for _, one := range selectors {
		list, err := parseCSS(one)
		if err != nil {
			return needsPage(err.Error())
		}
		if slices.ContainsFunc(p.doc.query(list, scope{at: p.doc.root}), p.doc.visible) {
			return p.lost()
		}
	}
	if len(texts) > 0 {
		said, _ := p.Text()
		if slices.ContainsFunc(texts, func(text string) bool { return steps.ContainsText(said, text) }) {
			return p.lost()
		}
	}
	if !p.session.LostAt(p.at) {
		return nil
	}
	for n := range p.doc.elements(p.doc.root) {
		if n.DataAtom == atom.Input && kindOf(n) == "password" && p.doc.visible(n) {
			return p.lost()
		}
	}
	return needsPage("a page where the site wants a login, and that may lead on by a script,")
}

func (p *Page) lost() error {
	p.session.LoseSession()
	return &steps.SiteError{Err: steps.ErrSessionLost}
}
