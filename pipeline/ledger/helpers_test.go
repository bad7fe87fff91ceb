package ledger_test

import (
	"context"
	"fmt"
	"iter"
	"path/filepath"
	"testing"
	"time"

	"pipe/pipeline"
	"pipe/pipeline/ledger"
)

// noon is when the tests' runs start.
var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

func newLedger(t testing.TB) *ledger.Ledger {
	t.Helper()
	return openLedger(t, filepath.Join(t.TempDir(), "ledger.db"))
}

func openLedger(t testing.TB, path string) *ledger.Ledger {
	t.Helper()
	led, err := ledger.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { check(t, led.Close()) })
	return led
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func must[T any](t testing.TB) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		check(t, err)
		return v
	}
}

func beginRun(t testing.TB, led *ledger.Ledger, partial bool) int64 {
	t.Helper()
	return must[int64](t)(led.BeginRun(t.Context(), pipeline.RunInfo{
		Spec: "inventory", Revision: "abc", Started: noon, Partial: partial,
	}))
}

func endRun(t testing.TB, led *ledger.Ledger, run int64, reason string) {
	t.Helper()
	check(t, led.EndRun(t.Context(), run, pipeline.RunEnd{Ended: noon.Add(time.Hour), Reason: reason}))
}

// rows are source rows with these keys, numbered from 1.
func rows(keys ...string) []pipeline.Item {
	items := make([]pipeline.Item, len(keys))
	for i, key := range keys {
		items[i] = pipeline.Item{Key: key, Seq: i + 1, Fields: map[string]any{"reference": key}}
	}
	return items
}

func admit(t testing.TB, led *ledger.Ledger, run int64, items []pipeline.Item) []pipeline.Admission {
	t.Helper()
	return must[[]pipeline.Admission](t)(led.Admit(t.Context(), run, items, pipeline.Refresh{}))
}

// attempt begins an attempt and commits it as out says.
func attempt(t testing.TB, led *ledger.Ledger, run int64, key string, out pipeline.Outcome) {
	t.Helper()
	out.Item.Key, out.Worker = key, "1"
	out.Attempt = must[int](t)(led.BeginAttempt(t.Context(), run, key, "1", noon))
	if out.Ended.IsZero() {
		out.Ended = noon.Add(10 * time.Second)
	}
	check(t, led.Commit(t.Context(), run, out))
}

// bringHome does an item, free of a test.
func bringHome(ctx context.Context, led *ledger.Ledger, run int64, item pipeline.Item) error {
	number, err := led.BeginAttempt(ctx, run, item.Key, "1", time.Now())
	if err != nil {
		return err
	}
	out := done(item.Key)
	out.Item, out.Attempt, out.Ended = item, number, time.Now()
	return led.Commit(ctx, run, out)
}

// done is a good outcome with one file and one field.
func done(key string) pipeline.Outcome {
	return pipeline.Outcome{
		Status: pipeline.Done,
		Files: []pipeline.File{{
			Name: key + ".pdf", Size: 1000, SHA256: "hash-" + key, Type: "pdf", Pages: 2,
			Via: "popup", URL: "https://dealer.example/report",
		}},
		Record: []pipeline.Field{{Name: "vin", Value: "VIN-" + key}},
		Phases: map[string]time.Duration{"navigate": 4 * time.Second, "download": 6 * time.Second},
	}
}

func failing(status pipeline.Status, class pipeline.Class) pipeline.Outcome {
	return pipeline.Outcome{
		Status: status, Class: class, Reason: fmt.Sprintf("it is %s", class), Step: "navigate.steps[1].click",
	}
}

func totals(t testing.TB, led *ledger.Ledger) pipeline.Totals {
	t.Helper()
	return must[pipeline.Totals](t)(led.Totals(t.Context()))
}

func equal[T comparable](t testing.TB, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Fatalf("%s: got %+v, want %+v", what, got, want)
	}
}

func all[T any](t testing.TB, seq iter.Seq2[T, error]) []T {
	t.Helper()
	var list []T
	for row, err := range seq {
		check(t, err)
		list = append(list, row)
	}
	return list
}

// itemOf reads one item.
func itemOf(t testing.TB, led *ledger.Ledger, key string) pipeline.ItemRow {
	t.Helper()
	for _, row := range all(t, led.Items(t.Context(), "")) {
		if row.Key == key {
			return row
		}
	}
	t.Fatalf("no item %q", key)
	return pipeline.ItemRow{}
}
