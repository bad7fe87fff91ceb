package pipeline

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"pipe/steps"
)

// The ladder brings a page back after a failure, by the lowest rung that may
// help: close stray tabs and start from home again, a new page, a new context
// with a login of its own. What is above that, a new browser and a new driver,
// is the pool's, which knows when they are dead.

// contextFailures is how many failures in a row, on the pages of one context,
// are put down to the context.
const contextFailures = 4

// ladder counts the failures in a row by context.
type ladder struct {
	mu     sync.Mutex
	failed map[string]int
}

// fails notes how an attempt on a page of a context ended, and tells whether
// the context is to blame.
func (l *ladder) fails(context string, failed bool) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !failed {
		delete(l.failed, context)
		return false
	}
	if l.failed == nil {
		l.failed = map[string]int{}
	}
	if l.failed[context]++; l.failed[context] < contextFailures {
		return false
	}
	delete(l.failed, context)
	return true
}

// contextDiscarder is a page whose browser context can be given up: the next
// Open of any of its pages makes a new one and logs in.
type contextDiscarder interface{ DiscardContext() }

// contextOf gives the context of a worker by its name: c1 of c1p2.
func contextOf(worker string) string {
	name, _, _ := strings.Cut(worker, "p")
	return name
}

// blameless are the failures that say nothing against the page.
func blameless(class Class) bool {
	switch class {
	case NotFound, Rejected, RateLimited, SiteDown, SessionLost, Spec, Interrupted:
		return true
	default:
		return false
	}
}

// recover brings the page back to where the next item can start: each item goes
// home by itself.
func (b *browser) recover(ctx context.Context, page Page, a *attempt, abandoned bool) {
	stray := page.CloseStrays(ctx)
	bad := a.err != nil && !blameless(a.class)
	b.fails++
	if !bad {
		b.fails = 0
	}
	worn := b.ladder.fails(contextOf(a.worker), bad)
	why := b.newPage(a, abandoned, bad, stray)
	deeper, can := page.(contextDiscarder)
	rung := "closed stray tabs"
	switch {
	case worn && can:
		deeper.DiscardContext()
		b.fails, rung = 0, fmt.Sprintf("new context: %d failures in a row on its pages", contextFailures)
	case why != "":
		page.Discard()
		b.fails, rung = 0, "new page: "+why
	case a.err == nil:
		return
	}
	b.tell(Event{Kind: Recovered, Worker: a.worker, Key: a.job.item.Key, Step: rung})
}

// newPage tells why the page is not to be used again, or "".
func (b *browser) newPage(a *attempt, abandoned, bad bool, stray error) string {
	before := 0
	for class, n := range a.job.failures {
		if !blameless(class) {
			before += n
		}
	}
	switch {
	case a.class == Crashed:
		return "it crashed"
	case abandoned:
		return "it does not answer"
	case stray != nil:
		return "its tabs do not close"
	case !bad:
		return ""
	case a.step == "navigate.home" && errors.Is(a.err, steps.ErrTimeout):
		return "it does not come home"
	case b.fails > 1:
		return "the second failure in a row on it"
	case before > 0:
		return "the item fails again"
	default:
		return ""
	}
}
