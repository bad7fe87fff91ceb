package engine

import (
	"fmt"
	"time"

	"pipe/pipeline"
)

// concurrencyLimiter is how many pages are at work at once: all of them as long as the site
// is well. Additive increase, multiplicative decrease, as networks do it: half
// as many when the site asks for less or when one in five of the newest
// attempts fails by the site's fault; one less when items take three times as
// long as they did; one more for every round without trouble.
type concurrencyLimiter struct {
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

func newConcurrencyLimiter(least, most int) *concurrencyLimiter {
	return &concurrencyLimiter{least: min(least, most), most: most, limit: most}
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

// observe learns from an attempt and tells why the limit changed, or "".
func (l *concurrencyLimiter) observe(now time.Time, s settled) string {
	if !s.began.After(l.changed) {
		return ""
	}
	trouble := s.overload || s.class == pipeline.RateLimited
	if l.recent = append(l.recent, trouble); len(l.recent) > recentMost {
		l.recent = l.recent[1:]
	}
	if trouble {
		return l.fewer(now, s)
	}
	if s.class == "" {
		if why := l.slower(now, s.took); why != "" {
			return why
		}
	}
	if l.calm++; l.calm < l.limit || l.limit == l.most {
		return ""
	}
	l.set(now, l.limit+1)
	return "the site is well"
}

// fewer looks whether the trouble is enough for fewer pages.
func (l *concurrencyLimiter) fewer(now time.Time, s settled) string {
	l.calm = 0
	n := 0
	for _, trouble := range l.recent {
		if trouble {
			n++
		}
	}
	why := "the site asks for a slower pace"
	if s.class != pipeline.RateLimited {
		if n < troubleMin || n*troublePart < len(l.recent) {
			return ""
		}
		why = fmt.Sprintf("%d of the last %d attempts failed", n, len(l.recent))
	}
	if l.limit == l.least {
		return ""
	}
	l.set(now, max(l.limit/2, l.least))
	return why
}

// slower looks at how long items take.
func (l *concurrencyLimiter) slower(now time.Time, took time.Duration) string {
	l.sum += took
	if l.n++; l.n < max(roundItems, 2*l.limit) {
		return ""
	}
	mean := l.sum / time.Duration(l.n)
	l.sum, l.n = 0, 0
	switch {
	case l.best == 0 || mean < l.best:
		l.best, l.slow = mean, 0
	case mean < slowFactor*l.best || mean < l.best+slowLeast:
		l.slow = 0
	case l.slow > 0 && mean > l.slow*9/10:
		// Fewer pages did not help: that is how slow the site is now.
		l.best, l.slow = mean, 0
	case l.limit > l.least:
		l.slow = mean
		l.set(now, l.limit-1)
		return fmt.Sprintf("items take %s, and took %s", mean.Round(100*time.Millisecond), l.best.Round(100*time.Millisecond))
	}
	return ""
}

func (l *concurrencyLimiter) set(now time.Time, limit int) {
	l.limit, l.changed, l.calm, l.recent, l.sum, l.n = limit, now, 0, nil, 0, 0
}
