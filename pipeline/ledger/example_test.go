package ledger_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"pipe/pipeline"
	"pipe/pipeline/ledger"
)

// A run admits the rows of its source, and commits how each attempt ended.
func Example() {
	if err := tellOneItem(context.Background()); err != nil {
		fmt.Println(err)
	}
	// Output: 1 of 2 done
}

func tellOneItem(ctx context.Context) error {
	dir, err := os.MkdirTemp("", "ledger-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	led, err := ledger.Open(ctx, filepath.Join(dir, "ledger.sqlite"))
	if err != nil {
		return err
	}
	defer func() { _ = led.Close() }()
	run, err := led.BeginRun(ctx, pipeline.RunInfo{Spec: "inventory", Started: time.Now()})
	if err != nil {
		return err
	}
	items := []pipeline.Item{{Key: "24K0173", Seq: 1}, {Key: "24K0174", Seq: 2}}
	if _, err := led.Admit(ctx, run, items, pipeline.Refresh{}); err != nil {
		return err
	}
	number, err := led.BeginAttempt(ctx, run, "24K0173", "c1p1", time.Now())
	if err != nil {
		return err
	}
	err = led.Commit(ctx, run, pipeline.Outcome{Item: items[0], Attempt: number, Status: pipeline.Done, Ended: time.Now()})
	if err != nil {
		return err
	}
	totals, err := led.Totals(ctx)
	fmt.Printf("%d of %d done\n", totals.Done, totals.In)
	return err
}
