package capture

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"path"
	"regexp"
	"strings"

	"pipe/steps"
)

// answered is told of an answer to a script or a frame that may be no file. One
// that refuses what the trigger asked for ends the wait once the page has nothing
// else under way.
func (c *captureListener) answered(req paused) {
	c.seen.answer(req)
	fresh := c.traffic.answered(req)
	switch {
	case partial(req):
		if len(c.want.serves(req)) > 0 {
			c.inParts(req)
		}
	case !refuses(req):
		if fresh && req.kind != "Document" {
			c.seen.worked()
		}
	case req.failure == "Aborted" || req.failure == "BlockedByClient":
		// The page's own doing, or ours.
	case c.suggests(req):
		c.suspect(refusal(req), true)
	case fresh && req.status != 204 && sameOrigin(req.url, c.page.page.Playwright().URL()):
		c.suspect(refusal(req), false)
	}
}

// refuses tells whether an answer says that there is nothing.
func refuses(req paused) bool {
	return req.failure != "" || req.status >= 400 || req.status == 204 && req.method == "GET"
}

func refusal(req paused) error {
	if req.failure != "" {
		return brokenOff(req)
	}
	return statusError(req)
}

// likely are words in addresses of files.
var likely = regexp.MustCompile(`(?i)(^|[^a-z])(pdf|report|download|export|print|document|attachment|file|invoice)s?([^a-z]|$)`)

// suggests tells whether an address is likely to be that of what is wanted: by
// its pattern, by the item's own key in it, or by a word for files.
func (c *captureListener) suggests(req paused) bool {
	at, err := url.PathUnescape(req.url)
	if err != nil {
		at = req.url
	}
	for _, want := range c.want {
		if want.Match.URL != "" {
			if steps.Glob(want.Match.URL)(req.url) {
				return true
			}
			continue
		}
		stem := strings.TrimSuffix(path.Base(want.Name), path.Ext(want.Name))
		for _, text := range append([]string{stem}, want.Texts...) {
			if len(text) > 2 && strings.Contains(at, text) {
				return true
			}
		}
		if likely.MatchString(pathOf(at)) {
			return true
		}
	}
	return false
}

// suspect notes what ends the wait once nothing else is under way; sure tells
// whether that is so whatever else the page was answered.
func (c *captureListener) suspect(err error, sure bool) {
	c.mu.Lock()
	first := c.suspicion == nil
	if first || sure && !c.sure {
		c.suspicion = err
	}
	c.sure = c.sure || sure
	c.mu.Unlock()
	c.traffic.poke()
	if first {
		c.page.page.Context.Browser.Go(func(context.Context) { c.awaitQuiet() })
	}
}

// inParts notes a file of which a script takes parts: none of them is the file.
func (c *captureListener) inParts(req paused) {
	if req.method != "GET" {
		c.suspect(fmt.Errorf("the site gave the file at %s in parts only, to a %s that cannot be repeated", steps.ShortURL(req.url), req.method), true)
		return
	}
	c.mu.Lock()
	known := c.parts[req.url]
	c.parts[req.url] = true
	c.mu.Unlock()
	if !known {
		c.page.page.Context.Browser.Go(func(context.Context) { c.askWhole(req) })
	}
}

// askWhole asks for a file by itself of which the page took parts, unless the
// whole of it comes while the page is at it.
func (c *captureListener) askWhole(req paused) {
	if !c.traffic.quiet(c.ctx, c.busy) || c.isOver() {
		return
	}
	d, err := c.page.address(req.url)
	if err != nil {
		c.suspect(err, true)
		return
	}
	d.via = "response"
	c.look(candidate{
		what: "the file of " + steps.ShortURL(req.url), fits: c.want.serves(req), meant: true,
		take: func(ctx context.Context) (*spooledFile, error) { return c.page.keep(ctx, d) },
	})
}

// awaitQuiet ends the wait for a file once the page has nothing under way that
// could still bring it.
func (c *captureListener) awaitQuiet() {
	for c.traffic.quiet(c.ctx, c.busy) {
		c.mu.Lock()
		err, sure := c.suspicion, c.sure
		c.mu.Unlock()
		if sure || !c.seen.hasWorked() {
			c.fail(err)
			return
		}
		// The page does something else as well, of which a file may come.
		select {
		case <-c.traffic.moved:
		case <-c.done:
			return
		case <-c.ctx.Done():
			return
		}
	}
}

// busy tells whether something is being looked at.
func (c *captureListener) busy() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.looks > 0
}

// without is the error of a wait that was ended, with what was seen.
func (c *captureListener) without(err error) error {
	var status *steps.StatusError
	if errors.Is(err, steps.ErrSessionLost) {
		return err
	}
	e := &steps.NoFileError{Err: err, Seen: c.seen.list(c)}
	if errors.As(err, &status) {
		e.None = status.Status == 204 || status.Status == 404 || status.Status == 410
	}
	return e
}

// late is what a wait comes to whose time is over.
func (c *captureListener) late(at int) (steps.Delivery, error) {
	c.mu.Lock()
	wrong, suspicion, looks := c.wrong[at], c.suspicion, c.looks
	delete(c.wrong, at)
	c.mu.Unlock()
	seen := c.seen.list(c)
	if wrong != nil {
		wrong.file.got.Note = steps.SeenText(seen)
		return wrong.file, nil
	}
	e := &steps.NoFileError{Seen: seen}
	switch {
	case suspicion != nil:
		e.Err = suspicion
	case looks > 0:
		e.Err = fmt.Errorf("the file began to come and did not end: %w", steps.ErrTimeout)
	default:
		e.Err = fmt.Errorf("no file came: no download began, and no tab, frame or script of the page asked for one that fits: %w", steps.ErrTimeout)
		e.None = c.traffic.idle()
		e.Hints = c.hints(at)
	}
	return nil, e
}

// hints say what to try in the spec.
func (c *captureListener) hints(at int) []string {
	want := c.want[at]
	var hints []string
	switch {
	case want.Match.Given():
		hints = append(hints, "another `match`")
	case want.Kind != "" && want.Kind != "any":
		hints = append(hints, "another `type`")
	}
	if want.Print == nil {
		hints = append(hints, "`print`, if the page itself is the document")
	}
	if !c.traffic.idle() {
		hints = append(hints, "a longer `timeouts.capture`: requests of the page are still under way")
	}
	return append(hints, "`if_none: skip`, if there may be no file")
}

// partial tells whether an answer is a part of a file.
func partial(req paused) bool {
	return req.status == 206 || req.status == 200 && header(req.headers, "content-range") != ""
}

// pathOf is an address without its query and fragment.
func pathOf(raw string) string {
	end := strings.IndexAny(raw, "?#")
	if end < 0 {
		return raw
	}
	return raw[:end]
}

func sameOrigin(a, b string) bool {
	x, err := url.Parse(a)
	y, failed := url.Parse(b)
	return err == nil && failed == nil && x.Scheme == y.Scheme && x.Host == y.Host
}
