package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"pipe/pipeline"
	"pipe/steps"
)

// unproved are the items that have come to their end under a login of which nobody knows
// yet whether it was still there: a page shows it when it comes home for its next item.
// Where login.success is absent there, a guest may have been served with them.
type unproved struct {
	mu sync.Mutex
	// last is the item that came to its end last, by its page.
	last map[pipeline.Worker]*job
	// working counts the pages of a context that are at work.
	working map[string]int
	// left are the items that were found to be in doubt at the end: they are the next
	// run's.
	left []string
}

func newUnproved(workers []pipeline.Worker) *unproved {
	u := &unproved{last: map[pipeline.Worker]*job{}, working: map[string]int{}}
	for _, w := range workers {
		u.working[w.Context]++
	}
	return u
}

// ended notes an item that has come to its end on a page.
func (u *unproved) ended(w pipeline.Worker, j *job) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.last[w] = j
}

// home notes that a page has come home under the login.
func (u *unproved) home(w pipeline.Worker) {
	u.mu.Lock()
	defer u.mu.Unlock()
	delete(u.last, w)
}

// gone notes that a page has found the session gone at home, and gives the items of all
// pages of its context that are in doubt by that.
func (u *unproved) gone(w pipeline.Worker) []*job {
	u.mu.Lock()
	defer u.mu.Unlock()
	var found []*job
	for one, j := range u.last {
		if one.Context == w.Context {
			found = append(found, j)
			delete(u.last, one)
		}
	}
	return found
}

// lastOnes notes items in doubt when all others are settled.
func (u *unproved) lastOnes(jobs []*job) {
	u.mu.Lock()
	defer u.mu.Unlock()
	for _, j := range jobs {
		u.left = append(u.left, j.item.Key)
	}
	slices.Sort(u.left)
}

// leave notes that a page has no more to do, and tells whether it is to look at home for
// its context: it is the last one there, and something is unproved.
func (u *unproved) leave(w pipeline.Worker) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.working[w.Context]--; u.working[w.Context] > 0 {
		return false
	}
	for one := range u.last {
		if one.Context == w.Context {
			return true
		}
	}
	return false
}

// doubted gives the items that a guest may have been served with, where a page has found
// the session gone at home.
func (b *browseStage) doubted(ctx context.Context, w pipeline.Worker, err error) []*job {
	var guest *pipeline.GuestError
	if !errors.As(err, &guest) {
		return nil
	}
	found := b.unproved.gone(w)
	for _, j := range found {
		b.reporter.Warn(ctx, "the session was gone without a sign when the page came home: a guest may have been served with the item before, which is done again", "item", j.item.Key)
	}
	return found
}

// leave is told that the page has no more to do. The last items of a context are proved
// by one more visit of home.
func (b *browseStage) leave(ctx context.Context, index int, slot pipeline.Worker) {
	if !b.unproved.leave(slot) || b.spec.Login == nil || b.spec.Navigate.Home.URL.Empty() || ctx.Err() != nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, b.spec.Timeouts.Item.Std())
	defer cancel()
	page, err := b.pages.Open(ctx, index)
	if err != nil {
		return // who has no login says nothing of the one before
	}
	defer page.Done()
	on := pipeline.NewStepContext(b.spec, page, pipeline.AccountValues(b.spec, slot.Account), b.screenshots)
	defer on.StopDialogs()
	item := ItemSteps{Spec: b.spec, Page: page, Reporter: b.reporter, Worker: slot.Name}
	err = pipeline.WhileWatched(ctx, page, on, func(ctx context.Context) error { return item.GoHome(ctx, on) })
	b.unproved.lastOnes(b.doubted(ctx, slot, err))
}

// errGuest is what becomes of an item that came to its end in doubt.
var errGuest = fmt.Errorf("%w: a page found that at home after the item, with which a guest may have been served", steps.ErrSessionLost)

// revive has an item done again that a guest may have been served with: at once where it
// is settled, and else when it comes.
func (r *recordStage) revive(ctx context.Context, j *job, back chan<- settled) error {
	switch j.status {
	case pipeline.Done:
		r.result.Done--
	case pipeline.Skipped:
		r.result.Skipped--
	case pipeline.Failed:
		r.result.Failed--
	default:
		j.doubted = true
		return nil
	}
	if err := r.ledger.Again(ctx, []string{j.item.Key}, true); err != nil {
		return err
	}
	j.status = pipeline.Pending
	return send(ctx, back, settled{job: j, again: true, revived: true})
}
