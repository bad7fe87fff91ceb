package capture

import (
	"context"
	"net/http"
	"slices"
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

// unseenHeaders are what the browser puts on its requests when nobody but the network
// hears of it: the languages that are wanted, "" for none, and whether nothing is to be
// taken from a cache.
type unseenHeaders struct {
	language string
	uncached bool
}

// learnHeaders notes them by the first page that is shown.
func (p *Page) learnHeaders() {
	of, pw := p.page.Context, p.page.Playwright()
	if p.windows.unseen.Load() != nil {
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
					p.windows.unseen.Store(&unseenHeaders{language: sent["accept-language"], uncached: sent["pragma"] == "no-cache"})
				}
			})
		})
	}
	_ = steps.RecoverPanics(func() { pw.OnResponse(heard) })
}

// ofBrowser are the headers that the browser puts on its navigations by itself, beside
// those about itself, and ofItself those that differ from one to the next.
var (
	ofBrowser = []string{"Accept", "Accept-Language", "Dnt", "Upgrade-Insecure-Requests", "User-Agent"}
	ofItself  = []string{"Cookie", "Referer", "Origin", "Content-Type", "Content-Length", "Authorization", "Cache-Control", "Pragma"}
)

// navigationHeaders are those that the browser puts on a request for a window, nil
// where they are not known, or there are some of which it is not known whose they are.
func (p *Page) navigationHeaders(req paused) map[string]string {
	unseen := p.windows.unseen.Load()
	if unseen == nil {
		return nil
	}
	all, spec := map[string]string{}, p.page.Context.Transport.Headers(req.url)
	for name, value := range browser.Fields(req.sent["headers"]) {
		name = http.CanonicalHeaderKey(name)
		switch lower := strings.ToLower(name); {
		case strings.HasPrefix(lower, "sec-"):
			all[lower] = browser.Text(value)
		case slices.Contains(ofBrowser, name):
			all[name] = browser.Text(value)
		case slices.Contains(ofItself, name), browser.IsMark(name), hasHeader(spec, name):
		default:
			return nil
		}
	}
	if unseen.language != "" {
		all["Accept-Language"] = unseen.language
	}
	if unseen.uncached {
		all["Cache-Control"], all["Pragma"] = "no-cache", "no-cache"
	}
	return all
}

func hasHeader(headers map[string]string, name string) bool {
	for one := range headers {
		if strings.EqualFold(one, name) {
			return true
		}
	}
	return false
}
