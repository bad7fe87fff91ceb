package capture

import (
	"bytes"
	"context"
	"io"

	"github.com/playwright-community/playwright-go"

	"pipe/pipeline/browser"
	"pipe/steps"
)

// printedCopy is what a page or a frame showed as it printed itself, and shows no
// more: a copy of it is printed, in a page of its own.
type printedCopy struct {
	*scriptBlob
	how map[string]any
}

func (p *printedCopy) take(ctx context.Context, w io.Writer) (steps.Receipt, error) {
	var copied bytes.Buffer
	address := p.url
	m := *p.scriptBlob
	m.url = ""
	if got, err := m.take(ctx, &copied); err != nil {
		return got, err
	}
	got := steps.Receipt{Via: "print", URL: steps.ShortURL(address), ContentType: "application/pdf"}
	page, err := p.l.page.Context.NewPage(ctx)
	if err != nil {
		return got, err
	}
	defer page.Discard()
	if err := show(ctx, page.Playwright(), p.l.pw.URL(), copied.String()); err != nil {
		return got, err
	}
	l, err := newPageListener(ctx, page, page.Playwright(), &requestEnds{})
	if err != nil {
		return got, err
	}
	_, err = (&printed{l, p.how}).take(ctx, w)
	return got, err
}

// show has a page show a document at an address, without asking the site for it
// and without scripts.
func show(ctx context.Context, pw playwright.Page, address, body string) error {
	return steps.DoWithin(ctx, browser.CallLimit, "showing what was printed", func() error {
		answer := func(route playwright.Route) {
			// A page that is gone is told so by the call below.
			_ = route.Fulfill(playwright.RouteFulfillOptions{
				Body: body, ContentType: playwright.String("text/html; charset=utf-8"),
				Headers: map[string]string{"Content-Security-Policy": "script-src 'none'; frame-src 'none'; object-src 'none'"},
			})
		}
		if err := pw.Route(address, answer, 1); err != nil {
			return err
		}
		_, err := pw.Goto(address)
		return err
	})
}
