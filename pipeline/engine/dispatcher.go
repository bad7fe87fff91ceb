package engine

import (
	"context"
	"slices"
	"time"

	"golang.org/x/time/rate"

	"pipe/pipeline"
)

// dispatcher hands out jobs, each to one worker at a time, and takes them back
// for another attempt. It knows when the run is over: nothing to come, nothing
// waiting, nothing in hand.
type dispatcher struct {
	in      <-chan *job
	settled <-chan settled
	// freed tells that a job's page is free; the job itself is still in hand.
	freed    <-chan struct{}
	stop     <-chan struct{}
	assigner *assigner
	pace     *rate.Limiter // nil means no limit
	report   func(pipeline.Event)
	// limiter bounds the pages at work, and fetches what is in hand beside them
	// while it is low; nil means no bound.
	limiter *concurrencyLimiter
	fetches int
	// control steers the run, nil for none; steered is its state as it was told last.
	control *Control
	steered ControlState
	// workers is how many pages there are; allow has no more of them made ready than it is
	// told, nil for any number.
	workers int
	allow   func(most int)
	// hold tells those who have a job and wait on their own when the site may
	// be asked again.
	hold *siteHold

	ready   []*job
	delayed []*job
	// pages are at work on some of the jobs that are in hand.
	inHand, pages int
	halted        bool
	site          siteHealth
	// leave is the pace's for the job that goes out next.
	leave *rate.Reservation
}

// readyMost is how many jobs wait at the dispatcher; the source waits for room.
const readyMost = 64

func (d *dispatcher) run(ctx context.Context) error {
	defer d.assigner.close()
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	d.steered.Workers = d.workers // what it is in place of that, the control says at once
	for {
		now := time.Now()
		d.wake(now)
		if d.over() {
			return nil
		}
		in, out, first := d.in, chan<- *job(nil), (*job)(nil)
		held := d.held(now)
		most := readyMost
		if len(d.ready) > 0 && held <= 0 && !d.wait() {
			out, first = d.assigner.offer(d.ready)
			most = d.assigner.room(first)
		}
		if len(d.ready) >= most {
			in = nil
		}
		if wait := d.next(now, held); wait > 0 {
			timer.Reset(wait)
		}
		select {
		case j, ok := <-in:
			if !ok {
				d.in = nil
				continue
			}
			d.ready = append(d.ready, j)
		case out <- first:
			d.ready = d.ready[1:]
			d.inHand++
			d.pages++
			d.leave = nil
			d.assigner.assigned()
		case <-d.freed:
			d.pages--
		case account := <-d.assigner.asks:
			d.assigner.waiting = append(d.assigner.waiting, account)
		case s := <-d.settled:
			d.settle(s)
		case <-d.control.changes():
			d.steer()
		case <-timer.C:
		case <-d.stop:
			d.halt()
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// halt gives out no more jobs; those in hand end.
func (d *dispatcher) halt() {
	d.in, d.ready, d.delayed, d.stop, d.halted = nil, nil, nil, nil, true
}

func (d *dispatcher) over() bool {
	return d.in == nil && len(d.ready) == 0 && len(d.delayed) == 0 && d.inHand == 0
}

// wait tells whether something else than time must come first: the end of a pause, or
// of what is in hand. A site that is down is asked by one item at a time, and one that is
// slow by fewer.
func (d *dispatcher) wait() bool {
	switch {
	case d.steered.Paused, d.control != nil && d.pages >= d.steered.Workers:
		return true
	case d.site.probing():
		return d.inHand > 0
	case d.limiter == nil || d.limiter.limit == d.limiter.most:
		return false
	default:
		part := (d.fetches*d.limiter.limit + d.limiter.most - 1) / d.limiter.most
		return d.pages >= d.limiter.limit || d.inHand >= d.limiter.limit+part
	}
}

func (d *dispatcher) settle(s settled) {
	if s.revived {
		if !d.halted {
			d.delayed = append(d.delayed, s.job)
		}
		return
	}
	d.inHand--
	now := time.Now()
	if kind := d.site.observe(now, s); kind != "" && !d.halted {
		e := pipeline.Event{Kind: kind, Class: s.class}
		if kind == pipeline.Held {
			e.Until, e.Reason = d.site.open, s.reason
		}
		d.report(e)
	}
	d.hold.set(d.site.open)
	if d.limiter != nil && !d.halted {
		if why := d.limiter.observe(now, s); why != "" {
			d.adapted(why)
		}
	}
	switch {
	case !s.again || d.halted:
	case s.class == pipeline.RateLimited, s.class == pipeline.SiteDown && d.site.probing():
		// The site's hold is its wait. The others go first, so that no item
		// alone finds out again and again that the site is not back.
		d.ready = append(d.ready, s.job)
	default:
		d.delayed = append(d.delayed, s.job)
	}
}

// wake moves the jobs whose time has come to the front.
func (d *dispatcher) wake(now time.Time) {
	d.delayed = slices.DeleteFunc(d.delayed, func(j *job) bool {
		due := !j.due.After(now)
		if due {
			d.ready = slices.Insert(d.ready, 0, j)
		}
		return due
	})
}

// held is how long no job may go out; 0 or less when one may.
func (d *dispatcher) held(now time.Time) time.Duration {
	if len(d.ready) == 0 {
		return 0
	}
	held := d.site.open.Sub(now)
	if d.pace != nil {
		if d.leave == nil {
			d.leave = d.pace.ReserveN(now, 1)
		}
		held = max(held, d.leave.DelayFrom(now))
	}
	return held
}

// next is how long until time alone changes something; 0 for never.
func (d *dispatcher) next(now time.Time, held time.Duration) time.Duration {
	next := max(held, 0)
	if d.wait() {
		next = 0
	}
	for _, j := range d.delayed {
		if due := max(j.due.Sub(now), time.Millisecond); next == 0 || due < next {
			next = due
		}
	}
	return next
}
