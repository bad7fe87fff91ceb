package capture

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"time"

	"pipe/steps"
)

// refreshes is how a Refresh header names the page that comes next.
var refreshes = regexp.MustCompile(`(?i)^\s*(\d+)[\d.]*\s*[;,]\s*(?:url\s*=\s*)?["']?([^"']+)`)

// maxRefreshes is how often a page may go on to another by itself.
const maxRefreshes = 50

// refresh tells where a page goes by itself, and when: "preparing your file…". One
// that only shows itself anew stays what it is.
func refresh(answer *http.Response) (to string, wait time.Duration, ok bool) {
	found := refreshes.FindStringSubmatch(answer.Header.Get("Refresh"))
	if found == nil || !isPage(asHeaders(answer.Header)) {
		return "", 0, false
	}
	at := answer.Request.URL
	next, err := at.Parse(found[2])
	seconds, tooLong := strconv.Atoi(found[1])
	if err != nil || tooLong != nil || next.String() == at.String() || next.Scheme != "http" && next.Scheme != "https" {
		return "", 0, false
	}
	return next.String(), time.Duration(seconds) * time.Second, true
}

// follow receives what a page goes on to by itself.
func (f *fetched) follow(ctx context.Context, from, to string, wait time.Duration, w io.Writer) (steps.Receipt, error) {
	if f.refreshes >= maxRefreshes {
		return steps.Receipt{}, fmt.Errorf("the page at %s goes on to another for ever", steps.ShortURL(f.url))
	}
	if err := steps.Pause(ctx, wait); err != nil {
		return steps.Receipt{}, steps.ContextError(ctx, fmt.Sprintf("the page at %s says to wait, and no file came of it", steps.ShortURL(f.url)))
	}
	next := *f
	next.url, next.page, next.refreshes = to, from, f.refreshes+1
	return next.Receive(ctx, w)
}
