package capture

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"time"

	"github.com/playwright-community/playwright-go"

	"pipe/pipeline/browser"
	"pipe/steps"
)

// Print prints the page as it is.
func (p *Page) Print(ctx context.Context, _ playwright.Page, how map[string]any) (steps.Delivery, error) {
	return p.spool(ctx, &printed{l: p.listener, how: how})
}

// awaitDocument waits until the page is loaded, or usable, which is then what is heard.
func (l *pageListener) awaitDocument(ctx context.Context) {
	h := l.listening()
	if h == nil || h.want.print() == nil {
		return
	}
	script, err := l.documentThere(ctx, cmp.Or(h.want.quiet(), stillFor), h.written)
	// A page that has moved on begins anew.
	if h = l.listening(); err != nil || h == nil || h.want.print() == nil {
		return
	}
	file := &printed{l: l, how: h.want.print()}
	if script != "" {
		file.fault = fmt.Errorf("the page is not all there to be printed: it waits for the script at %s, which does not come", steps.ShortURL(script))
	}
	h.file(file)
}

// documentThere waits until the page is there to be printed; script is what the rest of
// it waits for.
func (l *pageListener) documentThere(ctx context.Context, still time.Duration, written bool) (script string, err error) {
	state, err := steps.CallWithin(ctx, untilDone, "waiting for the document", func() (any, error) {
		return l.pw.Evaluate(documentJS, []any{still.Seconds() * 1000, written})
	})
	return browser.Text(state), err
}

// stillFor is how long a page whose load event does not come must have been still.
const stillFor = 5 * time.Second

// documentJS resolves once a page is loaded, or is all there and has been still for a
// while: one picture, frame or script that never comes is no reason to fail. A tab that
// its opener writes may never be closed to writing; it is there once it shows something,
// and is written no more. It gives the script for which the rest of the page waits.
const documentJS = `([still, written]) => new Promise(done => {
	const unloaded = () => {
		const s = [...document.scripts].at(-1);
		return s?.src && !s.async && !performance.getEntriesByName(s.src).length ? s.src : '';
	};
	let timer;
	const look = () => {
		clearTimeout(timer);
		if (written) {
			if (document.body?.hasChildNodes()) timer = setTimeout(() => done(''), document.readyState === 'complete' ? 500 : still);
			return;
		}
		if (location.href === 'about:blank') return; // the page is yet to come
		if (document.readyState === 'complete') done('');
		else if (document.readyState === 'interactive') timer = setTimeout(() => done(''), still);
		else if (unloaded()) timer = setTimeout(() => unloaded() ? done(unloaded()) : look(), 3 * still);
	};
	new MutationObserver(look).observe(document, {subtree: true, childList: true, characterData: true});
	if (!written) new PerformanceObserver(look).observe({type: 'resource'});
	addEventListener('DOMContentLoaded', look);
	addEventListener('load', look);
	look();
})`

// printed is a page that is itself the document.
type printed struct {
	l   *pageListener
	how map[string]any
	// fault is why it cannot be printed.
	fault error
}

func (p *printed) refuse() {}

// settled resolves once the page's fonts and pictures are there, or nothing of them has
// come for a while; those that load when they are scrolled to may never be. It gives the
// pictures that have not come.
const settled = `still => new Promise(done => {
	const all = [...document.images].filter(i => i.loading !== 'lazy'), missing = () => all.filter(i => !i.complete);
	let timer;
	const look = () => {
		clearTimeout(timer);
		timer = setTimeout(() => missing().some(i => i.naturalWidth) ? look() : done(missing().map(i => i.currentSrc || i.src)), still);
	};
	for (const i of all) for (const end of ['load', 'error']) i.addEventListener(end, look);
	look();
	document.body?.offsetHeight; // the layout asks for the fonts
	const fonts = document.readyState === 'complete' || [...document.fonts].some(f => f.status === 'loading');
	Promise.all([fonts && document.fonts.ready, ...all.map(i => i.decode().catch(() => {}))]).then(() => done([]));
})`

func (p *printed) take(ctx context.Context, w io.Writer) (steps.Receipt, error) {
	got := steps.Receipt{Via: "print", URL: steps.ShortURL(p.l.pw.URL()), ContentType: "application/pdf"}
	if p.fault != nil {
		return got, p.fault
	}
	missing, err := steps.CallWithin(ctx, untilDone, "waiting for the page's fonts and pictures", func() (any, error) {
		return p.l.pw.Evaluate(settled, (3*stillFor).Seconds()*1000)
	})
	if err != nil {
		return got, err
	}
	if list, _ := missing.([]any); len(list) > 0 {
		got.Without = fmt.Sprintf("the picture at %s, which did not come", steps.ShortURL(browser.Text(list[0])))
		got.Note = "; it was printed without " + got.Without
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
