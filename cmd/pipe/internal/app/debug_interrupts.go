package app

import (
	"context"
	"os"
	"os/signal"
	"sync"

	"github.com/sourcegraph/conc"
)

// interruptible is work of which an interrupt ends the part under way, and only where there
// is none all of it.
type interruptible struct {
	mu     sync.Mutex
	during context.CancelFunc
}

// watch gives a context for all of the work; what it gives besides ends the watch.
func (i *interruptible) watch(ctx context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancel(ctx)
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, heeded()...)
	var owned conc.WaitGroup
	owned.Go(func() {
		for {
			select {
			case got := <-signals:
				if got != os.Interrupt || !i.end() {
					cancel()
					return
				}
			case <-ctx.Done():
				return
			}
		}
	})
	return ctx, func() {
		signal.Stop(signals)
		cancel()
		owned.Wait()
	}
}

// end ends the part under way, and tells whether there is one.
func (i *interruptible) end() bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.during == nil {
		return false
	}
	i.during()
	i.during = nil
	return true
}

// do does a part of the work; ended is true where an interrupt has ended it.
func (i *interruptible) do(ctx context.Context, part func(context.Context) error) (ended bool, err error) {
	own, cancel := context.WithCancel(ctx)
	defer cancel()
	i.mu.Lock()
	i.during = cancel
	i.mu.Unlock()
	err = part(own)
	i.mu.Lock()
	i.during = nil
	i.mu.Unlock()
	return own.Err() != nil && ctx.Err() == nil, err
}
