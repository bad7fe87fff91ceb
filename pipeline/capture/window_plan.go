package capture

import (
	"context"
	"net/http"
	"strings"
	"sync"

	"github.com/playwright-community/playwright-go"

	"pipe/pipeline/browser"
	"pipe/specs"
	"pipe/steps"
)

// planWindows gives what becomes of the windows of a listening. Those for several
// files, for a print, or that a step waits for, are the browser's own.
func (p *Page) planWindows(want wanted) *windowPlan {
	one := want.alone()
	if one == nil || one.Step == "" || one.Print != nil || p.awaited.Load() != nil {
		return nil
	}
	return p.windows.of(one.Step, specs.OriginOf(p.page.Playwright().URL())).plan()
}

// windowTold is told of a request for a window that a frame of the page opens.
func (c *captureListener) windowTold(told map[string]any, by playwright.Frame) {
	if told["needed"] == true {
		c.windows.need()
		return
	}
	policy := ""
	if said := c.page.policy.Load(); said != nil && by == c.page.page.Playwright().MainFrame() {
		policy = *said
	}
	asked := readWindowRequest(told, policy)
	asked.by, asked.moves = by, c.page.listener.moves.Load()
	c.windows.tell(asked)
	if told["beside"] == true {
		c.page.windowAsked(c, asked)
	}
}

// learnLanguage notes by the first page that is shown which languages the site is told
// that are wanted: the browser puts that on when nobody but the network hears of it.
func (p *Page) learnLanguage() {
	of, pw := p.page.Context, p.page.Playwright()
	if p.windows.language.Load() != nil {
		return
	}
	var once sync.Once
	var heard func(playwright.Response)
	heard = func(answer playwright.Response) {
		if !answer.Request().IsNavigationRequest() {
			return
		}
		once.Do(func() {
			of.Browser.Go(func(ctx context.Context) {
				_ = steps.RecoverPanics(func() { pw.RemoveListener("response", heard) })
				sent, err := steps.CallWithin(ctx, browser.CallLimit, "reading a request's headers", answer.Request().AllHeaders)
				if err == nil && sent["accept-encoding"] != "" {
					language := sent["accept-language"]
					p.windows.language.Store(&language)
				}
			})
		})
	}
	_ = steps.RecoverPanics(func() { pw.OnResponse(heard) })
}

// navigationHeaders are those that the browser puts on a request for a window, nil
// where they are not known.
func (p *Page) navigationHeaders(req paused) map[string]string {
	language := p.windows.language.Load()
	if language == nil {
		return nil
	}
	all := map[string]string{}
	for name, value := range browserHeaders(req) {
		if !strings.HasPrefix(name, "sec-") {
			name = http.CanonicalHeaderKey(name)
		}
		all[name] = value
	}
	if *language != "" {
		all["Accept-Language"] = *language
	}
	return all
}
