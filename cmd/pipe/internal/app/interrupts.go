package app

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"syscall"

	"github.com/sourcegraph/conc"
)

// heeded are the signals that end a run. SIGHUP is that of a terminal, or a
// connection, that is gone; nohup has it ignored.
func heeded() []os.Signal {
	ending := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		ending = append(ending, syscall.SIGHUP)
	}
	return ending
}

// stopRequest is how a person at the keyboard asks a run to end.
type stopRequest int

const (
	// drain is for the items in hand to end, and no more to be begun: a first interrupt.
	drain stopRequest = iota
	// stopNow is a second one.
	stopNow
	// interrupt is one or the other, as a signal is.
	interrupt
)

// interrupts gives a channel that the first interrupt closes and a context that
// the second ends, if it is no SIGHUP. asked gives those of the keyboard, nil for none.
// say is told of each.
func interrupts(ctx context.Context, asked <-chan stopRequest, say func(string)) (context.Context, <-chan struct{}, func()) {
	ctx, cancel := context.WithCancel(ctx)
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, heeded()...)
	// Whoever reads the output may go away: the run goes on, and the folder has it all.
	signal.Ignore(syscall.SIGPIPE)
	ignoreTerminalStops()
	stop := make(chan struct{})
	var owned conc.WaitGroup
	owned.Go(func() {
		for draining := false; ; {
			how := interrupt
			select {
			case got := <-signals:
				// A terminal that is closed sends SIGHUP twice: by its shell and by the kernel.
				if draining && got == syscall.SIGHUP {
					continue
				}
			case how = <-asked:
			case <-ctx.Done():
				return
			}
			switch {
			case how == stopNow || how == interrupt && draining:
				say("now")
				cancel()
				return
			case !draining:
				say("the items in hand are finished first; interrupt again to stop now")
				close(stop)
				draining = true
			}
		}
	})
	return ctx, stop, func() {
		signal.Stop(signals)
		cancel()
		owned.Wait()
	}
}

// untilInterrupted does something with a context that the first interrupt ends.
// What then fails, fails for that, unless it has been printed already.
func untilInterrupted(ctx context.Context, do func(context.Context) error) error {
	ctx, stop := signal.NotifyContext(ctx, heeded()...)
	defer stop()
	err := do(ctx)
	if err != nil && ctx.Err() != nil && !errors.Is(err, ErrQuiet) {
		return Exit(ExitInterrupted, errors.New("interrupted"))
	}
	return err
}
