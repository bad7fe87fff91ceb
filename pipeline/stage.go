package pipeline

import (
	"context"
	"sync"
	"time"

	"github.com/sourcegraph/conc/pool"
)

// stage runs n goroutines of one stage under the pool; the last to end closes
// what the stage sends on.
func stage(p *pool.ContextPool, n int, shut func(), run func(ctx context.Context, i int) error) {
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
		shut()
		return nil
	})
}

// flow runs f on all that comes in and sends it on.
func flow(ctx context.Context, in <-chan *attempt, out chan<- *attempt, f func(context.Context, *attempt) error) error {
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

// pause waits, unless the context ends first.
func pause(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
