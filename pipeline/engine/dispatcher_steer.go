package engine

import (
	"fmt"

	"pipe/pipeline"
)

// steer takes over what the control asks for, and tells of it.
func (d *dispatcher) steer() {
	was, now := d.steered, d.control.State()
	d.steered = now
	if d.halted {
		return
	}
	if was.Paused != now.Paused {
		kind := pipeline.Continued
		if now.Paused {
			kind = pipeline.Paused
		}
		d.report(pipeline.Event{Kind: kind})
	}
	if was.Workers != now.Workers {
		if d.allow != nil {
			d.allow(now.Workers)
		}
		d.adapted("as asked")
	}
}

// adapted tells how many pages may be at work from now on, and why.
func (d *dispatcher) adapted(why string) {
	n := d.workers
	if d.control != nil {
		n = min(n, d.steered.Workers)
	}
	if d.limiter != nil {
		n = min(n, d.limiter.limit)
	}
	d.report(pipeline.Event{Kind: pipeline.Adapted, Pages: n, Reason: fmt.Sprintf("%d of %d at work: %s", n, d.workers, why)})
}
