package app

import (
	"context"
	"fmt"
	"sync"
	"time"

	"pipe/pipeline"
	"pipe/pipeline/engine"
	"pipe/pipeline/report/progress"
	"pipe/specs"
)

// finishBy watches whether a run ends by a time. As soon as the estimate misses it, it
// warns, and has as many workers at work as the spec allows; it never goes against what
// the site asks for, which the engine sees to.
type finishBy struct {
	by      time.Time
	control *engine.Control
	// most is how many workers the spec has itself.
	most int
	// stop is closed once the run begins no more items; what is late then is no news.
	stop <-chan struct{}
	// next is told of all that the run tells, and of what is made out here.
	next pipeline.Observer

	mu       sync.Mutex
	progress progress.Progress
	// late is what was told last, raised whether there were more workers for it.
	late, raised bool
}

// lookEvery is how often the estimate is looked at while nothing happens.
const lookEvery = 10 * time.Second

// Observe takes an event in, and looks at what it does to the estimate.
func (f *finishBy) Observe(e pipeline.Event) {
	f.next.Observe(e)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.progress.Add(e)
	if e.Kind != pipeline.StepStarted { // which there are many of, and change no estimate
		f.look(e.Time)
	}
}

// run looks at the estimate while nothing happens, until the context ends.
func (f *finishBy) run(ctx context.Context) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		select {
		case now := <-tick.C:
			f.mu.Lock()
			f.look(now)
			f.mu.Unlock()
		case <-ctx.Done():
			return
		}
	}
}

// look compares the estimate with the time, and tells of a change of mind.
func (f *finishBy) look(now time.Time) {
	select {
	case <-f.stop:
		return
	default:
	}
	late, reason, known := f.verdict(now)
	if !known {
		return
	}
	more := ""
	if late && !f.raised && f.maySpeedUp(now) {
		f.raised = true
		more = fmt.Sprintf("; up to %d workers from now on, in place of %d", f.most, f.control.State().Workers)
		f.control.SetWorkers(f.most)
	}
	if late == f.late {
		return
	}
	f.late = late
	e := pipeline.Event{Time: now, Kind: pipeline.Late, Until: f.by, Reason: reason + more}
	if !late {
		f.raised, e.Kind = false, pipeline.InTime
	}
	f.next.Observe(e)
}

// maySpeedUp tells whether there may be more workers: the spec has them, and the site has
// not asked for fewer.
func (f *finishBy) maySpeedUp(now time.Time) bool {
	asked, pace := f.control.State(), &f.progress.Pace
	return asked.Workers < f.most && !asked.Paused && !pace.HeldAt(now) && pace.Pages >= asked.Workers
}

// verdict tells whether the run will be late, and by what; known is false where the
// estimate leaves it open. Then it stays as it was told last.
func (f *finishBy) verdict(now time.Time) (late bool, reason string, known bool) {
	estimate := &f.progress.Estimate
	n, read := estimate.ToDo()
	if !read || n == 0 {
		return false, "", false
	}
	by := f.by.Format("15:04")
	if now.After(f.by) {
		return true, fmt.Sprintf("it is past %s, and %s left", by, areItems(n)), true
	}
	left, ok := estimate.Left(now)
	if !ok {
		return false, "", false
	}
	ends := fmt.Sprintf("%s left at %.1f a minute: it ends between %s and %s", areItems(n), estimate.Rate(now), now.Add(left.Low).Format("15:04"), now.Add(left.High).Format("15:04"))
	// The first items come as late as an item takes, and the others faster then.
	settled := f.progress.Done + f.progress.Skipped + f.progress.Failed
	likely := settled >= 2*f.progress.Pace.PagesMost && now.Add(left.Likely).After(f.by)
	switch {
	case likely, now.Add(left.Low).After(f.by):
		return true, ends + ", and was to by " + by, true
	case !now.Add(left.High).After(f.by):
		return false, ends + ", by " + by, true
	default:
		return false, "", false
	}
}

func areItems(n int) string {
	if n == 1 {
		return "1 item is"
	}
	return fmt.Sprintf("%d items are", n)
}

// parseFinishBy reads the time of --finish-by: the next time that a clock here shows it,
// or a time with its date and zone.
func parseFinishBy(text string, now time.Time) (time.Time, error) {
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		if !at.After(now) {
			return at, Exit(ExitSpec, fmt.Errorf("--finish-by: %s is over", text))
		}
		return at.In(now.Location()), nil
	}
	clock, err := time.Parse("15:04", text)
	if err != nil {
		return clock, Exit(ExitSpec, fmt.Errorf("--finish-by: want a time such as 06:30 or 2026-12-01T06:30:00+01:00, not %q", text))
	}
	at := time.Date(now.Year(), now.Month(), now.Day(), clock.Hour(), clock.Minute(), 0, 0, now.Location())
	if !at.After(now) {
		at = time.Date(now.Year(), now.Month(), now.Day()+1, clock.Hour(), clock.Minute(), 0, 0, now.Location())
	}
	return at, nil
}

// roomToSpeedUp makes the pool the spec's own again, where the flags have made it smaller
// for the beginning, and gives how many workers that is; the run begins with as many as the
// flags say.
func roomToSpeedUp(pool *specs.Pool, own specs.Pool, control *engine.Control) (most int) {
	most = own.Contexts * own.Pages
	if atFirst := pool.Contexts * pool.Pages; atFirst < most {
		pool.Contexts, pool.PerAccount, pool.Pages = own.Contexts, own.PerAccount, own.Pages
		control.SetWorkers(atFirst)
	}
	return most
}
