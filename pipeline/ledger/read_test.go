package ledger_test

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"testing"
	"time"

	"pipe/pipeline"
	"pipe/pipeline/ledger"
)

// filled is a ledger with items of all sorts, and the run that made them.
func filled(t *testing.T) (led *ledger.Ledger, run int64) {
	t.Helper()
	led = newLedger(t)
	run = beginRun(t, led, false)
	admit(t, led, run, rows("A", "B", "C", "D", "E", "A"))
	attempt(t, led, run, "C", done("C")) // before A: order is the source's
	attempt(t, led, run, "A", failing(pipeline.Pending, pipeline.Transient))
	attempt(t, led, run, "A", done("A"))
	attempt(t, led, run, "B", failing(pipeline.Failed, pipeline.NotFound))
	attempt(t, led, run, "D", failing(pipeline.Failed, pipeline.NotFound))
	return led, run
}

func TestItems(t *testing.T) {
	t.Parallel()
	led, _ := filled(t)
	var keys string
	for _, row := range all(t, led.Items(t.Context(), "")) {
		keys += row.Key
	}
	equal(t, "order", keys, "ABCDE")
	equal(t, "failed", len(all(t, led.Items(t.Context(), pipeline.Failed))), 2)
	equal(t, "done", itemOf(t, led, "A"), pipeline.ItemRow{
		Key: "A", Seq: 1, Status: pipeline.Done, Attempts: 2, Finished: noon.Add(10 * time.Second),
	})
	equal(t, "failed", itemOf(t, led, "B"), pipeline.ItemRow{
		Key: "B", Seq: 2, Status: pipeline.Failed, Class: pipeline.NotFound, Reason: "it is not_found",
		Step: "navigate.steps[1].click", Attempts: 1, Finished: noon.Add(10 * time.Second),
	})
	equal(t, "pending", itemOf(t, led, "E"), pipeline.ItemRow{Key: "E", Seq: 5, Status: pipeline.Pending})
	for _, err := range led.Items(t.Context(), "") {
		check(t, err)
		break // a reader may stop early
	}
}

func TestFilesAndOwner(t *testing.T) {
	t.Parallel()
	led, run := filled(t)
	two := done("E")
	two.Files = append(two.Files, pipeline.File{Name: "a-first-by-name.csv", SHA256: "other"})
	attempt(t, led, run, "E", two)
	files := all(t, led.Files(t.Context()))
	equal(t, "files", len(files), 4)
	equal(t, "file", files[0], pipeline.FileRow{
		Key: "A", File: done("A").Files[0], Finished: noon.Add(10 * time.Second),
	})
	equal(t, "captured last", files[3].File.Name, "a-first-by-name.csv")
	equal(t, "owner", must[pipeline.Owner](t)(led.Owner(t.Context(), run, "another", "hash-C")).Key, "C")
	equal(t, "no owner", must[pipeline.Owner](t)(led.Owner(t.Context(), run, "another", "hash-B")).Key, "")
}

// An item that has left the source holds no bytes; one that may have left, while
// the source is read, holds them for the time being.
func TestOwnerThatLeft(t *testing.T) {
	t.Parallel()
	led := newLedger(t)
	run := beginRun(t, led, false)
	admit(t, led, run, rows("A", "B"))
	attempt(t, led, run, "A", done("A"))
	check(t, led.SourceRead(t.Context(), run))
	endRun(t, led, run, "finished")
	owner := func(run int64) pipeline.Owner {
		return must[pipeline.Owner](t)(led.Owner(t.Context(), run, "C", "hash-A"))
	}
	held := pipeline.Owner{Key: "A", File: done("A").Files[0].Name}
	some := beginRun(t, led, true)
	admit(t, led, some, rows("C"))
	equal(t, "owner, for a run of a part", owner(some), held)
	endRun(t, led, some, "finished")

	run = beginRun(t, led, false)
	admit(t, led, run, rows("C"))
	unseen := held
	unseen.Unseen = true
	equal(t, "owner, not seen yet", owner(run), unseen)
	equal(t, "owner, for a run that joined", owner(0), held)
	equal(t, "own bytes", must[pipeline.Owner](t)(led.Owner(t.Context(), run, "A", "hash-A")), pipeline.Owner{})
	admit(t, led, run, rows("A"))
	equal(t, "owner, seen", owner(run), held)
	check(t, led.SourceRead(t.Context(), run))
	endRun(t, led, run, "finished")

	run = beginRun(t, led, false)
	admit(t, led, run, rows("C"))
	check(t, led.SourceRead(t.Context(), run))
	equal(t, "owner that left", owner(run), pipeline.Owner{})
}

func TestRecords(t *testing.T) {
	t.Parallel()
	led := newLedger(t)
	run := beginRun(t, led, false)
	admit(t, led, run, rows("A", "B", "C"))
	b := pipeline.Outcome{Status: pipeline.Done, Record: []pipeline.Field{
		{Name: "z", Value: "first"},
		{Name: "none", Value: nil},
		{Name: "yes", Value: true},
		{Name: "int", Value: 7},
		{Name: "big", Value: int64(math.MaxInt64)},
		{Name: "float", Value: 2.5},
		{Name: "nan", Value: math.NaN()},
		{Name: "quote", Value: "a\"<b>\n€"},
		{Name: "rows", Value: []any{map[string]any{"n": 1, "nan": math.NaN()}}},
	}}
	attempt(t, led, run, "B", b)
	two := done("A")
	two.Files = append(two.Files, pipeline.File{Name: "A.csv"})
	attempt(t, led, run, "A", two)
	want := []pipeline.RecordRow{
		{Key: "A", Seq: 1, Fields: two.Record, Files: []string{"A.pdf", "A.csv"}, Recorded: 4},
		{Key: "B", Seq: 2, Fields: []pipeline.Field{
			{Name: "z", Value: "first"},
			{Name: "none", Value: nil},
			{Name: "yes", Value: true},
			{Name: "int", Value: int64(7)},
			{Name: "big", Value: int64(math.MaxInt64)},
			{Name: "float", Value: 2.5},
			{Name: "nan", Value: "NaN"},
			{Name: "quote", Value: "a\"<b>\n€"},
			{Name: "rows", Value: []any{map[string]any{"n": json.Number("1"), "nan": "NaN"}}},
		}, Recorded: 3},
	}
	if got := all(t, led.Records(t.Context())); !reflect.DeepEqual(got, want) {
		t.Fatalf("got  %+v\nwant %+v", got, want)
	}
	for _, err := range led.Records(t.Context()) {
		check(t, err)
		break
	}
}

func TestRunsReasonsWorkers(t *testing.T) {
	t.Parallel()
	led, run := filled(t)
	endRun(t, led, run, "finished")
	beginRun(t, led, true)
	runs := must[[]pipeline.RunRow](t)(led.Runs(t.Context()))
	want := []pipeline.RunRow{
		{
			Number: 1, Spec: "inventory", Revision: "abc", Started: noon, Beat: noon, Ended: noon.Add(time.Hour),
			Reason: "finished", Attempts: 5, Done: 2, Failed: 2, Duplicates: 1, Length: -1,
		},
		{Number: 2, Spec: "inventory", Revision: "abc", Started: noon, Beat: noon, Partial: true, Length: -1},
	}
	if !reflect.DeepEqual(runs, want) {
		t.Errorf("runs: got %+v, want %+v", runs, want)
	}
	reasons := must[[]pipeline.ReasonCount](t)(led.FailureReasons(t.Context()))
	if want := []pipeline.ReasonCount{{Class: pipeline.NotFound, Reason: "it is not_found", Items: 2}}; !reflect.DeepEqual(reasons, want) {
		t.Errorf("reasons: got %+v, want %+v", reasons, want)
	}
	workers := must[[]pipeline.WorkerRow](t)(led.Workers(t.Context()))
	if want := []pipeline.WorkerRow{{Worker: "1", Attempts: 5, Done: 2, Retries: 1}}; !reflect.DeepEqual(workers, want) {
		t.Errorf("workers: got %+v, want %+v", workers, want)
	}
	equal(t, "finished since", must[int](t)(led.FinishedSince(t.Context(), noon.Add(10*time.Second))), 4)
	equal(t, "finished later", must[int](t)(led.FinishedSince(t.Context(), noon.Add(11*time.Second))), 0)
}

func TestDurations(t *testing.T) {
	t.Parallel()
	led := newLedger(t)
	equal(t, "empty", must[pipeline.Durations](t)(led.Durations(t.Context())).Item, pipeline.Spread{})
	run := beginRun(t, led, false)
	for i := range 10 {
		key := fmt.Sprint(i)
		admit(t, led, run, []pipeline.Item{{Key: key, Seq: i + 1}})
		out := done(key)
		out.Ended = noon.Add(time.Duration(i+1) * time.Second)
		attempt(t, led, run, key, out)
	}
	got := must[pipeline.Durations](t)(led.Durations(t.Context()))
	equal(t, "items", got.Item, pipeline.Spread{
		Count: 10, Avg: 5500 * time.Millisecond, Median: 5500 * time.Millisecond,
		P90: 9 * time.Second, Max: 10 * time.Second,
	})
	equal(t, "navigate", got.Phases["navigate"], pipeline.Spread{
		Count: 10, Avg: 4 * time.Second, Median: 4 * time.Second, P90: 4 * time.Second, Max: 4 * time.Second,
	})
}

func TestVersionGrowsWithChanges(t *testing.T) {
	t.Parallel()
	led, run := filled(t)
	version := func() int64 { return must[int64](t)(led.Version(t.Context())) }
	before := version()
	number := must[int](t)(led.BeginAttempt(t.Context(), run, "E", "1", noon))
	equal(t, "after an attempt began", version(), before)
	out := done("E")
	out.Item.Key, out.Attempt, out.Ended = "E", number, noon
	check(t, led.Commit(t.Context(), run, out))
	equal(t, "after a commit", version(), before+1)
}
