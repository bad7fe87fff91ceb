package steps

import (
	"context"
	"time"
)

// Pause waits for a while; it ends with ctx, and gives its cause then.
func Pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
