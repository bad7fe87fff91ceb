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
		RetryAfter: RetryAfter(answer.Headers()["retry-after"], time.Now()),
	}
}

// RetryAfter reads the header of that name, seconds or a date, as the wait
// from now; 0 when it says nothing.
func RetryAfter(header string, now time.Time) time.Duration {
	header = strings.TrimSpace(header)
	if seconds, err := strconv.Atoi(header); err == nil && seconds > 0 {
		return time.Duration(min(seconds, 86_400)) * time.Second
	}
	if at, err := http.ParseTime(header); err == nil {
		return max(0, at.Sub(now))
	}
	return 0
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
