package capture

import (
	"context"
	"fmt"
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
// answer ends. Later versions of HTTP than 1.1 always say so, and have no reason
// beside the status.
func openEnded(req paused) bool {
	first := req.reason != "" || strings.HasPrefix(req.url, "http:")
	return first && header(req.headers, "content-length") == "" && header(req.headers, "transfer-encoding") == ""
}

// answers are those of which a file may come by another way: as a download, or made
// by a script. How they end is known from them alone.
type answers struct {
	mu sync.Mutex
	by map[string]paused
	// open is true once a script was given a file of which nothing tells the end.
	open bool
}

func (a *answers) clear() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.by, a.open = map[string]paused{}, false
}

// note remembers the answer to a request for a document.
func (a *answers) note(req paused) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.by != nil {
		a.by[req.url] = req
	}
}

// given notes a file that a script was given.
func (a *answers) given(req paused) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.open = a.open || openEnded(req)
}

// of gives the answer that a download is of.
func (a *answers) of(url string) paused {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.by[url]
}

// isOpen tells whether what scripts make may be of a file without its end.
func (a *answers) isOpen() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.open
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
}

// expect gives what is told of a request's end: "" where all of its answer came,
// else what went wrong.
func (r *requestEnds) expect(network string) <-chan string {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.waits == nil {
		r.waits = map[string]chan string{}
	}
	end := make(chan string, 1)
	r.waits[network] = end
	return end
}

func (r *requestEnds) forget(network string) {
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
func ended(ctx context.Context, end <-chan string, req paused, size int64) error {
	select {
	case failed := <-end:
		if failed != "" {
			return fmt.Errorf("the file at %s was cut off after %d bytes: %s", steps.ShortURL(req.url), size, failed)
		}
		return nil
	case <-ctx.Done():
		return steps.ContextError(ctx, "the page did not read the file to its end")
	}
}
