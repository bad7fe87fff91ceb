package engine

import (
	"context"
	"sync"

	"pipe/pipeline"
)

// warmUp has workers make their pages ready while the source is still read: as many
// as there are items for. A run with nothing to do logs nobody in, and one with a
// single item has it done by the worker whose page comes first.
type warmUp struct {
	slots []pipeline.Worker
	// wanted are closed one by one, as there is work for the workers.
	wanted []chan struct{}

	mu    sync.Mutex
	awake []bool
	// most is how many are woken for items that one who is awake may do, and later are the
	// accounts of the items for whose sake more are, once there may be more.
	most  int
	later []int
}

func newWarmUp(slots []pipeline.Worker) *warmUp {
	w := &warmUp{slots: slots, awake: make([]bool, len(slots)), most: len(slots)}
	for range slots {
		w.wanted = append(w.wanted, make(chan struct{}))
	}
	return w
}

// want wakes one more worker, for an item of this account. An account without workers
// has another's put the item on record.
func (w *warmUp) want(account int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	next, known, served, awake := -1, false, false, 0
	for i, slot := range w.slots {
		fits := account == pipeline.AnyAccount || slot.Account == account
		known = known || fits
		switch {
		case w.awake[i]:
			awake++
			served = served || fits
		case fits && next < 0:
			next = i
		}
	}
	if !known {
		next, served = w.asleep(), awake > 0
	}
	if served && awake >= w.most {
		if len(w.later) < len(w.slots) {
			w.later = append(w.later, account)
		}
		return
	}
	w.wake(next)
}

// allow says how many workers are to be at work at most, and wakes those that could not
// be so far. Who is awake stays so.
func (w *warmUp) allow(most int) {
	w.mu.Lock()
	w.most = most
	later := w.later
	w.later = nil
	w.mu.Unlock()
	for _, account := range later {
		w.want(account)
	}
}

// another wakes a worker in the place of one that is gone.
func (w *warmUp) another() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.wake(w.asleep())
}

// asleep is a worker that is not awake; -1 when all are.
func (w *warmUp) asleep() int {
	for i, awake := range w.awake {
		if !awake {
			return i
		}
	}
	return -1
}

func (w *warmUp) wake(i int) {
	if i >= 0 {
		w.awake[i] = true
		close(w.wanted[i])
	}
}

// prepare waits until there is work for the worker, or none any more, and has its page
// made ready.
func (w *worker) prepare(ctx context.Context) {
	ctx, done := untilStopped(ctx, w.stop)
	defer done()
	select {
	case <-w.warmUp.wanted[w.index]:
		w.browse.pages.Prepare(ctx, w.index)
	case <-w.assigner.over:
	case <-ctx.Done():
	}
}

// foresee has pages made ready while the first rows are still looked at, if whatever
// is in them is to do.
func (f *feedStage) foresee(ctx context.Context) error {
	known, err := f.ledger.Totals(ctx)
	if f.fresh = known.In == 0; err != nil || !f.fresh {
		return err
	}
	found := 0
	f.source.Foresee = func(item pipeline.Item) bool {
		if f.wants(item.Key) {
			found++
			f.want(newJob(f.spec, item, false, 0).account)
		}
		return found != f.limit && found < f.pages
	}
	return nil
}
