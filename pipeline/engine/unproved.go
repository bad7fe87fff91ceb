package engine

import (
	"context"
	"errors"
	"slices"
	"sync"

	"pipe/pipeline"
)

// unproved are the items that have come to their end under a login of which nobody knows
// yet whether it was still there: a page shows it when it comes home for its next item.
// Where login.success is absent there, a guest may have been served with them.
type unproved struct {
	mu sync.Mutex
	// last is the item that came to its end last, by its page.
	last map[pipeline.Worker]string
	// working counts the pages of a context that are at work.
	working map[string]int
	// doubted are the items that a guest may have been served with.
	doubted []string
}

func newUnproved(workers []pipeline.Worker) *unproved {
	u := &unproved{last: map[pipeline.Worker]string{}, working: map[string]int{}}
	for _, w := range workers {
		u.working[w.Context]++
	}
	return u
}

// ended notes an item that has come to its end on a page.
func (u *unproved) ended(w pipeline.Worker, key string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.last[w] = key
	u.doubted = slices.DeleteFunc(u.doubted, func(one string) bool { return one == key })
}

// home notes that a page has come home under the login.
func (u *unproved) home(w pipeline.Worker) {
	u.mu.Lock()
	defer u.mu.Unlock()
	delete(u.last, w)
}

// gone notes that a page has found the session gone at home, and gives the items of all
// pages of its context that are in doubt by that.
func (u *unproved) gone(w pipeline.Worker) []string {
	u.mu.Lock()
	defer u.mu.Unlock()
	var found []string
	for one, key := range u.last {
		if one.Context == w.Context {
			found = append(found, key)
			delete(u.last, one)
		}
	}
	slices.Sort(found)
	u.doubted = append(u.doubted, found...)
	return found
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

// doubt tells of the items that a guest may have been served with.
func (b *browseStage) doubt(ctx context.Context, w pipeline.Worker, err error) {
	var guest *pipeline.GuestError
	if !errors.As(err, &guest) {
		return
	}
	for _, key := range b.unproved.gone(w) {
		b.reporter.Warn(ctx, "the session was gone without a sign when the page came home: a guest may have been served with the item before, which the next run does again", "item", key)
	}
}

// leave is told that the page has no more to do. The last items of a context are proved
// by one more visit of home.
func (b *browseStage) leave(ctx context.Context, index int, slot pipeline.Worker) {
	if !b.unproved.leave(slot) || b.spec.Login == nil || b.spec.Navigate.Home.Empty() || ctx.Err() != nil {
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
	b.doubt(ctx, slot, pipeline.WhileWatched(ctx, page, on, func(ctx context.Context) error { return item.GoHome(ctx, on) }))
}
