package ledger_test

import (
	"fmt"
	"testing"

	"pipe/pipeline"
	"pipe/pipeline/ledger"
)

// big is a ledger with n items, all pending.
func big(b *testing.B, n int) (led *ledger.Ledger, run int64) {
	b.Helper()
	led = newLedger(b)
	run = beginRun(b, led, false)
	items := make([]pipeline.Item, n)
	for i := range items {
		items[i] = pipeline.Item{Key: fmt.Sprint("K", i), Seq: i + 1, Fields: map[string]any{"reference": i}}
	}
	for from := 0; from < n; from += 1000 {
		admit(b, led, run, items[from:min(from+1000, n)])
	}
	return led, run
}

func BenchmarkCommit(b *testing.B) {
	led, run := big(b, b.N)
	b.ResetTimer()
	for i := range b.N {
		key := fmt.Sprint("K", i)
		attempt(b, led, run, key, done(key))
	}
}

func BenchmarkAdmit(b *testing.B) {
	for b.Loop() {
		big(b, 10_000)
	}
}

func BenchmarkTotals(b *testing.B) {
	led, _ := big(b, 100_000)
	for b.Loop() {
		equal(b, "in", totals(b, led).In, 100_000)
	}
}
