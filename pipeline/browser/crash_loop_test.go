package browser

import (
	"strings"
	"testing"
	"time"
)

// Browsers that are lost again and again, with nothing done between, end the run;
// those of a long run do not.
func TestCrashLoop(t *testing.T) {
	t.Parallel()
	begin := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		every  time.Duration
		worked bool
		loops  bool
	}{
		"again and again":   {every: time.Second, loops: true},
		"now and then":      {every: time.Hour},
		"with work between": {every: time.Second, worked: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var loop crashLoop
			for n := range crashesMost {
				loop.add(begin.Add(time.Duration(n) * c.every))
				if c.worked {
					loop.worked()
				}
			}
			if err := loop.err(); (err != nil) != c.loops || err != nil && !strings.Contains(err.Error(), "lost 6 times within 5s") {
				t.Errorf("got %v", err)
			}
		})
	}
}
