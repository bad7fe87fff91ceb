package capture

import (
	"context"
	"errors"
	"fmt"
	"mime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/playwright-community/playwright-go"

	"pipe/steps"
)

// captureListener is one listening of one page for what one trigger brings: as a
// rule for one file.
type captureListener struct {
	page *Page
	want wanted

	// ctx ends with the listening.
	ctx   context.Context
	end   context.CancelFunc
	began time.Time
	// done is closed once all files are known, or failed is set; changed is told of
	// each file.
	done, changed chan struct{}

	mu     sync.Mutex
	files  assignment
	failed error
	over   bool // once done is closed, or nobody waits any more
	// looks counts the files that are being looked at, tabs those of them that tabs
	// may bring; shown are the addresses of those that came to the page itself.
	// sums holds the hashes of those that were looked at, wrong what is there should
	// no better one come.
	looks, tabs int
	shown       map[string]bool
	sums        map[string]bool
	wrong       map[int]*wrongFile
	// suspicion is what ends the wait once the page has nothing under way, sure
	// whatever else it does; parts are the addresses of files that came in parts.
	suspicion error
	sure      bool
	// refusals are the requests that were refused, and whether their address names
	// the file.
	refusals map[string]bool
	parts    map[string]bool

	// stays is set where the page must stay until the tab's file is here: it may
	// use the tab again.
	stays atomic.Bool

	traffic traffic
	answers *answers
	// activity is what the page asks for, whatever it is.
	activity *activity
	// waits is set once the trigger is through, led to how many quiet times are to be
	// waited for, once the page was led to another or answered in place, watches while
	// what it shows then is watched.
	waits, watches bool
	led            int

	seen sightings
	// deaf ends the watch over the page's errors.
	deaf func()
	// windows is what becomes of the windows that the page opens, nil where all are
	// the browser's.
	windows *windowPlan
}

// tabGrace is how long a page may do nothing after the tab that the trigger opened
// has closed itself, and still bring the file by another way.
const tabGrace = 2 * time.Second

var errTabClosed = errors.New("the tab that the page opened closed itself before it asked for a file")

// Listen starts to listen on the page for the files that one trigger brings.
func (p *Page) Listen(ctx context.Context, _ playwright.Page, wants ...steps.CaptureOptions) (steps.PendingCapture, error) {
	c := &captureListener{
		page: p, want: wants, done: make(chan struct{}), changed: make(chan struct{}, 1), began: time.Now(), files: newAssignment(len(wants)),
		sums: map[string]bool{}, shown: map[string]bool{}, wrong: map[int]*wrongFile{}, parts: map[string]bool{}, refusals: map[string]bool{}, traffic: newTraffic(), answers: newAnswers(), activity: newActivity(),
	}
	c.ctx, c.end = context.WithCancel(p.page.Life())
	c.windows = p.planWindows(wants)
	p.mu.Lock()
	busy := p.listen != nil
	if !busy {
		p.listen, p.group, p.want = c, nil, wants
	}
	p.mu.Unlock()
	if busy {
		return nil, errors.New("the page listens for another file already")
	}
	var err error
	c.deaf, err = c.seen.watchErrors(p.page.Playwright())
	if err == nil {
		h := c.hearing()
		h.opening = c.opening
		h.windows, h.window = c.windows, c.windowTold
		err = p.listener.listen(ctx, h, false)
	}
	if err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

// hearing tells of what comes to the page, or to a tab that it writes.
func (c *captureListener) hearing() *hearing {
	return &hearing{want: c.want, file: c.takeFile, answers: c.answers, answer: c.answered, traffic: watchers{&c.traffic, c.activity}}
}

// Close stops the listening; files that nobody waited for are given up.
func (c *captureListener) Close() {
	c.page.mu.Lock()
	if c.page.listen == c {
		c.page.listen = nil
	}
	c.page.mu.Unlock()
	c.end()
	c.deaf()
	c.page.listener.stop()
	for _, u := range c.page.openPopups() {
		u.release(c)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.over = true
	for _, f := range c.files.left() {
		f.Discard()
	}
	for _, w := range c.wrong {
		w.file.Discard()
	}
	clear(c.wrong)
}

// offer takes a delivery for one of those of the wanted files that it fits,
// unless all have come.
func (c *captureListener) offer(d steps.Delivery, fits ...int) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.over || !c.files.add(&fittingFile{Delivery: d, fits: fits}) {
		return false
	}
	if c.files.full() {
		c.settle()
	}
	select {
	case c.changed <- struct{}{}:
	default:
	}
	return true
}

// fail ends the wait: no more files can come.
func (c *captureListener) fail(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.over {
		c.failed = err
		c.settle()
	}
}

func (c *captureListener) settle() {
	c.over = true
	close(c.done)
}

// isOver tells whether no file is wanted any more.
func (c *captureListener) isOver() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.over
}

// navigated decides on the answer to a navigation of the listening page. What
// is not a page becomes a download, which lives on when the page goes on.
func (c *captureListener) navigated(i *interceptor, req paused) {
	c.seen.answer(req)
	c.answers.note(req)
	kind, _, _ := mime.ParseMediaType(header(req.headers, "content-type"))
	disposition, _, _ := mime.ParseMediaType(header(req.headers, "content-disposition"))
	attached := strings.EqualFold(disposition, "attachment")
	switch {
	case req.failure != "":
		c.fail(brokenOff(req))
	case req.status >= 400:
		c.fail(statusError(req))
	case req.status == 204 || req.status == 205:
		// The page stays as it is, and may still do something else.
		c.suspect(statusError(req), true)
	case partial(req):
		c.fail(partError(req))
	case req.status < 200 || req.status >= 300 || attached:
		// A redirect, nothing, or what the browser downloads by itself.
	case kind != "" && kind != "text/html" && kind != "application/xhtml+xml":
		i.cdp.Tell("Fetch.continueResponse", map[string]any{
			"requestId": req.id, "responseCode": req.status, "responseHeaders": asAttachment(req.headers),
		})
		return
	case isPage(req.headers):
		c.ledTo(pageTimes)
	}
	i.pass(req, true)
}

func brokenOff(req paused) error {
	return fmt.Errorf("the site broke off its answer at %s: %s", steps.ShortURL(req.url), req.failure)
}
