package browser

import (
	"context"
	"fmt"
	"io"
	"maps"

	"github.com/playwright-community/playwright-go"

	"pipe/steps"
)

// Print prints the page as it is.
func (p *page) Print(ctx context.Context, _ playwright.Page, how map[string]any) (steps.Delivery, error) {
	return p.spool(ctx, &printed{p.ears, how})
}

// document waits until the page is loaded, which is then what is heard.
func (e *ears) document() {
	err := e.pw.WaitForLoadState(playwright.PageWaitForLoadStateOptions{State: playwright.LoadStateLoad})
	heard, want := e.listening()
	if err == nil && heard != nil && want.Print != nil {
		heard(&printed{e, want.Print})
	}
}

// printed is a page that is itself the document.
type printed struct {
	e   *ears
	how map[string]any
}

func (p *printed) refuse() {}

// settled resolves once the page's fonts and pictures are there; those that load
// when they are scrolled to may never be.
const settled = `() => Promise.all([
	document.fonts.ready, ...Array.from(document.images).filter(i => i.loading !== 'lazy').map(i => i.decode().catch(() => {})),
]).then(() => true)`

func (p *printed) take(ctx context.Context, w io.Writer) (steps.Received, error) {
	got := steps.Received{Via: "print", URL: steps.ShortURL(p.e.pw.URL()), ContentType: "application/pdf"}
	if _, err := within(ctx, callLimit, "waiting for the page's fonts and pictures", func() (any, error) { return p.e.pw.Evaluate(settled) }); err != nil {
		return got, err
	}
	params := maps.Clone(p.how)
	params["transferMode"] = "ReturnAsStream"
	// The caller's limit is in ctx: a long document takes its time.
	answer, err := within(ctx, longest, "printing the page", func() (any, error) { return p.e.cdp.Send("Page.printToPDF", params) })
	if err != nil {
		return got, err
	}
	if _, err := copyStream(ctx, p.e.send, fieldsOf(answer)["stream"], w); err != nil {
		return got, fmt.Errorf("printing the page: %w", err)
	}
	return got, nil
}
