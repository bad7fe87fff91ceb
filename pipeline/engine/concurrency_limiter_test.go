package engine

import (
	"testing"
	"time"

	"pipe/pipeline"
)

// feeder feeds a limiter with attempts that follow each other.
type feeder struct {
	*concurrencyLimiter
	now time.Time
}

func (s *feeder) attempts(n int, a settled) {
	for range n {
		s.now = s.now.Add(time.Second)
		a.began = s.now
		s.now = s.now.Add(time.Second)
		s.observe(s.now, a)
	}
}

func TestConcurrencyLimiter(t *testing.T) {
	t.Parallel()
	well, slow := settled{took: 2 * time.Second}, settled{took: 9 * time.Second}
	trouble, limited := settled{class: pipeline.Transient, overload: true}, settled{class: pipeline.RateLimited}
	type step struct {
		n    int
		a    settled
		want int
	}
	for name, steps := range map[string][]step{
		"a healthy site keeps all":           {{500, well, 8}},
		"items that fail by themselves":      {{50, settled{class: pipeline.NotFound}, 8}, {50, settled{class: pipeline.Transient}, 8}},
		"an error now and then":              {{9, well, 8}, {1, trouble, 8}, {9, well, 8}, {1, trouble, 8}, {9, well, 8}, {1, trouble, 8}},
		"errors halve it, down to the least": {{3, trouble, 4}, {3, trouble, 2}, {30, trouble, 2}},
		"and it comes back":                  {{3, trouble, 4}, {4, well, 5}, {5, well, 6}, {13, well, 8}, {100, well, 8}},
		"asked for less":                     {{1, limited, 4}, {1, limited, 2}, {1, limited, 2}, {2, well, 3}},
		"slow costs one":                     {{16, well, 8}, {16, slow, 7}},
		"slow without end is how it is":      {{16, well, 8}, {16, slow, 7}, {14, slow, 8}, {200, slow, 8}},
		"twice as long is nothing":           {{16, well, 8}, {100, settled{took: 4 * time.Second}, 8}},
		"quick is never too slow":            {{16, settled{took: time.Millisecond}, 8}, {100, settled{took: 500 * time.Millisecond}, 8}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := &feeder{newConcurrencyLimiter(2, 8), time.Unix(1000, 0)}
			for i, step := range steps {
				if s.attempts(step.n, step.a); s.limit != step.want {
					t.Errorf("step %d: %d pages, want %d", i, s.limit, step.want)
				}
			}
		})
	}
	// What was begun before a change says nothing of it: a burst is one sign.
	s := &feeder{newConcurrencyLimiter(1, 8), time.Unix(1000, 0)}
	began := s.now.Add(time.Second)
	for range 7 {
		s.observe(began.Add(time.Minute), settled{began: began, class: pipeline.RateLimited})
	}
	if s.limit != 4 {
		t.Errorf("a burst of refusals left %d pages, want 4", s.limit)
	}
}
