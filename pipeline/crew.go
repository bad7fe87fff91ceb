package pipeline

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
)

// anybody is the account of a job that any account may do.
const anybody = -1

// crew brings jobs and workers together: a job whose item names an account goes
// to a worker of that account. Workers ask, the dispatcher gives; it knows who
// waits, so that a job for one account never holds up those of another.
type crew struct {
	free chan int
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

// newCrew is the crew of these workers.
func newCrew(workers []Worker, accounts int) *crew {
	c := &crew{free: make(chan int), over: make(chan struct{}), left: make([]int, max(1, accounts))}
	c.why = make([]error, len(c.left))
	for range c.left {
		c.outs = append(c.outs, make(chan *job))
	}
	for _, w := range workers {
		c.left[w.Account]++
	}
	return c
}

// take gives a worker its next job; false when there are no more.
func (c *crew) take(ctx context.Context, account int) (*job, bool, error) {
	if err := ctx.Err(); err != nil {
		return nil, false, err
	}
	select {
	case c.free <- account:
		return receive(ctx, c.outs[account])
	case <-c.over:
		return nil, false, nil
	case <-ctx.Done():
		return nil, false, ctx.Err()
	}
}

// close sends the workers home.
func (c *crew) close() {
	close(c.over)
	for _, out := range c.outs {
		close(out)
	}
}

// offer chooses the job that goes out next, which it puts in front, and to whom;
// nil when nobody who waits may do one of them.
func (c *crew) offer(ready []*job) (chan<- *job, *job) {
	for i, j := range ready {
		c.match = 0
		if account := c.bound(j); account != anybody {
			c.match = slices.Index(c.waiting, account)
		}
		if c.match < 0 || c.match >= len(c.waiting) {
			continue
		}
		copy(ready[1:i+1], ready[:i])
		ready[0] = j
		return c.outs[c.waiting[c.match]], j
	}
	return nil, nil
}

// sent says that the offer was taken.
func (c *crew) sent() { c.waiting = slices.Delete(c.waiting, c.match, c.match+1) }

// bound gives the account that a job is for. When that is given up, anybody may
// take it, to put it on record.
func (c *crew) bound(j *job) int {
	if j.account == anybody {
		return anybody
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.left[j.account] > 0 {
		return j.account
	}
	why := c.why[j.account]
	if why == nil {
		why = errors.New("no context is logged in with it: there are fewer contexts than accounts")
	}
	j.refused, j.account = &heldError{why}, anybody
	c.held++
	return anybody
}

// retire takes a worker out whose account is given up. The error is for a crew
// of which nobody is left.
func (c *crew) retire(account int, why error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.left[account]--
	c.why[account] = why
	if slices.Max(c.left) > 0 {
		return nil
	}
	return why
}

// verdict is the error of a run that has done all it could without the accounts
// that were given up.
func (c *crew) verdict() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.held == 0 {
		return nil
	}
	return fmt.Errorf("%d items wait for an account that is given up: %w", c.held, errors.Join(c.why...))
}

// The dispatcher's side of the crew.

func (d *dispatcher) close() {
	if d.crew == nil {
		close(d.out)
		return
	}
	d.crew.close()
}

func (d *dispatcher) offer() (chan<- *job, *job) {
	if d.crew == nil {
		return d.out, d.ready[0]
	}
	return d.crew.offer(d.ready)
}

func (d *dispatcher) sent() {
	if d.crew != nil {
		d.crew.sent()
	}
}

func (d *dispatcher) asks() <-chan int {
	if d.crew == nil {
		return nil
	}
	return d.crew.free
}

// most is how many jobs may wait: more while none of them is for those who do.
func (d *dispatcher) most(first *job) int {
	if d.crew == nil || first != nil || len(d.crew.waiting) == 0 {
		return readyMost
	}
	return 100 * readyMost
}

// heldError says that an item waits for another run: its account is given up.
type heldError struct{ err error }

func (e *heldError) Error() string { return "the item's account is given up: " + e.err.Error() }

func (e *heldError) Unwrap() error { return e.err }

// boundError says that an item names an account that is not there.
type boundError struct{ err error }

func (e *boundError) Error() string { return e.err.Error() }

func (e *boundError) Unwrap() error { return e.err }

// bind finds the account that an item is for, or why there is none.
func (r *run) bind(item Item) (int, error) {
	of := r.cfg.Spec.Account
	if of.Empty() {
		return anybody, nil
	}
	name, err := of.Text(r.cfg.Spec.Values.With("item", item.Fields))
	if err != nil {
		return anybody, &boundError{fmt.Errorf("account: %w", err)}
	}
	if name == "" {
		return anybody, nil
	}
	account, err := AccountNamed(r.cfg.Spec, name)
	if err != nil {
		return anybody, &boundError{err}
	}
	return account, nil
}
