package capture

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"regexp"
	"strings"
	"sync/atomic"

	"github.com/playwright-community/playwright-go"

	"pipe/pipeline/browser"
	"pipe/specs"
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
	if err := show(ctx, page.Playwright(), p.l.shownAt(), copied.String()); err != nil {
		return got, err
	}
	l, err := newPageListener(ctx, page, page.Playwright(), &requestEnds{})
	if err != nil {
		return got, err
	}
	if _, err := l.documentThere(ctx, stillFor, false); err != nil {
		return got, err
	}
	_, err = (&printed{l: l, how: p.how}).take(ctx, w)
	return got, err
}

// show has a page show a document at an address, without asking the site for it
// and without scripts.
func show(ctx context.Context, pw playwright.Page, address, body string) error {
	return steps.DoWithin(ctx, browser.CallLimit, "showing what was printed", func() error {
		var shown atomic.Bool
		answer := func(route playwright.Route) {
			shown.Store(true)
			// A page that is gone is told so by the call below.
			_ = route.Fulfill(playwright.RouteFulfillOptions{
				Body: body, ContentType: playwright.String("text/html; charset=utf-8"),
				Headers: map[string]string{"Content-Security-Policy": "script-src 'none'; frame-src 'none'; object-src 'none'"},
			})
		}
		if err := pw.Route(exactly(address), answer, 1); err != nil {
			return err
		}
		if _, err := pw.Goto(address, playwright.PageGotoOptions{WaitUntil: playwright.WaitUntilStateDomcontentloaded}); err != nil {
			return err
		}
		if !shown.Load() {
			return fmt.Errorf("showing what was printed: the browser asked for another document than %s", steps.ShortURL(address))
		}
		return nil
	})
}

// exactly matches an address as it is, with any fragment: the request has none. In a
// glob, signs of the address would mean something else.
func exactly(address string) *regexp.Regexp {
	address, _, _ = strings.Cut(address, "#")
	return regexp.MustCompile("^" + regexp.QuoteMeta(address) + "(#.*)?$")
}

// shownAt gives the address of what a page or a tab shows: a tab that its opener
// writes may have none of its own.
func (l *pageListener) shownAt() string {
	for _, pw := range []playwright.Page{l.pw, l.page.Playwright()} {
		if address := pw.URL(); specs.OriginOf(address) != "" {
			return address
		}
	}
	return l.pw.URL()
}
