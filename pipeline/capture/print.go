package capture

import (
	"context"
	"fmt"
	"io"
	"maps"

	"github.com/playwright-community/playwright-go"

	"pipe/pipeline/browser"
	"pipe/steps"
)

// Print prints the page as it is.
func (p *Page) Print(ctx context.Context, _ playwright.Page, how map[string]any) (steps.Delivery, error) {
	return p.spool(ctx, &printed{p.listener, how})
}

// awaitDocument waits until the page is loaded, which is then what is heard.
func (l *pageListener) awaitDocument(ctx context.Context) {
	err := steps.DoWithin(ctx, untilDone, "waiting for the document", func() error {
		return l.pw.WaitForLoadState(playwright.PageWaitForLoadStateOptions{State: playwright.LoadStateLoad})
	})
	if h := l.listening(); err == nil && h != nil && h.written {
		_, err = steps.CallWithin(ctx, untilDone, "waiting for the document", func() (any, error) { return l.pw.Evaluate(writtenJS) })
	}
	if h := l.listening(); err == nil && h != nil && h.want.print() != nil {
		h.file(&printed{l, h.want.print()})
	}
}

// writtenJS resolves once a tab that its opener writes shows something, and is
// written no more.
const writtenJS = `() => new Promise(done => {
	let timer;
	const look = () => {
		clearTimeout(timer);
		if (document.readyState === 'complete' && document.body?.hasChildNodes()) timer = setTimeout(() => done(true), 500);
	};
	new MutationObserver(look).observe(document, {subtree: true, childList: true, characterData: true});
	addEventListener('load', look);
	look();
})`

// printed is a page that is itself the document.
type printed struct {
	l   *pageListener
	how map[string]any
}

func (p *printed) refuse() {}

// settled resolves once the page's fonts and pictures are there; those that load
// when they are scrolled to may never be.
const settled = `() => Promise.all([
	document.fonts.ready, ...Array.from(document.images).filter(i => i.loading !== 'lazy').map(i => i.decode().catch(() => {})),
]).then(() => true)`

func (p *printed) take(ctx context.Context, w io.Writer) (steps.Receipt, error) {
	got := steps.Receipt{Via: "print", URL: steps.ShortURL(p.l.pw.URL()), ContentType: "application/pdf"}
	if _, err := steps.CallWithin(ctx, browser.CallLimit, "waiting for the page's fonts and pictures", func() (any, error) { return p.l.pw.Evaluate(settled) }); err != nil {
		return got, err
	}
	params := maps.Clone(p.how)
	params["transferMode"] = "ReturnAsStream"
	// The caller's limit is in ctx: a long document takes its time.
	answer, err := steps.CallWithin(ctx, untilDone, "printing the page", func() (any, error) { return p.l.cdp.Send("Page.printToPDF", params) })
	if err != nil {
		return got, err
	}
	if _, err := copyStream(ctx, p.l.cdp, browser.Fields(answer)["stream"], w); err != nil {
		return got, fmt.Errorf("printing the page: %w", err)
	}
	return got, nil
}
