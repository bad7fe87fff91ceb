package pipeline

import (
	"context"
	"slices"
	"time"

	"golang.org/x/time/rate"
)

// dispatcher hands out jobs, each to one worker at a time, and takes them back
// for another attempt. It knows when the run is over: nothing to come, nothing
// waiting, nothing in hand.
type dispatcher struct {
	in      <-chan *job
	out     chan<- *job
	settled <-chan settled
	stop    <-chan struct{}
	pace    *rate.Limiter // nil means no limit

	ready   []*job
	delayed []*job
	inHand  int
	halted  bool
	// open is when the site may be asked again.
	open time.Time
	// next is the pace's leave for the job that goes out next.
	next *rate.Reservation
}

// readyMost is how many jobs wait at the dispatcher; the source waits for room.
const readyMost = 64

func (d *dispatcher) run(ctx context.Context) error {
	defer close(d.out)
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		d.wake(time.Now())
		if d.over() {
			return nil
		}
		in, out, first := d.in, chan<- *job(nil), (*job)(nil)
		if len(d.ready) >= readyMost {
			in = nil
		}
		if wait := d.wait(time.Now()); wait > 0 {
			timer.Reset(wait)
		} else if len(d.ready) > 0 {
			out, first = d.out, d.ready[0]
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
			d.next = nil
		case s := <-d.settled:
			d.settle(s)
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

func (d *dispatcher) settle(s settled) {
	d.inHand--
	if until := time.Now().Add(s.hold); s.hold > 0 && until.After(d.open) {
		d.open = until
	}
	if s.again && !d.halted {
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

// wait is how long nothing may go out; 0 when a ready job may.
func (d *dispatcher) wait(now time.Time) time.Duration {
	if len(d.ready) == 0 {
		if len(d.delayed) == 0 {
			return 0
		}
		first := slices.MinFunc(d.delayed, func(a, b *job) int { return a.due.Compare(b.due) })
		return max(first.due.Sub(now), time.Millisecond)
	}
	held := d.open.Sub(now)
	if d.pace != nil {
		if d.next == nil {
			d.next = d.pace.ReserveN(now, 1)
		}
		held = max(held, d.next.DelayFrom(now))
	}
	return held
}
