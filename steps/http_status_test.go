package steps_test

import (
	"testing"
	"time"

	"pipe/steps"
)

// A site may ask for a day at most, in whichever form, and by its own clock.
func TestRetryAfter(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		header, sent string
		want         time.Duration
	}{
		{"", "", 0},
		{"soon", "", 0},
		{"0", "", 0},
		{"-5", "", 0},
		{"NaN", "", 0},
		{" 7 ", "", 7 * time.Second},
		{"1.5", "", 1500 * time.Millisecond},
		{"86401", "", 24 * time.Hour},
		{"99999999999999999999", "", 24 * time.Hour},
		{"Inf", "", 24 * time.Hour},
		{"Sun, 01 Mar 2026 12:00:30 GMT", "", 30 * time.Second},
		{"Sunday, 01-Mar-26 12:00:30 GMT", "", 30 * time.Second},
		{"Sun Mar  1 12:00:30 2026", "", 30 * time.Second},
		{"Sun, 01 Mar 2026 11:00:00 GMT", "", 0},
		{"Fri, 31 Dec 9999 23:59:59 GMT", "", 24 * time.Hour},
		{"Fri, 31 Dec 2066 23:59:59 GMT", "", 24 * time.Hour},
		// The site's clock is three hours ahead, or behind.
		{"Sun, 01 Mar 2026 15:00:30 GMT", "Sun, 01 Mar 2026 15:00:00 GMT", 30 * time.Second},
		{"Sun, 01 Mar 2026 09:00:30 GMT", "Sun, 01 Mar 2026 09:00:00 GMT", 30 * time.Second},
		{"Sun, 01 Mar 2026 12:00:30 GMT", "no date", 30 * time.Second},
	} {
		if got := steps.RetryAfter(c.header, c.sent, now); got != c.want {
			t.Errorf("%q, sent %q: %v, want %v", c.header, c.sent, got, c.want)
		}
	}
}
