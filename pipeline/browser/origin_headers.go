package browser

import (
	"cmp"
	"context"
	"net/http"
	"strings"
	"sync"

	"pipe/steps"
)

// OwnHeaders are those that a context's requests have beside the page's.
type OwnHeaders struct {
	// For gives them by the address that is asked.
	For func(address string) map[string]string
	// Mark tells contexts with different ones apart; "" where all have the same.
	Mark string
}

// markHeader tells which context a request is of, where that matters: DevTools
// does not. It is taken off before the request leaves the browser.
const markHeader = "X-Pipe-Context"

// redirectsMost bounds how many requests are remembered for where they may lead.
const redirectsMost = 4096

// originHeaders puts headers on by address. Playwright knows headers of a context
// too, and sends them to each host that a page asks: for scripts and images of
// others, and along redirects. So every request of a browser whose contexts have
// headers is held until it has its own; no other browser pays for that.
type originHeaders struct {
	cdp *CDPSession

	mu sync.Mutex
	// own are the headers by their marks.
	own map[string]OwnHeaders
	// asked has the newest requests by their ids, oldest these in turn.
	asked  map[string]asked
	oldest []string
}

// asked is a request: its mark, and the headers that were put on.
type asked struct {
	mark string
	put  map[string]string
}

// putHeaders has the requests of contexts with the mark have the headers.
func (b *Browser) putHeaders(ctx context.Context, own OwnHeaders) error {
	b.headersLock.Lock()
	defer b.headersLock.Unlock()
	if b.headers != nil {
		b.headers.add(own)
		return nil
	}
	cdp, err := steps.CallWithin(ctx, CallLimit, "opening a DevTools session for headers", b.pw.NewBrowserCDPSession)
	if err != nil {
		return err
	}
	h := &originHeaders{cdp: &CDPSession{CDPSession: cdp, start: b.Go}, own: map[string]OwnHeaders{}, asked: map[string]asked{}}
	h.add(own)
	h.cdp.On("Fetch.requestPaused", h.onPaused)
	if _, err := h.cdp.Command(ctx, "Fetch.enable", map[string]any{"patterns": []any{map[string]any{"urlPattern": "*", "requestStage": "Request"}}}); err != nil {
		return err
	}
	b.headers = h
	return nil
}

func (h *originHeaders) add(own OwnHeaders) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.own[own.Mark] = own
}

func (h *originHeaders) onPaused(event any) {
	e := Fields(event)
	request := Fields(e["request"])
	id, url := Text(e["requestId"]), Text(request["url"])
	have, mark := unmarked(Fields(request["headers"]))
	if asksForMark(have) {
		h.cdp.Tell("Fetch.fulfillRequest", map[string]any{"requestId": id, "responseCode": http.StatusNoContent, "responseHeaders": markAllowed(have)})
		return
	}
	before := h.asking(Text(e["redirectedRequestId"]))
	for name, value := range before.put {
		if Text(have[name]) == value {
			delete(have, name)
		}
	}
	now := asked{mark: cmp.Or(mark, before.mark)}
	now.put = h.missing(now.mark, url, have)
	for name, value := range now.put {
		have[name] = value
	}
	h.note(id, now)
	params := map[string]any{"requestId": id}
	if mark != "" || len(before.put) > 0 || len(now.put) > 0 {
		params["headers"] = entries(have)
	}
	h.cdp.Tell("Fetch.continueRequest", params)
}

// missing gives the headers that a request to an address has to be given: those
// that the page has set itself stay.
func (h *originHeaders) missing(mark, url string, have map[string]any) map[string]string {
	h.mu.Lock()
	own, known := h.own[mark]
	h.mu.Unlock()
	if !known {
		return nil
	}
	put := map[string]string{}
	for name, value := range own.For(url) {
		if _, there := header(have, name); !there {
			put[name] = value
		}
	}
	return put
}

// note remembers a request for where it may lead.
func (h *originHeaders) note(id string, now asked) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.oldest) == redirectsMost {
		delete(h.asked, h.oldest[0])
		h.oldest = h.oldest[1:]
	}
	h.asked[id] = now
	h.oldest = append(h.oldest, id)
}

// asking gives a request by its id, nothing where that is not known.
func (h *originHeaders) asking(id string) asked {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.asked[id]
}

// unmarked gives a request's headers without the mark, and the mark.
func unmarked(headers map[string]any) (have map[string]any, mark string) {
	have = make(map[string]any, len(headers))
	for name, value := range headers {
		if strings.EqualFold(name, markHeader) {
			mark = Text(value)
		} else {
			have[name] = value
		}
	}
	return have, mark
}

// asksForMark tells a preflight that there is for the mark alone: nobody but the
// browser is to hear of that. What the site allows is told by its answer itself.
func asksForMark(headers map[string]any) bool {
	asked, _ := header(headers, "Access-Control-Request-Headers")
	return strings.EqualFold(asked, markHeader)
}

// markAllowed is the answer to such a preflight.
func markAllowed(headers map[string]any) []any {
	from, _ := header(headers, "Origin")
	method, _ := header(headers, "Access-Control-Request-Method")
	return entries(map[string]any{
		"Access-Control-Allow-Origin": from, "Access-Control-Allow-Credentials": "true",
		"Access-Control-Allow-Headers": markHeader, "Access-Control-Allow-Methods": method,
	})
}

func header(headers map[string]any, name string) (value string, there bool) {
	for one, v := range headers {
		if strings.EqualFold(one, name) {
			return Text(v), true
		}
	}
	return "", false
}

// entries gives headers in the form of the DevTools protocol.
func entries(headers map[string]any) []any {
	all := make([]any, 0, len(headers))
	for name, value := range headers {
		all = append(all, map[string]any{"name": name, "value": Text(value)})
	}
	return all
}
