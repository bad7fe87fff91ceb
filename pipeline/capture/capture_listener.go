package capture

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

// captureListener is one listening of one page for one file.
type captureListener struct {
	page  *Page
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
func (p *Page) Listen(ctx context.Context, _ playwright.Page, want steps.CaptureOptions) (steps.PendingCapture, error) {
	c := &captureListener{page: p, found: make(chan found, 1)}
	c.ctx, c.end = context.WithCancel(p.page.Life())
	p.mu.Lock()
	busy := p.listen != nil
	if !busy {
		p.listen, p.group, p.want = c, nil, want
	}
	p.mu.Unlock()
	if busy {
		return nil, errors.New("the page listens for another file already")
	}
	if err := p.listener.listen(ctx, want, false, c.takeFile); err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

// takeFile takes a file that comes to the page itself. The page is needed until
// its last byte is here.
func (c *captureListener) takeFile(file fileSource) {
	if !c.settleOnce() {
		file.refuse()
		return
	}
	c.page.page.Context.Browser.Go(func(context.Context) {
		d, err := c.page.spool(c.ctx, file)
		if err != nil {
			c.found <- found{err: err}
			return
		}
		c.found <- found{delivery: d}
	})
}

// settleOnce takes the right to give the one file.
func (c *captureListener) settleOnce() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	was := c.over
	c.over = true
	return !was
}

// Wait gives the file as soon as its request is known.
func (c *captureListener) Wait(ctx context.Context) (steps.Delivery, error) {
	select {
	case f := <-c.found:
		return f.delivery, f.err
	case <-c.page.page.Life().Done():
		return nil, fmt.Errorf("waiting for the file: %w", steps.ErrClosed)
	case <-ctx.Done():
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			return nil, fmt.Errorf("no file came: no download began, and no tab, frame or script of the page asked for one: %w", steps.ErrTimeout)
		}
		return nil, fmt.Errorf("waiting for the file: %w", context.Cause(ctx))
	}
}

// Close stops the listening; a file that nobody waited for is given up.
func (c *captureListener) Close() {
	c.page.mu.Lock()
	if c.page.listen == c {
		c.page.listen = nil
	}
	c.page.mu.Unlock()
	c.settleOnce()
	c.end()
	c.page.listener.stop()
	select {
	case f := <-c.found:
		if f.delivery != nil {
			f.delivery.Discard()
		}
	default:
	}
}

// offer takes a delivery unless there is one already.
func (c *captureListener) offer(d steps.Delivery) bool { return c.settle(found{delivery: d}) }

func (c *captureListener) fail(err error) { c.settle(found{err: err}) }

func (c *captureListener) settle(f found) bool {
	if !c.settleOnce() {
		return false
	}
	c.found <- f
	return true
}

// navigated decides on the answer to a navigation of the listening page. What
// is not a page becomes a download, which lives on when the page goes on.
func (c *captureListener) navigated(i *interceptor, req paused) {
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
		i.cdp.Tell("Fetch.continueResponse", map[string]any{
			"requestId": req.id, "responseCode": req.status, "responseHeaders": asAttachment(req.headers),
		})
		return
	}
	i.pass(req, true)
}
