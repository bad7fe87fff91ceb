package capture

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/playwright-community/playwright-go"

	"pipe/pipeline/browser"
	"pipe/pipeline/client"
	"pipe/steps"
)

// ask sends a request for a window that is not there, beside the browser.
func (r *reception) ask(ctx context.Context, e tabEvent) {
	ctx, cancel := context.WithCancel(ctx)
	r.asking = append(r.asking, cancel)
	in, headers := r.owner.page.Context, r.plan.shapes[e.window.windowShape]
	in.Browser.Go(func(life context.Context) {
		defer context.AfterFunc(life, cancel)()
		answer := e.window.send(ctx, in, headers)
		if !r.push(tabEvent{tab: e.tab, req: answer.paused(e.window), window: e.window, answer: answer}) {
			answer.drop()
		}
	})
}

// stopAsking ends what was asked for beside the browser.
func (r *reception) stopAsking() {
	for _, cancel := range r.asking {
		cancel()
	}
}

// shows tells by the answers on the way whether the session is gone.
func (r *reception) losesBy(a *windowAnswer) bool {
	lost := false
	a.hops(func(status int, url string) { lost = lost || r.owner.session.LostBy(status, url) })
	return lost
}

// takeCookies gives the browser what the site has set, while its session holds.
func (r *reception) takeCookies(ctx context.Context, e tabEvent) {
	if e.answer != nil && r.owner.session.Holds(r.login) {
		e.answer.cookies.GiveBack(ctx, r.owner.page.Context.Playwright)
	}
}

// unread says why nothing can be read of an answer, whatever it is.
func unread(e tabEvent) error {
	if e.answer == nil || e.answer.Header.Get("Content-Encoding") == "" {
		return nil
	}
	return client.FileFault(e.answer.Response, e.req.url)
}

// pageMost is how much of a page in the file's place is read, in bytes.
const pageMost = 16 << 20

// body reads what came in the file's place.
func (r *reception) body(ctx context.Context, e tabEvent) ([]byte, error) {
	if e.answer == nil {
		return heldBody(ctx, r.interceptor.cdp, e.req)
	}
	body, err := io.ReadAll(io.LimitReader(e.answer.Body, pageMost))
	if ctx.Err() != nil {
		return nil, steps.ContextError(ctx, "the answer of "+steps.ShortURL(e.req.url)+" began to come and did not end")
	}
	if err != nil {
		return nil, fmt.Errorf("the answer of %s was cut off: %w", steps.ShortURL(e.req.url), err)
	}
	return body, nil
}

// besideFile takes what came without its window.
func (r *reception) besideFile(ctx context.Context, e tabEvent) (bool, error) {
	r.takeCookies(ctx, e)
	r.got = received(e.req)
	r.got.OpenEnd = client.OpenEnd(e.answer.Response)
	head := &headWriter{to: r.w}
	size, err := io.Copy(head, e.answer.Body)
	switch {
	case head.failed != nil:
		return true, head.failed
	case err != nil && ctx.Err() != nil:
		return true, steps.ContextError(ctx, "the file began to come and did not end")
	case err != nil:
		return true, fmt.Errorf("the file was cut off after %d bytes: %w", size, err)
	}
	r.well = !r.want.rulesOut(e.req) && (r.want.page() || !strings.HasPrefix(http.DetectContentType(head.head), "text/html"))
	return true, nil
}

// headWriter writes on, and keeps how what it writes begins.
type headWriter struct {
	to     io.Writer
	head   []byte
	failed error
}

func (w *headWriter) Write(p []byte) (int, error) {
	const most = 512 // what net/http looks at
	w.head = append(w.head, p[:min(len(p), most-min(most, len(w.head)))]...)
	n, err := w.to.Write(p)
	w.failed = err
	return n, err
}

// besidePage shows a page that came in the file's place in a tab, of which the file may
// come: the tab is given that very answer.
func (r *reception) besidePage(ctx context.Context, e tabEvent, body []byte) (bool, error) {
	tb, pw, err := r.owner.showIn(ctx, r.tabDelivery)
	if err != nil {
		return r.without(e.tab, err)
	}
	r.given[tb] = shownAnswer(e.req, body)
	r.mu.Lock()
	delete(r.tabs, e.tab.id)
	r.mu.Unlock()
	referer := e.answer.Request.Header.Get("Referer")
	r.owner.page.Context.Browser.Go(func(life context.Context) {
		// What becomes of it, the interceptor is told.
		_ = steps.DoWithin(life, browser.CallLimit, "showing a page", func() error {
			_, err := pw.Goto(e.req.url, playwright.PageGotoOptions{Referer: &referer, WaitUntil: playwright.WaitUntilStateCommit})
			return err
		})
	})
	return false, nil
}

// shownAnswer is what a tab is given for the answer to its request.
func shownAnswer(req paused, body []byte) map[string]any {
	headers := []any{}
	for _, h := range req.headers {
		switch strings.ToLower(browser.Text(browser.Fields(h)["name"])) {
		case "content-length", "content-encoding", "transfer-encoding", "connection", "set-cookie":
		default:
			headers = append(headers, h)
		}
	}
	return map[string]any{"responseCode": req.status, "responseHeaders": headers, "body": base64.StdEncoding.EncodeToString(body)}
}

// give answers the request of a tab with what is there already, and tells whether
// there is something.
func (r *reception) give(ctx context.Context, e tabEvent) (bool, error) {
	given := r.given[e.tab]
	if given == nil || e.req.answered {
		return false, nil
	}
	delete(r.given, e.tab)
	r.letGo(e)
	given["requestId"] = e.req.id
	r.interceptor.showing(e.tab)
	_, err := r.interceptor.cdp.Command(ctx, "Fetch.fulfillRequest", given)
	return true, err
}

// learn tells the step how its file came.
func (r *reception) learn(ctx context.Context, err error) {
	if r.plan == nil || ctx.Err() == context.Canceled || r.over() {
		return
	}
	r.mu.Lock()
	all, first := len(r.all), r.first
	r.mu.Unlock()
	switch {
	case len(r.asking) > 0:
		r.plan.ended(err == nil && r.well)
	case err != nil:
		// It is the site's fault, or the item's: it says nothing of windows.
	default:
		asked, headers := r.plan.only(), r.owner.navigationHeaders(first)
		asked = asked.ledTo(first)
		if asked != nil && headers != nil && r.direct && all == 1 && asked.is(first) {
			r.plan.came(asked, headers)
		}
	}
}
