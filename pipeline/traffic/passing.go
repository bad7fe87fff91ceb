package traffic

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Some values are another's each time: the time of asking, and random ones that the page
// makes to tell its requests apart.

// near is how far a time may be from that of its request and still be taken for it: a day
// more or less by the zone, and one for "yesterday".
const near = 48 * time.Hour

var (
	random = regexp.MustCompile(`^(?i:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9a-f]{16,}|0\.[0-9]{6,})$`)
	// jQuery's callbacks and the like: a word, and digits behind it.
	callback = regexp.MustCompile(`^([A-Za-z_]+)[0-9_]{8,}$`)
	// A cookie or token that was replaced may have been the page's own.
	tokenReplaced  = regexp.MustCompile(`^` + word + `-token-[0-9]{4,}$`)
	secretReplaced = regexp.MustCompile(`^` + word + `-[0-9]{2,}(?:` + mailSign + `)?$`)
	digits         = regexp.MustCompile(`^[0-9]{10}(?:[0-9]{3})?(?:\.[0-9]+)?$`)
)

var timeForms = []string{
	time.RFC3339Nano, "2006-01-02T15:04:05.999", "2006-01-02T15:04", "2006-01-02 15:04:05", "2006-01-02", "20060102",
	"02.01.2006", "01/02/2006", "1/2/2006", "02/01/2006",
}

// sameInPassing tells whether a value that was recorded, and another one now, are both what
// such a request has at its time.
func sameInPassing(recorded string, at time.Time, now string, clocks ...time.Time) bool {
	if a, b := callback.FindStringSubmatch(recorded), callback.FindStringSubmatch(now); a != nil && b != nil {
		return a[1] == b[1]
	}
	if random.MatchString(recorded) && random.MatchString(now) {
		return strings.Contains(recorded, "-") == strings.Contains(now, "-") && strings.Contains(recorded, ".") == strings.Contains(now, ".")
	}
	if tokenReplaced.MatchString(recorded) && random.MatchString(now) {
		return true
	}
	if !isNear(recorded, at) {
		return false
	}
	for _, clock := range clocks {
		if isNear(now, clock) {
			return true
		}
	}
	return false
}

// isNear tells whether a value is a time, and one that is near.
func isNear(value string, to time.Time) bool {
	if digits.MatchString(value) {
		whole, _, _ := strings.Cut(value, ".")
		n, err := strconv.ParseInt(whole, 10, 64)
		if err != nil {
			return false
		}
		if len(whole) == len("1000000000") {
			n *= 1000
		}
		return time.UnixMilli(n).Sub(to).Abs() < near
	}
	for _, form := range timeForms {
		if t, err := time.Parse(form, value); err == nil && t.Sub(to).Abs() < near {
			return true
		}
	}
	return false
}

// isCutShort tells whether a value is the placeholder of a secret so far as a field took it:
// the placeholder may be longer than the secret.
func isCutShort(recorded, now string) bool {
	return now != "" && strings.HasPrefix(recorded, now) && secretReplaced.MatchString(recorded)
}
