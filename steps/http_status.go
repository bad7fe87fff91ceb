package steps

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/playwright-community/playwright-go"
)

func statusError(answer playwright.Response) *StatusError {
	return &StatusError{
		URL: ShortURL(answer.URL()), Status: answer.Status(),
		RetryAfter: RetryAfter(answer.Headers()["retry-after"], answer.Headers()["date"], time.Now()),
	}
}

// maxRetryAfter bounds what a site may ask for: more is a slip, or a clock that is
// wrong.
const maxRetryAfter = 24 * time.Hour

// RetryAfter reads the header of that name, seconds or a date, as the wait from
// now; 0 when it says nothing. sent is the answer's own Date: the site's clock need
// not be this machine's.
func RetryAfter(header, sent string, now time.Time) time.Duration {
	header = strings.TrimSpace(header)
	if seconds, err := strconv.ParseFloat(header, 64); err == nil {
		if !(seconds > 0) { // nor is it no number
			return 0
		}
		return time.Duration(min(seconds, maxRetryAfter.Seconds()) * float64(time.Second))
	}
	at, err := http.ParseTime(header)
	if err != nil {
		return 0
	}
	if its, err := http.ParseTime(sent); err == nil {
		now = its
	}
	return min(max(0, at.Sub(now)), maxRetryAfter)
}

// ShortURL leaves out what may be private: query, fragment and user.
func ShortURL(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return ""
	}
	u.RawQuery, u.Fragment, u.User = "", "", nil
	return u.String()
}
