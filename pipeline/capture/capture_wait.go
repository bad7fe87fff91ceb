package capture

import (
	"context"
	"errors"
	"fmt"
	"time"

	"pipe/steps"
)

// Wait gives the next of the files.
func (c *captureListener) Wait(ctx context.Context) (steps.Delivery, error) {
	c.watchShown(func() { c.waits = true })
	c.await(ctx)
	c.mu.Lock()
	at := c.files.given
	d, failed := c.files.next(), c.failed
	c.mu.Unlock()
	var quiet *quietError
	switch {
	case d != nil:
		return d, nil
	case errors.As(failed, &quiet):
		return c.late(at, failed)
	case failed != nil:
		return nil, c.without(failed)
	case c.page.page.Life().Err() != nil:
		return nil, fmt.Errorf("waiting for the file: %w", steps.ErrClosed)
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return c.late(at, fmt.Errorf(nothing, steps.ErrTimeout))
	default:
		return nil, fmt.Errorf("waiting for the file: %w", context.Cause(ctx))
	}
}

// await returns once the next of the files is known for certain, or can not be: one
// that is there may be for another that is wanted as well, as long as those have time.
func (c *captureListener) await(ctx context.Context) {
	for {
		c.mu.Lock()
		there, full := c.files.files[c.files.given] != nil, c.files.full()
		limit := time.NewTimer(time.Until(c.began.Add(c.patience())))
		c.mu.Unlock()
		expired := limit.C
		if !there {
			expired = nil
		}
		over := full
		if !over {
			select {
			case <-c.changed:
			case <-expired:
				over = true
			case <-c.done:
				over = true
			case <-c.page.page.Life().Done():
				over = true
			case <-ctx.Done():
				over = true
			}
		}
		limit.Stop()
		if over {
			return
		}
	}
}

// patience is how long the files that are missing may take, from the trigger on.
func (c *captureListener) patience() time.Duration {
	var most time.Duration
	for at := c.files.given; at < len(c.want); at++ {
		if c.files.files[at] == nil {
			most = max(most, c.want[at].Limit)
		}
	}
	return most
}
