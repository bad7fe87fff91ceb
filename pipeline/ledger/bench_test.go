package ledger_test

import (
	"fmt"
	"slices"
	"testing"

	"pipe/pipeline"
	"pipe/pipeline/ledger"
)

// numbered are n rows.
func numbered(n int) []pipeline.Item {
	items := make([]pipeline.Item, n)
	for i := range items {
		items[i] = pipeline.Item{Key: fmt.Sprint("K", i), Seq: i + 1, Fields: map[string]any{"reference": fmt.Sprint(i)}}
	}
	return items
}

// admitAll admits rows as a run does.
func admitAll(b *testing.B, led *ledger.Ledger, run int64, items []pipeline.Item) {
	b.Helper()
	for batch := range slices.Chunk(items, 1000) {
		admit(b, led, run, batch)
	}
}

// big is a ledger with n items, all pending.
func big(b *testing.B, n int) (led *ledger.Ledger, run int64) {
	b.Helper()
	led = newLedger(b)
	run = beginRun(b, led, false)
	admitAll(b, led, run, numbered(n))
	return led, run
}

// BenchmarkCommit commits outcomes durably, so many at a time.
func BenchmarkCommit(b *testing.B) {
	for _, together := range []int{1, 8, 64} {
		b.Run(fmt.Sprintf("together=%d", together), func(b *testing.B) {
			led, run := big(b, b.N)
			outs := make([]pipeline.Outcome, b.N)
			for i := range outs {
				key := fmt.Sprint("K", i)
				outs[i] = done(key)
				outs[i].Item.Key, outs[i].Ended = key, noon
				outs[i].Attempt = must[int](b)(led.BeginAttempt(b.Context(), run, key, "1", noon))
			}
			b.ResetTimer()
			for group := range slices.Chunk(outs, together) {
				check(b, led.CommitAll(b.Context(), run, group))
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "outcomes/s")
		})
	}
}

// BenchmarkBeginAttempt notes that an attempt begins.
func BenchmarkBeginAttempt(b *testing.B) {
	led, run := big(b, b.N)
	b.ResetTimer()
	for i := range b.N {
		must[int](b)(led.BeginAttempt(b.Context(), run, fmt.Sprint("K", i), "1", noon))
	}
}

// settleAll has a run that did all items.
func settleAll(b *testing.B, led *ledger.Ledger, items []pipeline.Item) {
	b.Helper()
	run := beginRun(b, led, false)
	admitAll(b, led, run, items)
	for batch := range slices.Chunk(items, 1000) {
		outs := make([]pipeline.Outcome, len(batch))
		for i, item := range batch {
			outs[i] = done(item.Key)
			outs[i].Item, outs[i].Ended = item, noon
			outs[i].Attempt = must[int](b)(led.BeginAttempt(b.Context(), run, item.Key, "1", noon))
		}
		check(b, led.CommitAll(b.Context(), run, outs))
	}
	endRun(b, led, run, "finished")
}

// BenchmarkAdmit admits rows that are new, as they were, and that have another place
// in the list each.
func BenchmarkAdmit(b *testing.B) {
	const rows = 10_000
	for _, c := range []struct {
		name   string
		before bool
		moved  int
	}{{"new", false, 0}, {"as-they-were", true, 0}, {"moved", true, 1}} {
		b.Run(c.name, func(b *testing.B) {
			for range b.N {
				b.StopTimer()
				led := newLedger(b)
				items := numbered(rows)
				if c.before {
					settleAll(b, led, items)
				}
				for i := range items {
					items[i].Seq += c.moved
				}
				run := beginRun(b, led, false)
				b.StartTimer()
				admitAll(b, led, run, items)
			}
			b.ReportMetric(float64(b.N)*rows/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

func BenchmarkTotals(b *testing.B) {
	led, _ := big(b, 100_000)
	for b.Loop() {
		equal(b, "in", totals(b, led).In, 100_000)
	}
}
