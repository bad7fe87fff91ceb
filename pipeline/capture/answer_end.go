package capture

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"pipe/pipeline/browser"
	"pipe/pipeline/client"
	"pipe/steps"
)

// measured gives the size that the site has announced of the bytes which the
// browser gives us. An answer that is encoded, or sent in chunks, has none.
func measured(req paused) (int64, bool) {
	if header(req.headers, "content-encoding") != "" || header(req.headers, "transfer-encoding") != "" {
		return 0, false
	}
	size, err := strconv.ParseInt(header(req.headers, "content-length"), 10, 64)
	return size, err == nil
}

// whole compares what came with what the site had announced.
func whole(req paused, size int64) error {
	if announced, known := measured(req); known && announced != size {
		return fmt.Errorf("the file was cut off: %d of %d bytes came", size, announced)
	}
	return nil
}

// openEnded tells whether nothing but the end of the connection says where an
// answer ends. Later versions of HTTP than 1.1 always say so.
func openEnded(req paused) bool {
	return firstVersion(req) && header(req.headers, "content-length") == "" && header(req.headers, "transfer-encoding") == ""
}

// firstVersion tells an answer of HTTP/1 by what later versions forbid: words beside
// the status, capital letters in a header's name, and headers about the connection.
// The protocol itself is not told with an answer that is held.
func firstVersion(req paused) bool {
	return req.reason != "" || strings.HasPrefix(req.url, "http:") || slices.ContainsFunc(req.headers, func(h any) bool {
		name := browser.Text(browser.Fields(h)["name"])
		lower := strings.ToLower(name)
		return name != lower || lower == "connection" || lower == "keep-alive" || lower == "transfer-encoding"
	})
}

// partial tells whether an answer is a part of a file.
func partial(req paused) bool {
	return client.Partial(req.status, header(req.headers, "content-range"))
}

func partError(req paused) error {
	return client.PartError(req.url, header(req.headers, "content-range"))
}

// requestEnds knows how the requests of a page end. The end of a body that is read
// on its way to the page looks the same whether it is all of it or was cut off.
type requestEnds struct {
	mu    sync.Mutex
	waits map[string]chan string
	// broken are the requests of all pages that were seen to break off.
	broken *brokenRequests
}

// brokenRequests are those that the interceptor has seen break off, by why. It is
// told before their page, whose browser, when the answer was held twice, takes
// what had come for all of it.
type brokenRequests struct{ by sync.Map }

func (b *brokenRequests) note(req paused) {
	if req.network != "" && req.failure != "" {
		b.by.Store(req.network, req.failure)
	}
}

// why tells why a request broke off, "" when it was not seen to.
func (b *brokenRequests) why(network string) string {
	if b == nil {
		return ""
	}
	reason, _ := b.by.LoadAndDelete(network)
	text, _ := reason.(string)
	return text
}

// unheard is what becomes of a file of which nobody tells the end.
const unheard = "a script in a frame of another site took it, so how it ended is not known"

// expect gives what is told of a request's end: "" where all of its answer came,
// else what went wrong.
func (r *requestEnds) expect(network string) <-chan string {
	if r == nil {
		end := make(chan string, 1)
		end <- unheard
		return end
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.waits == nil {
		r.waits = map[string]chan string{}
	}
	end := make(chan string, 1)
	if why := r.broken.why(network); why != "" {
		end <- why
	} else {
		r.waits[network] = end
	}
	return end
}

func (r *requestEnds) forget(network string) {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.waits, network)
}

// on is told of the end of a request.
func (r *requestEnds) on(event any) {
	e := browser.Fields(event)
	r.mu.Lock()
	defer r.mu.Unlock()
	network := browser.Text(e["requestId"])
	if end := r.waits[network]; end != nil {
		end <- browser.Text(e["errorText"])
		delete(r.waits, network)
	}
}

// ended waits for the end of an answer that goes on to the page.
func ended(ctx context.Context, end <-chan string, req paused) error {
	select {
	case failed := <-end:
		if failed != "" {
			return fmt.Errorf("the file at %s did not come whole: %s", steps.ShortURL(req.url), failed)
		}
		return nil
	case <-ctx.Done():
		return steps.ContextError(ctx, "the page did not read the file to its end")
	}
}
