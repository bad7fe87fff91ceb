package web

import (
	"sync"
	"time"

	"pipe/pipeline"
	"pipe/pipeline/report/progress"
)

// Live is what is known of a spec's run under way, and who looks at it. It is a
// [pipeline.Observer] that never makes the run wait.
type Live struct {
	mu sync.Mutex
	// version grows with all that has changed in the ledger.
	version  int64
	running  bool
	dryRun   bool
	started  time.Time
	progress progress.Progress
	finished *Finished
	steer    Steering
	// watchers are told that there is something new, and look at the state themselves.
	watchers map[chan<- struct{}]bool
}

// NewLive has nothing under way.
func NewLive() *Live { return &Live{watchers: map[chan<- struct{}]bool{}} }

// Begin notes that a run begins that steer steers.
func (l *Live) Begin(steer Steering, dryRun bool, at time.Time) {
	l.change(func() {
		l.running, l.dryRun, l.started, l.progress, l.finished, l.steer = true, dryRun, at, progress.Progress{}, nil, steer
		l.version++
	})
}

// End notes that it has ended; how is nil where there is nothing to tell of it.
func (l *Live) End(how *Finished) {
	l.change(func() {
		l.running, l.finished, l.steer = false, how, nil
		l.version++
	})
}

// Changed notes that the ledger has changed.
func (l *Live) Changed() { l.change(func() { l.version++ }) }

// Observe takes in an event of the run under way.
func (l *Live) Observe(e pipeline.Event) {
	l.change(func() {
		l.progress.Add(e)
		if e.Totals != nil {
			l.version++ // an item has come to an end
		}
	})
}

// Steering is what steers the run under way; nil when there is none.
func (l *Live) Steering() Steering {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.steer
}

// change makes a change and tells those who look.
func (l *Live) change(do func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	do()
	for watcher := range l.watchers {
		select {
		case watcher <- struct{}{}:
		default: // it is told already
		}
	}
}

// watch tells of changes until the end is called.
func (l *Live) watch(to chan<- struct{}) (end func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.watchers[to] = true
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		delete(l.watchers, to)
	}
}
