package app

import (
	"context"
	"errors"
	"testing"
)

// The first interrupt ends what comes before the first item, and nothing that went
// well.
func TestInterruptBeforeTheFirstItem(t *testing.T) {
	t.Parallel()
	stop := make(chan struct{})
	close(stop)
	err := untilStopped(t.Context(), stop, func(ctx context.Context) error {
		<-ctx.Done()
		return ctx.Err()
	})
	if CodeOf(err) != ExitInterrupted {
		t.Errorf("got %v", err)
	}
	if err := untilStopped(t.Context(), stop, func(context.Context) error { return nil }); err != nil {
		t.Errorf("what went well: %v", err)
	}
	broken := errors.New("no browser")
	if err := untilStopped(t.Context(), make(chan struct{}), func(context.Context) error { return broken }); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
}
