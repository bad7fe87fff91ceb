package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"pipe/pipeline"
)

// assigner brings jobs and workers together: a job whose item names an account goes
// to a worker of that account. Workers ask, the dispatcher gives; it knows who
// waits, so that a job for one account never holds up those of another.
type assigner struct {
	asks chan int
	outs []chan *job
	over chan struct{}

	// waiting are the accounts of the workers that have asked, the longest
	// first, match is the one whose turn it is. Both are the dispatcher's.
	waiting []int
	match   int

	mu sync.Mutex
	// left counts the workers by account, why says why it has none.
	left []int
	why  []error
	// held counts the items that wait for an account that is given up.
	held int
}

// newAssigner assigns jobs to these workers.
func newAssigner(workers []pipeline.Worker, accounts int) *assigner {
	a := &assigner{asks: make(chan int), over: make(chan struct{}), left: make([]int, max(1, accounts))}
	a.why = make([]error, len(a.left))
	for range a.left {
		a.outs = append(a.outs, make(chan *job))
	}
	for _, w := range workers {
		a.left[w.Account]++
	}
	return a
}

// take gives a worker its next job; false when there are no more.
func (a *assigner) take(ctx context.Context, account int) (*job, bool, error) {
	if err := ctx.Err(); err != nil {
		return nil, false, err
	}
	select {
	case a.asks <- account:
		return receive(ctx, a.outs[account])
	case <-a.over:
		return nil, false, nil
	case <-ctx.Done():
		return nil, false, ctx.Err()
	}
}

// close sends the workers home.
func (a *assigner) close() {
	close(a.over)
	for _, out := range a.outs {
		close(out)
	}
}

// offer chooses the job that goes out next, which it puts in front, and to whom;
// nil when nobody who waits may do one of them.
func (a *assigner) offer(ready []*job) (chan<- *job, *job) {
	for i, j := range ready {
		a.match = 0
		if account := a.bound(j); account != pipeline.AnyAccount {
			a.match = slices.Index(a.waiting, account)
		}
		if a.match < 0 || a.match >= len(a.waiting) {
			continue
		}
		copy(ready[1:i+1], ready[:i])
		ready[0] = j
		return a.outs[a.waiting[a.match]], j
	}
	return nil, nil
}

// assigned says that the offer was taken.
func (a *assigner) assigned() { a.waiting = slices.Delete(a.waiting, a.match, a.match+1) }

// bound gives the account that a job is for. When that is given up, pipeline.AnyAccount may
// take it, to put it on record.
func (a *assigner) bound(j *job) int {
	if j.account == pipeline.AnyAccount {
		return pipeline.AnyAccount
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.left[j.account] > 0 {
		return j.account
	}
	why := a.why[j.account]
	if why == nil {
		why = errors.New("no context is logged in with it: there are fewer contexts than accounts")
	}
	j.refused, j.account = &heldError{why}, pipeline.AnyAccount
	a.held++
	return pipeline.AnyAccount
}

// retire takes a worker out whose account is given up. The error is for a run
// of which no worker is left.
func (a *assigner) retire(account int, why error) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.left[account]--
	a.why[account] = why
	if slices.Max(a.left) > 0 {
		return nil
	}
	return why
}

// unassigned is the error of a run that has done all it could without the accounts
// that were given up.
func (a *assigner) unassigned() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.held == 0 {
		return nil
	}
	return fmt.Errorf("%d items wait for an account that is given up: %w", a.held, errors.Join(a.why...))
}

// room is how many jobs may wait: more while none of them is for those who do.
func (a *assigner) room(first *job) int {
	if first != nil || len(a.waiting) == 0 {
		return readyMost
	}
	return 100 * readyMost
}

// heldError says that an item waits for another run: its account is given up.
type heldError struct{ err error }

func (e *heldError) Error() string { return "the item's account is given up: " + e.err.Error() }

func (e *heldError) Unwrap() error { return e.err }
