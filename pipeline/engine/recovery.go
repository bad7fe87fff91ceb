package engine

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"pipe/pipeline"
	"pipe/steps"
)

// recovery brings a worker's page back after a failure, by the least that may
// help: close stray tabs and start from home again, a new page, a new context
// with a login of its own. What is more than that, a new browser and a new driver,
// is the pool's, which knows when they are dead.
type recovery struct {
	contexts *contextFailures
	reporter *pipeline.Reporter
	// fails counts the failures in a row on the page.
	fails int
}

// recover brings the page back to where the next item can start: each item goes
// home by itself. It tells whether the page stays the worker's.
func (r *recovery) recover(ctx context.Context, page pipeline.Page, a *Attempt, abandoned bool) (stays bool) {
	stray := page.CloseStrays(ctx)
	bad := a.Err != nil && a.class.BlamesPage()
	r.fails++
	if !bad {
		r.fails = 0
	}
	worn := r.contexts.add(a.Worker.Context, bad)
	why := r.newPage(a, abandoned, bad, stray)
	action := "closed stray tabs"
	switch {
	case worn:
		page.DiscardContext()
		r.fails, action = 0, fmt.Sprintf("new context: %d failures in a row on its pages", contextFailuresMost)
	case why != "":
		page.Discard()
		r.fails, action = 0, "new page: "+why
	case a.Err == nil:
		return true
	default:
		stays = true
	}
	r.reporter.Report(pipeline.Event{Kind: pipeline.Recovered, Worker: a.Worker.Name, Key: a.job.item.Key, Step: action})
	return stays
}

// newPage tells why the page is not to be used again, or "".
func (r *recovery) newPage(a *Attempt, abandoned, bad bool, stray error) string {
	before := 0
	for class, n := range a.job.failures {
		if class.BlamesPage() {
			before += n
		}
	}
	switch {
	case a.class == pipeline.Crashed:
		return "it crashed"
	case abandoned:
		return "it does not answer"
	case stray != nil:
		return "its tabs do not close"
	case !bad:
		return ""
	case a.Step == "navigate.home" && errors.Is(a.Err, steps.ErrTimeout):
		return "it does not come home"
	case r.fails > 1:
		return "the second failure in a row on it"
	case before > 0:
		return "the item fails again"
	default:
		return ""
	}
}

// contextFailuresMost is how many failures in a row, on the pages of one context,
// are put down to the context.
const contextFailuresMost = 4

// contextFailures counts the failures in a row by context.
type contextFailures struct {
	mu     sync.Mutex
	failed map[string]int
}

// add notes how an attempt on a page of a context ended, and tells whether
// the context is to blame.
func (c *contextFailures) add(context string, failed bool) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !failed {
		delete(c.failed, context)
		return false
	}
	if c.failed == nil {
		c.failed = map[string]int{}
	}
	if c.failed[context]++; c.failed[context] < contextFailuresMost {
		return false
	}
	delete(c.failed, context)
	return true
}
