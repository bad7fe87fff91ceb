package engine_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"pipe/pipeline"
	"pipe/steps"
)

// counter counts how many answers are in the making at each one's start.
type counter struct {
	mu   sync.Mutex
	now  int
	seen []int
	// full is closed when eight are in the making.
	full chan struct{}
}

// answer takes its time over a file, or refuses it when there are too many.
func (c *counter) answer(ctx context.Context, key string, most int, time <-chan time.Time, fault error) (string, error) {
	c.mu.Lock()
	c.now++
	n := c.now
	c.seen = append(c.seen, n)
	if c.full == nil {
		c.full = make(chan struct{})
	}
	full := c.full
	if n == 8 {
		close(c.full)
		c.full = nil
	}
	c.mu.Unlock()
	defer func() {
		c.mu.Lock()
		c.now--
		c.mu.Unlock()
	}()
	select {
	case <-time:
	case <-full:
	case <-ctx.Done():
		return "", ctx.Err()
	}
	if n > most {
		return "", fault
	}
	return "the file of " + key, nil
}

// A site that breaks under load ends with fewer asking at once, and all is done.
func TestAdapts(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]error{
		"429": &steps.StatusError{Status: 429, RetryAfter: time.Millisecond},
		"500": &steps.StatusError{Status: 500},
	} {
		inBubble(t, name, func(t *testing.T) {
			c := &counter{}
			s := newSite(t, func(ctx context.Context, key string, _ int) (string, error) {
				return c.answer(ctx, key, 3, time.After(200*time.Millisecond), fault)
			})
			n := newTestRun(t, s, 8, six, many(60), "retry: {attempts: 3", "pool: {fetches: 8}\nretry: {attempts: 60")
			n.want(n.run(), pipeline.Totals{In: 60, Done: 60})
			late := slices.Sorted(slices.Values(c.seen[len(c.seen)*2/3:]))
			if first, usual := slices.Max(c.seen[:20]), late[len(late)/2]; first < 6 || usual > 4 {
				t.Errorf("%d asked at once at first, want 6 at least; %d later on, want 4 at most", first, usual)
			}
			if len(n.kinds(pipeline.Adapted)) == 0 {
				t.Error("nobody was told")
			}
		})
	}
}

// A healthy site is never asked by fewer, and without the adapting nor is a
// sick one.
func TestAdaptsToTroubleAlone(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		most int
		pool string
	}{"healthy": {100, "{fetches: 8}"}, "not adaptive": {3, "{fetches: 8, adaptive: false}"}} {
		inBubble(t, name, func(t *testing.T) {
			count := &counter{}
			s := newSite(t, func(ctx context.Context, key string, _ int) (string, error) {
				// Under a second, from which on slow items would mean something.
				return count.answer(ctx, key, c.most, time.After(500*time.Millisecond), &steps.StatusError{Status: 500})
			})
			n := newTestRun(t, s, 8, six, many(64), "retry: {attempts: 3", "pool: "+c.pool+"\nretry: {attempts: 90")
			n.run()
			if told := n.kinds(pipeline.Adapted); len(told) != 0 {
				t.Errorf("told %+v", told)
			}
			if most := slices.Max(count.seen[len(count.seen)/2:]); most < 6 {
				t.Errorf("%d asked at once in the second half, want 6 at least", most)
			}
		})
	}
}

// Each account has a pace of its own.
func TestPaceOfAccounts(t *testing.T) {
	t.Parallel()
	inBubble(t, "two at once", func(t *testing.T) {
		s := newSite(t, good)
		n := newTestRun(t, s, 3, "source:", "pool: {pace: {account: {rate: 20/s, burst: 2}}}\nsource:")
		start := time.Now()
		n.want(n.run(), pipeline.Totals{In: 6, Done: 6})
		if took := s.begun[5].Sub(start); took != 200*time.Millisecond {
			t.Errorf("six items began within %v, want 200ms at 20 a second, two at once", took)
		}
	})
}
