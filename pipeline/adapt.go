package pipeline

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"pipe/steps"
)

// tide is how many pages are at work at once: all of them as long as the site
// is well. Additive increase, multiplicative decrease, as networks do it: half
// as many when the site asks for less or when one in five of the newest
// attempts fails by the site's fault; one less when items take three times as
// long as they did; one more for every round without trouble.
type tide struct {
	least, most int
	limit       int
	// changed is when the limit last changed: what was begun before tells
	// nothing of the new one.
	changed time.Time
	// calm counts the attempts without trouble since the last change.
	calm int
	// recent are the newest attempts since then: true for trouble.
	recent []bool

	// sum and n make the mean time of the items of this round, best is the
	// lowest there was, and slow what it was when it last cost a page.
	sum        time.Duration
	n          int
	best, slow time.Duration
}

func newTide(least, most int) *tide {
	return &tide{least: min(least, most), most: most, limit: most}
}

// The numbers of the rule above.
const (
	recentMost  = 20
	troubleMin  = 3
	troublePart = 5
	roundItems  = 10
	slowFactor  = 3
	slowLeast   = time.Second
)

// take learns from an attempt and tells why the limit changed, or "".
func (t *tide) take(now time.Time, s settled) string {
	if !s.began.After(t.changed) {
		return ""
	}
	trouble := s.trouble || s.class == RateLimited
	if t.recent = append(t.recent, trouble); len(t.recent) > recentMost {
		t.recent = t.recent[1:]
	}
	if trouble {
		return t.ebb(now, s)
	}
	if s.class == "" {
		if why := t.time(now, s.took); why != "" {
			return why
		}
	}
	if t.calm++; t.calm < t.limit || t.limit == t.most {
		return ""
	}
	t.set(now, t.limit+1)
	return "the site is well"
}

// ebb looks whether the trouble is enough for fewer pages.
func (t *tide) ebb(now time.Time, s settled) string {
	t.calm = 0
	n := 0
	for _, trouble := range t.recent {
		if trouble {
			n++
		}
	}
	why := "the site asks for a slower pace"
	if s.class != RateLimited {
		if n < troubleMin || n*troublePart < len(t.recent) {
			return ""
		}
		why = fmt.Sprintf("%d of the last %d attempts failed", n, len(t.recent))
	}
	if t.limit == t.least {
		return ""
	}
	t.set(now, max(t.limit/2, t.least))
	return why
}

// time looks at how long items take.
func (t *tide) time(now time.Time, took time.Duration) string {
	t.sum += took
	if t.n++; t.n < max(roundItems, 2*t.limit) {
		return ""
	}
	mean := t.sum / time.Duration(t.n)
	t.sum, t.n = 0, 0
	switch {
	case t.best == 0 || mean < t.best:
		t.best, t.slow = mean, 0
	case mean < slowFactor*t.best || mean < t.best+slowLeast:
		t.slow = 0
	case t.slow > 0 && mean > t.slow*9/10:
		// Fewer pages did not help: that is how slow the site is now.
		t.best, t.slow = mean, 0
	case t.limit > t.least:
		t.slow = mean
		t.set(now, t.limit-1)
		return fmt.Sprintf("items take %s, and took %s", mean.Round(100*time.Millisecond), t.best.Round(100*time.Millisecond))
	}
	return ""
}

func (t *tide) set(now time.Time, limit int) {
	t.limit, t.changed, t.calm, t.recent, t.sum, t.n = limit, now, 0, nil, 0, 0
}

// strained tells whether a failure may come of too much load on the site. An
// element that is not there comes of the spec, more often than not.
func strained(a *attempt) bool {
	var status *steps.StatusError
	var absent *steps.AbsentError
	switch {
	case a.class != Transient:
		return false
	case errors.As(a.err, &status):
		return status.Status >= 500
	case errors.As(a.err, &absent):
		return false
	default:
		return errors.Is(a.err, steps.ErrTimeout) || strings.Contains(a.err.Error(), "net::ERR_")
	}
}
