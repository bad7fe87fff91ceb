package browser

import (
	"context"
	"fmt"
	"time"

	"pipe/pipeline/processes"
)

// measureEvery is how long a look at the memory serves.
const measureEvery = 5 * time.Second

// isWorn tells whether a browser is due to be made new.
func (s *Supervisor) isWorn(ctx context.Context, b *Browser) bool {
	limits, items := s.opts.Recycle, int(b.items.Load())
	if limits.Items > 0 && items >= limits.Items {
		s.opts.Log.InfoContext(ctx, "the browser is made new", "items", items)
		return true
	}
	if limits.Memory <= 0 || items < limits.MinItems || time.Since(b.measured) < measureEvery {
		return false
	}
	b.measured = time.Now()
	if has := processes.Memory(ctx, processes.Tree(ctx, b.driver.process.PID)); has > limits.Memory {
		s.opts.Log.InfoContext(ctx, "the browser is made new", "items", items, "memory", fmt.Sprintf("%d MB", has>>20))
		return true
	}
	return false
}

// renew starts the successor of a browser that is worn out. Who uses the old one
// moves when it asks for the current one next.
func (s *Supervisor) renew() {
	ctx := s.renewal
	b, err := s.startAfter(ctx, nil)
	if s.lock.Acquire(s.base, 1) != nil {
		return // the base does not end
	}
	defer s.lock.Release(1)
	s.renewing = false
	if err != nil {
		s.opts.Log.WarnContext(ctx, "a new browser does not start, the old one goes on", "error", err)
		if s.browser != nil {
			s.browser.items.Store(0)
		}
		return
	}
	old := s.browser
	if s.closed || old == nil || !old.Alive() {
		// The old one died meanwhile, and has a successor already.
		old = b
	} else {
		s.browser = b
	}
	s.retire(old)
	old.driver.browsers.leave()
}
