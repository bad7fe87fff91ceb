package htmlpage

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/playwright-community/playwright-go"
	"golang.org/x/net/html/atom"

	"pipe/pipeline/client"
	"pipe/steps"
)

// Page is a page without a browser. It serves one goroutine. What it does not have of the
// driver's needs a page in a browser.
type Page struct {
	playwright.Page // nil

	session Session
	// base is what relative addresses are relative to.
	base string
	// life bounds what is asked of the site for the item in hand.
	life context.Context

	doc *document
	at  string
	// instead says why what the site has answered cannot be shown.
	instead error
	// policy is what the document says of the Referer.
	policy string
	// posted is true for a document that a form has brought.
	posted bool
	// take, if set, is given the requests that the page would make, which it does not.
	take func(*client.Request)
	// sending, if set, is asked before anything is sent that may change something.
	sending func() error
}

var _ steps.StaticPage = (*Page)(nil)

// New gives a page of a session's that shows nothing yet; base is what relative addresses
// are relative to.
func New(session Session, base string) *Page {
	return &Page{session: session, base: base, at: blank, life: context.Background()} //nolint:contextcheck // until Begin
}

const blank = "about:blank"

// Begin has the page show nothing, for work that ends with ctx.
func (p *Page) Begin(ctx context.Context) {
	p.posted = false
	p.life, p.doc, p.at, p.instead, p.policy, p.take, p.sending = ctx, nil, blank, nil, "", nil, nil
}

// shown gives the document that the page shows.
func (p *Page) shown() (*document, error) {
	switch {
	case p.instead != nil:
		return nil, p.instead
	case p.doc == nil:
		return nil, needsPage("looking at a page that was not opened")
	}
	return p.doc, nil
}

// CertainlyAbsent tells whether nothing in the document could bring what is not in it.
func (p *Page) CertainlyAbsent() bool {
	return p.doc != nil && !p.doc.scripts && p.doc.first(atom.Iframe) == nil && p.doc.first(atom.Frame) == nil
}

// Sending is called before something is sent that may change something on the site.
func (p *Page) Sending() error {
	if p.sending == nil {
		return nil
	}
	return p.sending()
}

// ByGet is the address that shows again what the page shows.
func (p *Page) ByGet() (string, bool) { return p.at, p.doc != nil && !p.posted }

// Text is all that the page shows.
func (p *Page) Text() (string, error) {
	d, err := p.shown()
	if err != nil {
		return "", err
	}
	if body := d.first(atom.Body); body != nil {
		return d.innerText(body), nil
	}
	return "", nil
}

// BeforeSending has ask called before anything is sent to the site that may change
// something there.
func (p *Page) BeforeSending(ask func() error) { p.sending = ask }

// URL is the page's address.
func (p *Page) URL() string { return p.at }

// Goto opens an address. An answer of 400 and more is an error.
func (p *Page) Goto(address string, options ...playwright.PageGotoOptions) (playwright.Response, error) {
	base, err := url.Parse(p.base)
	if err != nil {
		return nil, needsPage("an address relative to " + p.base)
	}
	to, err := base.Parse(address)
	if err != nil || to.Scheme != "http" && to.Scheme != "https" {
		return nil, needsPage(fmt.Sprintf("opening %q", address))
	}
	return nil, p.open(&request{url: to.String(), typed: true}, timeout(options, func(o playwright.PageGotoOptions) *float64 { return o.Timeout }))
}

// WaitForURL tells whether the address is the one that is waited for: it does not change by
// itself.
func (p *Page) WaitForURL(pattern any, _ ...playwright.PageWaitForURLOptions) error {
	glob, is := pattern.(string)
	if !is {
		return needsPage("waiting for an address by an expression")
	}
	if base, err := url.Parse(p.base); err == nil && !strings.HasPrefix(glob, "*") && glob != "" {
		if whole, err := base.Parse(strings.ReplaceAll(glob, "*", "%2A")); err == nil {
			glob = strings.ReplaceAll(whole.String(), "%2A", "*")
		}
	}
	if !steps.Glob(glob)(p.at) {
		return playwright.ErrTimeout
	}
	return nil
}

// WaitForLoadState is over: the document is there, and loads nothing.
func (*Page) WaitForLoadState(...playwright.PageWaitForLoadStateOptions) error { return nil }

// Close does nothing.
func (*Page) Close(...playwright.PageCloseOptions) error { return nil }

// MainFrame is none.
func (*Page) MainFrame() playwright.Frame { return nil }

// What a page in a browser tells of, never comes to pass here.

// OnClose listens for what never comes.
func (*Page) OnClose(func(playwright.Page)) {}

// OnCrash listens for what never comes.
func (*Page) OnCrash(func(playwright.Page)) {}

// OnDialog listens for what never comes.
func (*Page) OnDialog(func(playwright.Dialog)) {}

// OnFrameNavigated listens for what never comes.
func (*Page) OnFrameNavigated(func(playwright.Frame)) {}

// OnRequest listens for what never comes.
func (*Page) OnRequest(func(playwright.Request)) {}

// OnRequestFinished listens for what never comes.
func (*Page) OnRequestFinished(func(playwright.Request)) {}

// OnRequestFailed listens for what never comes.
func (*Page) OnRequestFailed(func(playwright.Request)) {}

// OnResponse listens for what never comes.
func (*Page) OnResponse(func(playwright.Response)) {}

// RemoveListener listens no more for it.
func (*Page) RemoveListener(string, any) {}

// Locator is what a selector finds on the page.
func (p *Page) Locator(selector string, _ ...playwright.PageLocatorOptions) playwright.Locator {
	return p.bySelector(whole, selector)
}

// FrameLocator is what is in a frame: another document, which is not loaded.
func (p *Page) FrameLocator(selector string) playwright.FrameLocator {
	return &frame{in: p.locate(selector, whole, nil, needsPage(fmt.Sprintf("what is in the frame %q", selector)))}
}

// GetByRole is what has a role.
func (p *Page) GetByRole(role playwright.AriaRole, options ...playwright.PageGetByRoleOptions) playwright.Locator {
	return p.byRole(whole, role, options)
}

// GetByLabel is the fields that have a label.
func (p *Page) GetByLabel(text any, options ...playwright.PageGetByLabelOptions) playwright.Locator {
	return p.byWording(whole, "label", text, exactly(options, func(o playwright.PageGetByLabelOptions) *bool { return o.Exact }), byLabel)
}

// GetByText is what holds a text.
func (p *Page) GetByText(text any, options ...playwright.PageGetByTextOptions) playwright.Locator {
	return p.byWording(whole, "text", text, exactly(options, func(o playwright.PageGetByTextOptions) *bool { return o.Exact }), byWordsOf)
}

// GetByPlaceholder is the fields that have a placeholder.
func (p *Page) GetByPlaceholder(text any, options ...playwright.PageGetByPlaceholderOptions) playwright.Locator {
	return p.byWording(whole, "placeholder", text, exactly(options, func(o playwright.PageGetByPlaceholderOptions) *bool { return o.Exact }), byPlaceholder)
}

// GetByTestId is what has a data-testid.
func (p *Page) GetByTestId(id any) playwright.Locator {
	return p.byWording(whole, "test id", id, nil, byTestID)
}

type driverFrame = playwright.FrameLocator

// frame is a document within the page: whatever is looked for in it needs a browser.
type frame struct {
	driverFrame // nil

	in *Locator
}

func (f *frame) Locator(any, ...playwright.FrameLocatorLocatorOptions) playwright.Locator {
	return f.in
}

func (f *frame) GetByRole(playwright.AriaRole, ...playwright.FrameLocatorGetByRoleOptions) playwright.Locator {
	return f.in
}

func (f *frame) GetByLabel(any, ...playwright.FrameLocatorGetByLabelOptions) playwright.Locator {
	return f.in
}

func (f *frame) GetByText(any, ...playwright.FrameLocatorGetByTextOptions) playwright.Locator {
	return f.in
}

func (f *frame) GetByPlaceholder(any, ...playwright.FrameLocatorGetByPlaceholderOptions) playwright.Locator {
	return f.in
}

func (f *frame) GetByTestId(any) playwright.Locator { return f.in }

// limited bounds what is asked of the site.
func (p *Page) limited(limit *float64) (context.Context, context.CancelFunc) {
	if limit == nil {
		return context.WithCancel(p.life)
	}
	return context.WithTimeout(p.life, time.Duration(*limit*float64(time.Millisecond)))
}
