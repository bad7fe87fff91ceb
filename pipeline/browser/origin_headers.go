package browser

import (
	"context"
	"maps"
	"net/http"
	"strings"
	"sync"

	"pipe/steps"
)

// OwnHeaders are those that a context's requests have beside the page's.
type OwnHeaders struct {
	// Values are all of them; For gives those for an address that is asked.
	Values map[string]string
	For    func(address string) map[string]string
	// Mark tells contexts with different ones apart; "" where all have the same.
	Mark string
}

// markHeader tells which context a request is of, where that matters: DevTools
// does not. It is taken off before the request leaves the browser.
const markHeader = "X-Pipe-Context"

// IsMark tells whether a header is that mark.
func IsMark(name string) bool { return strings.EqualFold(name, markHeader) }

// marksMost bounds how many requests are remembered for where they may lead.
const marksMost = 1 << 16

// originHeaders puts headers on by address. Playwright knows headers of a context
// too, and sends them to each host that a page asks: for scripts and images of
// others, and along redirects. So every request of a browser whose contexts have
// headers is held until it has its own; no other browser pays for that.
type originHeaders struct {
	cdp *CDPSession

	mu sync.Mutex
	// own are the headers by their marks.
	own map[string]OwnHeaders
	// marks has those of the newest requests by their ids, oldest these in turn:
	// along a redirect a request has its mark no more. forgot is true once one is
	// not remembered.
	marks  map[string]string
	oldest []string
	forgot bool
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
	h := &originHeaders{cdp: &CDPSession{CDPSession: cdp, start: b.Go}, own: map[string]OwnHeaders{}, marks: map[string]string{}}
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
	h.cdp.Tell(h.answer(Fields(event)))
}

// answer decides on a request: what the browser is told, and with what.
func (h *originHeaders) answer(e map[string]any) (method string, params map[string]any) {
	request := Fields(e["request"])
	id, url, from := Text(e["requestId"]), Text(request["url"]), Text(e["redirectedRequestId"])
	have, mark := unmarked(Fields(request["headers"]))
	if asksForMark(have) {
		return "Fetch.fulfillRequest", map[string]any{"requestId": id, "responseCode": http.StatusNoContent, "responseHeaders": markAllowed(have)}
	}
	stripped := from != "" && h.strip(have)
	known := true
	if mark == "" && from != "" {
		mark, known = h.markOf(from)
	}
	if !known {
		// Without its headers it may be answered, and as another's.
		return "Fetch.failRequest", map[string]any{"requestId": id, "errorReason": "Aborted"}
	}
	h.note(id, mark)
	put := h.missing(mark, url, have)
	for name, value := range put {
		have[name] = value
	}
	params = map[string]any{"requestId": id}
	if mark != "" || stripped || len(put) > 0 {
		params["headers"] = entries(have)
	}
	return "Fetch.continueRequest", params
}

// strip takes off what was put on before a redirect, and tells whether there was
// any: the browser takes it along, wherever that leads.
func (h *originHeaders) strip(have map[string]any) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	before := len(have)
	for _, own := range h.own {
		for name, value := range own.Values {
			maps.DeleteFunc(have, func(one string, v any) bool {
				return strings.EqualFold(one, name) && strings.TrimSpace(Text(v)) == strings.TrimSpace(value)
			})
		}
	}
	return len(have) < before
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

// note remembers a request's mark for where it may lead.
func (h *originHeaders) note(id, mark string) {
	if mark == "" {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.oldest) == marksMost {
		delete(h.marks, h.oldest[0])
		h.oldest, h.forgot = h.oldest[1:], true
	}
	h.marks[id] = mark
	h.oldest = append(h.oldest, id)
}

// markOf gives the mark of a request by its id. One that has none is not known once
// any is forgotten.
func (h *originHeaders) markOf(id string) (mark string, known bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	mark = h.marks[id]
	return mark, mark != "" || !h.forgot
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
