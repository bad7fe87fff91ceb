package browser

import (
	"context"
	"errors"
	"fmt"
	"mime"
	"strings"
	"sync"
	"time"

	"github.com/playwright-community/playwright-go"

	"pipe/steps"
)

// catch is one listening of one page for one file.
type catch struct {
	page  *page
	found chan found

	// ctx ends with the listening.
	ctx context.Context
	end context.CancelFunc

	mu sync.Mutex
	// over is true once a file was found, an error, or nobody waits any more.
	over bool
}

type found struct {
	delivery steps.Delivery
	err      error
}

// tabGrace is how long a file may still come by another way after the tab that
// the trigger opened has closed itself.
const tabGrace = 2 * time.Second

var errTabClosed = errors.New("the tab that the page opened closed itself before it asked for a file")

// Listen starts to listen on the page for a file.
func (p *page) Listen(ctx context.Context, _ playwright.Page, want steps.Wanted) (steps.Catch, error) {
	c := &catch{page: p, found: make(chan found, 1)}
	c.ctx, c.end = context.WithCancel(context.WithoutCancel(ctx))
	p.mu.Lock()
	busy := p.catch != nil
	if !busy {
		p.catch, p.group, p.want = c, nil, want
	}
	p.mu.Unlock()
	if busy {
		return nil, errors.New("the page listens for another file already")
	}
	if err := p.ears.listen(ctx, want, false, c.heard); err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

// heard takes a file that comes to the page itself. The page is needed until
// its last byte is here.
func (c *catch) heard(file candidate) {
	if !c.claim() {
		file.refuse()
		return
	}
	go func() {
		d, err := c.page.spool(c.ctx, file)
		if err != nil {
			c.found <- found{err: err}
			return
		}
		c.found <- found{delivery: d}
	}()
}

// claim takes the right to give the one file.
func (c *catch) claim() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	was := c.over
	c.over = true
	return !was
}

// listening gives the catch under way, or nil.
func (p *page) listening() *catch {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.catch
}

// Wait gives the file as soon as its request is known.
func (c *catch) Wait(ctx context.Context) (steps.Delivery, error) {
	select {
	case f := <-c.found:
		return f.delivery, f.err
	case <-c.page.dead:
		return nil, fmt.Errorf("waiting for the file: %w", steps.ErrClosed)
	case <-c.page.machine.dead:
		return nil, fmt.Errorf("waiting for the file: %w", steps.ErrClosed)
	case <-ctx.Done():
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			return nil, fmt.Errorf("no file came: no download began, and no tab, frame or script of the page asked for one: %w", steps.ErrTimeout)
		}
		return nil, fmt.Errorf("waiting for the file: %w", context.Cause(ctx))
	}
}

// Close stops the listening; a file that nobody waited for is given up.
func (c *catch) Close() {
	c.page.mu.Lock()
	if c.page.catch == c {
		c.page.catch = nil
	}
	c.page.mu.Unlock()
	c.claim()
	c.end()
	c.page.ears.hush()
	select {
	case f := <-c.found:
		if f.delivery != nil {
			f.delivery.Discard()
		}
	default:
	}
}

// offer takes a delivery unless there is one already.
func (c *catch) offer(d steps.Delivery) bool { return c.settle(found{delivery: d}) }

func (c *catch) fail(err error) { c.settle(found{err: err}) }

func (c *catch) settle(f found) bool {
	if !c.claim() {
		return false
	}
	c.found <- f
	return true
}

// tabClosed is told that a tab is gone that had asked for nothing.
func (p *page) tabClosed() {
	if c := p.listening(); c != nil {
		time.AfterFunc(tabGrace, func() { c.fail(errTabClosed) })
	}
}

// downloaded is told that the page began a download.
func (p *page) downloaded(d playwright.Download) {
	file := &download{d: d, limit: p.pool.opts.CloseLimit}
	if c := p.listening(); c != nil && c.offer(file) {
		return
	}
	file.Discard()
}

// navigated decides on the answer to a navigation of the listening page. What
// is not a page becomes a download, which lives on when the page goes on.
func (c *catch) navigated(t *tap, req paused) {
	kind, _, _ := mime.ParseMediaType(header(req.headers, "content-type"))
	disposition, _, _ := mime.ParseMediaType(header(req.headers, "content-disposition"))
	attached := strings.EqualFold(disposition, "attachment")
	switch {
	case req.failure != "":
		c.fail(fmt.Errorf("the site broke off its answer at %s: %s", steps.ShortURL(req.url), req.failure))
	case req.status >= 400:
		c.fail(statusError(req))
	case req.status < 200 || req.status >= 300 || req.status == 204 || attached:
		// A redirect, nothing, or what the browser downloads by itself.
	case kind != "" && kind != "text/html" && kind != "application/xhtml+xml":
		t.tell("Fetch.continueResponse", map[string]any{
			"requestId": req.id, "responseCode": req.status, "responseHeaders": asAttachment(req.headers),
		})
		return
	}
	t.pass(req, true)
}

func asAttachment(headers []any) []any {
	out := []any{map[string]any{"name": "Content-Disposition", "value": "attachment"}}
	for _, h := range headers {
		if !strings.EqualFold(str(fieldsOf(h)["name"]), "content-disposition") {
			out = append(out, h)
		}
	}
	return out
}

// header gives a header of a paused answer, "" when it is not there.
func header(headers []any, name string) string {
	for _, h := range headers {
		if f := fieldsOf(h); strings.EqualFold(str(f["name"]), name) {
			return str(f["value"])
		}
	}
	return ""
}

func statusError(req paused) *steps.StatusError {
	return &steps.StatusError{
		URL: steps.ShortURL(req.url), Status: req.status,
		RetryAfter: steps.RetryAfter(header(req.headers, "retry-after"), time.Now()),
	}
}
