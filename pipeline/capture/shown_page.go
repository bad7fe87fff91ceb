package capture

import (
	"context"
	"fmt"
	"time"

	"pipe/steps"
)

const (
	// pageTimes is for how many quiet times a page, or a frame of it, is watched that the
	// site shows in the file's place; scriptTimes is that of a page which was answered by
	// a script, and may be at work on the file by itself.
	pageTimes   = 1
	scriptTimes = 3
)

// ledTo notes that the trigger, or what came of it, led the page or a frame to another
// page, or that a script of it was answered, and was given no file.
func (c *captureListener) ledTo(times int) {
	c.watchShown(func() {
		if c.led == 0 || times < c.led {
			c.led = times
		}
	})
}

// watchShown begins to watch what the page shows, once the trigger is through.
func (c *captureListener) watchShown(note func()) {
	c.mu.Lock()
	note()
	begins := c.led > 0 && c.waits && !c.watches && c.want.quiet() > 0
	c.watches = c.watches || begins
	c.mu.Unlock()
	if begins {
		c.page.page.Context.Browser.Go(func(context.Context) { c.awaitShown() })
	}
}

// awaitShown ends the wait for a file once the page that was led on is loaded and asks
// for nothing more.
func (c *captureListener) awaitShown() {
	for {
		times := c.times()
		quiet := time.Duration(times) * c.want.quiet()
		switch {
		case !c.page.listener.awaitQuiet(c.ctx, c.activity, quiet):
			return
		case c.times() < times:
			// It was led to a page meanwhile.
		case !c.busy() && !c.page.hasPopups():
			c.fail(&quietError{quiet, times == pageTimes})
			return
		case steps.Pause(c.ctx, c.want.quiet()) != nil:
			return
		}
	}
}

func (c *captureListener) times() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.led
}

// quietError is a page of which no file is expected any more.
type quietError struct {
	quiet time.Duration
	// led is true where the trigger led to another page, or a frame to one.
	led bool
}

func (e *quietError) Error() string {
	what := "that the trigger led to is loaded, and"
	if !e.led {
		what = "was answered, and"
	}
	return fmt.Sprintf("no file came: the page %s has asked for nothing more for %v", what, e.quiet)
}
