package client

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"pipe/steps"
)

// Partial tells whether an answer is a part of what is at its address, by its
// status and its Content-Range.
func Partial(status int, contentRange string) bool {
	return (status == http.StatusPartialContent || status == http.StatusOK && contentRange != "") && !coversAll(contentRange)
}

// coversAll tells whether a Content-Range is that of the whole.
func coversAll(contentRange string) bool {
	unit, of, _ := strings.Cut(contentRange, " ")
	span, total, _ := strings.Cut(of, "/")
	from, to, _ := strings.Cut(span, "-")
	last, err := strconv.ParseInt(to, 10, 64)
	size, bad := strconv.ParseInt(total, 10, 64)
	return strings.EqualFold(unit, "bytes") && from == "0" && err == nil && bad == nil && last == size-1
}

// PartError is what comes of a file of which the site sends a part.
func PartError(url, contentRange string) error {
	what := "without saying which"
	if contentRange != "" {
		what = steps.Printable(contentRange)
	}
	return fmt.Errorf("the site sent a part of the file at %s (%s), and a part is never the file", steps.ShortURL(url), what)
}

// FileFault says why the answer to a request for a file brings none.
func FileFault(answer *http.Response, url string) error {
	span, encoding := answer.Header.Get("Content-Range"), answer.Header.Get("Content-Encoding")
	switch s := answer.StatusCode; {
	case s < 200 || s >= 300 || s == http.StatusNoContent || s == http.StatusResetContent:
		return &steps.StatusError{
			URL: steps.ShortURL(url), Status: s, RetryAfter: steps.RetryAfter(answer.Header.Get("Retry-After"), answer.Header.Get("Date"), time.Now()),
		}
	case Partial(s, span):
		return PartError(url, span)
	case encoding != "" && !strings.EqualFold(encoding, "identity"):
		return fmt.Errorf("the site sent the file at %s encoded as %s, which it was not asked for", steps.ShortURL(url), steps.Printable(encoding))
	}
	return nil
}

// OpenEnd tells whether nothing but the end of the connection says where an answer
// ends. One that came compressed has an end of its own.
func OpenEnd(answer *http.Response) bool {
	return answer.ProtoMajor == 1 && answer.ContentLength < 0 && len(answer.TransferEncoding) == 0 && !answer.Uncompressed
}
