package engine

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/sourcegraph/conc"
	"github.com/sourcegraph/conc/pool"
)

// stage runs n goroutines of one stage under the pool; the last to end closes
// what the stage sends on.
func stage(p *pool.ContextPool, n int, out chan<- *Attempt, run func(ctx context.Context, i int) error) {
	var left sync.WaitGroup
	left.Add(n)
	for i := range n {
		p.Go(func(ctx context.Context) error {
			defer left.Done()
			return run(ctx, i)
		})
	}
	p.Go(func(context.Context) error {
		left.Wait()
		close(out)
		return nil
	})
}

// flow runs f on all that comes in and sends it on. f's error is fatal to the
// run; how an attempt fails is in the attempt.
func flow(ctx context.Context, in <-chan *Attempt, out chan<- *Attempt, f func(context.Context, *Attempt) error) error {
	for {
		a, ok, err := receive(ctx, in)
		if err != nil || !ok {
			return err
		}
		if err := f(ctx, a); err != nil {
			a.release()
			return err
		}
		if err := send(ctx, out, a); err != nil {
			a.release()
			return err
		}
	}
}

func send[T any](ctx context.Context, out chan<- T, v T) error {
	select {
	case out <- v:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func receive[T any](ctx context.Context, in <-chan T) (T, bool, error) {
	select {
	case v, ok := <-in:
		return v, ok, nil
	case <-ctx.Done():
		var none T
		return none, false, ctx.Err()
	}
}

// errStopped is a wait that the run's stop has ended.
var errStopped = errors.New("the run begins no more items")

// pause waits, unless the context ends first, or stop is closed; nil never is.
func pause(ctx context.Context, stop <-chan struct{}, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-stop:
		return errStopped
	case <-ctx.Done():
		return ctx.Err()
	}
}

// untilStopped gives a context that ends with stop too; nil is never closed. done
// is to be called at its end.
func untilStopped(ctx context.Context, stop <-chan struct{}) (stopped context.Context, done func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	var watch conc.WaitGroup
	watch.Go(func() {
		select {
		case <-stop:
			cancel(errStopped)
		case <-ctx.Done():
		}
	})
	return ctx, func() {
		cancel(nil)
		watch.Wait()
	}
}
