package capture

import (
	"context"
	"fmt"
	"net/url"
	"path"
	"regexp"
	"strings"

	"pipe/specs"
	"pipe/steps"
)

// answered is told of an answer to a script or a frame that may be no file. One
// that refuses what the trigger asked for ends the wait once the page has nothing
// else under way.
func (c *captureListener) answered(req paused) {
	c.seen.answer(req)
	c.weigh(req, c.traffic.answered(req, func(fresh bool) { c.weigh(req, fresh) }))
}

// weigh decides what an answer that may be no file means for the wait; fresh is
// true when it was asked for since the trigger, for the first time.
func (c *captureListener) weigh(req paused, fresh bool) {
	switch {
	case partial(req) && len(c.want.serves(req)) == 0:
	case partial(req) && req.kind == "Document":
		c.fail(partError(req)) // nobody asked for parts
	case partial(req):
		c.inParts(req)
	case !refuses(req):
		switch {
		case fresh && req.kind != "Document":
			c.seen.worked()
			c.ledTo(scriptTimes)
		case fresh && isPage(req.headers):
			c.ledTo(pageTimes)
		}
	case req.failure == "Aborted" || req.failure == "BlockedByClient":
		// The page's own doing, or ours.
	case c.suggests(req):
		c.refused(req, true)
	case fresh && req.status != 204 && specs.OriginOf(req.url) == specs.OriginOf(c.page.page.Playwright().URL()):
		c.refused(req, false)
	}
}

// refused notes an answer that may have been that to the trigger's request.
func (c *captureListener) refused(req paused, sure bool) {
	c.mu.Lock()
	c.refusals[asks(req.method, req.url)] = c.names(req.url)
	c.mu.Unlock()
	c.suspect(refusal(req), sure)
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
	patterns := false
	for _, want := range c.want {
		patterns = patterns || want.Match.URL != ""
	}
	return c.names(req.url) || !patterns && likely.MatchString(pathOf(at))
}

// names tells whether an address is like the pattern of what is wanted, or has the
// item's own key in it.
func (c *captureListener) names(raw string) bool {
	at, err := url.PathUnescape(raw)
	if err != nil {
		at = raw
	}
	for _, want := range c.want {
		if want.Match.URL != "" {
			if steps.Glob(want.Match.URL)(raw) {
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
	d, err := c.page.address(c.ctx, steps.Link{URL: req.url})
	if err != nil {
		c.suspect(err, true)
		return
	}
	d.via = "response"
	c.look(&candidate{
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

// pathOf is an address without its query and fragment.
func pathOf(raw string) string {
	end := strings.IndexAny(raw, "?#")
	if end < 0 {
		return raw
	}
	return raw[:end]
}
