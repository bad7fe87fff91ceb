package ledger_test

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/sourcegraph/conc/pool"

	"pipe/pipeline"
	"pipe/pipeline/ledger"
)

// TestConcurrentUse has many workers commit, while readers here and in another
// pool of connections, as in another process, look on.
func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	const workers, each = 6, 15
	path := filepath.Join(t.TempDir(), "ledger.db")
	led := openLedger(t, path)
	status := must[*ledger.Ledger](t)(ledger.OpenReadOnly(t.Context(), path))
	defer func() { check(t, status.Close()) }()
	run := beginRun(t, led, false)

	group := pool.New().WithErrors().WithContext(t.Context()).WithCancelOnError()
	for w := range workers {
		group.Go(func(ctx context.Context) error {
			for i := range each {
				item := pipeline.Item{Key: fmt.Sprintf("%d-%d", w, i), Seq: w*each + i + 1}
				if _, err := led.Admit(ctx, run, []pipeline.Item{item}, pipeline.Refresh{}); err != nil {
					return err
				}
				if err := bringHome(ctx, led, run, item); err != nil {
					return err
				}
			}
			return nil
		})
	}
	for _, reader := range []*ledger.Ledger{led, status} {
		group.Go(func(ctx context.Context) error { return watch(ctx, reader, workers*each) })
	}
	check(t, group.Wait())
	equal(t, "totals", totals(t, led), pipeline.Totals{In: workers * each, Done: workers * each})
}

// watch reads until so many items are done.
func watch(ctx context.Context, led *ledger.Ledger, until int) error {
	for last := 0; last < until; {
		sum, err := led.Totals(ctx)
		if err != nil {
			return err
		}
		if sum.Done < last || sum.In != sum.Done+sum.Pending {
			return fmt.Errorf("after %d done: %+v", last, sum)
		}
		last = sum.Done
		for _, err := range led.Records(ctx) {
			if err != nil {
				return err
			}
		}
	}
	return nil
}
