package app

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// interrupts gives a channel that the first interrupt closes and a context that
// the second ends. say is told of each.
func interrupts(ctx context.Context, say func(string)) (context.Context, <-chan struct{}, func()) {
	ctx, cancel := context.WithCancel(ctx)
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	stop := make(chan struct{})
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		for n := 1; ; n++ {
			select {
			case <-signals:
			case <-ctx.Done():
				return
			}
			if n == 1 {
				say("the items in hand are finished first; interrupt again to stop now")
				close(stop)
				continue
			}
			say("now")
			cancel()
			return
		}
	}()
	return ctx, stop, func() {
		signal.Stop(signals)
		cancel()
		<-gone
	}
}
