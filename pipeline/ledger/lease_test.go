package ledger_test

import (
	"errors"
	"path/filepath"
	"testing"
	"time"

	"pipe/pipeline"
	"pipe/pipeline/ledger"
)

// join begins a run beside others, in a ledger opened as another process would.
func join(t *testing.T, led *ledger.Ledger, started time.Time, partial bool) int64 {
	t.Helper()
	return must[int64](t)(led.BeginRun(t.Context(), pipeline.RunInfo{Spec: "inventory", Started: started, Partial: partial, Shared: true}))
}

func wantErr(t *testing.T, what string, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: got %v, want %v", what, err, want)
	}
}

func TestTwoRunsShareItems(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "ledger.db")
	led, other := openLedger(t, path), openLedger(t, path)
	first := join(t, led, noon, false)
	admit(t, led, first, rows("A", "B", "C"))
	second := join(t, other, noon, true)
	begin := func(l *ledger.Ledger, run int64, key string) error {
		_, err := l.BeginAttempt(t.Context(), run, key, "1", noon)
		return err
	}

	check(t, begin(led, first, "A"))
	wantErr(t, "in the other's hand", begin(other, second, "A"), pipeline.ErrTaken)
	out := failing(pipeline.Pending, pipeline.Transient)
	out.Item.Key, out.Attempt, out.Ended = "A", 1, noon.Add(time.Second)
	check(t, led.Commit(t.Context(), first, out))
	wantErr(t, "to be tried again by the other", begin(other, second, "A"), pipeline.ErrTaken)
	attempt(t, led, first, "A", done("A"))
	wantErr(t, "done by the other", begin(other, second, "A"), pipeline.ErrSettled)
	attempt(t, other, second, "B", failing(pipeline.Failed, pipeline.NotFound))
	wantErr(t, "failed at the other", begin(led, first, "B"), pipeline.ErrSettled)

	check(t, begin(other, second, "C"))
	endRun(t, other, second, "interrupted")
	check(t, begin(led, first, "C"))
	wantErr(t, "its hand", other.Holds(t.Context(), second, "C", 1), pipeline.ErrTaken)
	check(t, led.Holds(t.Context(), first, "C", 2))
	equal(t, "totals", totals(t, led), pipeline.Totals{In: 3, Done: 1, Failed: 1, Pending: 1})
}

// A run that gives no sign of life loses its items, and is told so when it
// wakes; one that does keeps them, however long it takes.
func TestSilentRunLosesItsItems(t *testing.T) {
	t.Parallel()
	led := newLedger(t)
	first := join(t, led, noon, false)
	admit(t, led, first, rows("A", "B"))
	number := must[int](t)(led.BeginAttempt(t.Context(), first, "A", "1", noon))
	second := join(t, led, noon.Add(20*time.Second), true)
	check(t, led.Beat(t.Context(), first, noon.Add(25*time.Second)))
	check(t, led.Beat(t.Context(), second, noon.Add(50*time.Second)))
	_, err := led.BeginAttempt(t.Context(), second, "A", "1", noon)
	wantErr(t, "of a run that is alive", err, pipeline.ErrTaken)

	check(t, led.Beat(t.Context(), second, noon.Add(time.Minute)))
	must[int](t)(led.BeginAttempt(t.Context(), second, "A", "1", noon))
	wantErr(t, "the sleeper's sign of life", led.Beat(t.Context(), first, noon.Add(time.Minute)), pipeline.ErrTaken)
	wantErr(t, "the sleeper's hand", led.Holds(t.Context(), first, "A", number), pipeline.ErrTaken)
	out := done("A")
	out.Item.Key, out.Attempt, out.Ended = "A", number, noon
	wantErr(t, "the sleeper's commit", led.Commit(t.Context(), first, out), pipeline.ErrTaken)
	runs := must[[]pipeline.RunRow](t)(led.Runs(t.Context()))
	equal(t, "uncounted attempts of the dead run", runs[0].Uncounted, 1)

	check(t, led.CloseLost(t.Context()))
	third := join(t, led, noon.Add(time.Minute), false)
	must[int](t)(led.BeginAttempt(t.Context(), third, "A", "1", noon))
}

func TestWaiting(t *testing.T) {
	t.Parallel()
	led := newLedger(t)
	old := join(t, led, noon, false)
	admit(t, led, old, rows("GONE", "A", "B"))
	check(t, led.SourceRead(t.Context(), old))
	endRun(t, led, old, "interrupted")
	first := join(t, led, noon, false)
	second := join(t, led, noon, true)
	waiting := func() (keys string, w pipeline.Waiting) {
		w = must[pipeline.Waiting](t)(led.Waiting(t.Context(), second))
		for _, item := range w.Items {
			keys += item.Item.Key
		}
		return keys, w
	}
	keys, w := waiting()
	equal(t, "before its source is read", keys, "")
	equal(t, "reading", w.Reading, true)
	admit(t, led, first, rows("A", "B"))
	attempt(t, led, first, "A", failing(pipeline.Pending, pipeline.Transient))
	keys, w = waiting()
	equal(t, "while it is read", keys, "AB")
	equal(t, "the list", w.List, first)
	equal(t, "counted", w.Items[0].Counted, 1)
	equal(t, "a column", w.Items[1].Item.Fields["reference"], any("B"))
	check(t, led.SourceRead(t.Context(), first))
	attempt(t, led, first, "B", done("B"))
	keys, w = waiting()
	equal(t, "once it is read", keys, "A")
	listed := func(after int) (keys string) {
		for _, item := range all(t, led.Listed(t.Context(), w.List, after)) {
			keys += item.Key + item.Fields["reference"].(string)
		}
		return keys
	}
	equal(t, "settled ones too", listed(0), "AABB")
	equal(t, "those behind the first", listed(1), "BB")
	equal(t, "reading", w.Reading, false)
	equal(t, "others", w.Others, 1)
}
