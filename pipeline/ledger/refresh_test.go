package ledger_test

import (
	"testing"
	"time"

	"pipe/pipeline"
	"pipe/pipeline/ledger"
)

// priced is a row with a price.
func priced(key, price string) pipeline.Item {
	return pipeline.Item{Key: key, Seq: 1, Fields: map[string]any{"reference": key, "price": price}}
}

func admitBy(t testing.TB, led *ledger.Ledger, run int64, rule pipeline.Refresh, items ...pipeline.Item) []pipeline.Admission {
	t.Helper()
	return must[[]pipeline.Admission](t)(led.Admit(t.Context(), run, items, rule))
}

// doneAs is a good outcome for a row.
func doneAs(item pipeline.Item) pipeline.Outcome {
	out := done(item.Key)
	out.Item = item
	return out
}

func TestDueWhenTheRowChanges(t *testing.T) {
	t.Parallel()
	led := newLedger(t)
	changed := pipeline.Refresh{Changed: true, Of: []string{"price"}}
	run := beginRun(t, led, false)
	admitBy(t, led, run, changed, priced("A", "5"))
	attempt(t, led, run, "A", doneAs(priced("A", "5")))
	endRun(t, led, run, "finished")

	run = beginRun(t, led, false)
	equal(t, "unchanged", admitBy(t, led, run, changed, priced("A", "5"))[0], pipeline.Admission{Status: pipeline.Done, Counted: 0})
	endRun(t, led, run, "finished")
	other := priced("A", "5")
	other.Fields["note"] = "new"
	run = beginRun(t, led, false)
	equal(t, "another column", admitBy(t, led, run, changed, other)[0].Due, false)
	equal(t, "any column", func() bool {
		run = beginRun(t, led, false)
		return admitBy(t, led, run, pipeline.Refresh{Changed: true}, other)[0].Due
	}(), true)

	// The change is due until it is done, in whatever run it was seen first.
	for _, reason := range []string{"interrupted", "finished"} {
		run = beginRun(t, led, false)
		seen := must[[]pipeline.Admission](t)(led.Foresee(t.Context(), []pipeline.Item{priced("A", "6"), priced("A", "5"), priced("B", "5")}, changed))
		equal(t, "foreseen", seen[0].Due, true)
		equal(t, "foreseen", seen[1].Due || !seen[1].Duplicate, false)
		equal(t, "foreseen", seen[2], pipeline.Admission{Status: pipeline.Pending})
		equal(t, "changed", admitBy(t, led, run, changed, priced("A", "6"))[0], pipeline.Admission{Status: pipeline.Done, Due: true})
		equal(t, "totals", totals(t, led), pipeline.Totals{In: 1, Done: 1, Due: 1})
		endRun(t, led, run, reason)
	}
	run = beginRun(t, led, false)
	admitBy(t, led, run, changed, priced("A", "6"))
	again := doneAs(priced("A", "6"))
	again.Files[0].SHA256 = "new"
	attempt(t, led, run, "A", again)
	equal(t, "totals", totals(t, led), pipeline.Totals{In: 1, Done: 1})
	equal(t, "hash", all(t, led.Files(t.Context()))[0].File.SHA256, "new")
	endRun(t, led, run, "finished")
	run = beginRun(t, led, false)
	equal(t, "done again", admitBy(t, led, run, changed, priced("A", "6"))[0].Due, false)
	equal(t, "back to what it was", func() bool {
		run = beginRun(t, led, false)
		return admitBy(t, led, run, changed, priced("A", "5"))[0].Due
	}(), true)
}

// While a done item is to be done again, and when that fails, it has the files,
// the record and the row that it was done with.
func TestFailedRefreshLeavesWhatIsThere(t *testing.T) {
	t.Parallel()
	led := newLedger(t)
	changed := pipeline.Refresh{Changed: true}
	run := beginRun(t, led, false)
	admitBy(t, led, run, changed, priced("A", "5"))
	attempt(t, led, run, "A", doneAs(priced("A", "5")))
	endRun(t, led, run, "finished")

	run = beginRun(t, led, false)
	admitBy(t, led, run, changed, priced("A", "6"))
	for _, status := range []pipeline.Status{pipeline.Pending, pipeline.Failed} {
		attempt(t, led, run, "A", failing(status, pipeline.NotFound))
		placed := all(t, led.Placed(t.Context()))
		equal(t, "files", len(placed), 1)
		equal(t, "the row that it was done with", placed[0].Item["price"], any("5"))
		equal(t, "records", len(all(t, led.Records(t.Context()))), 1)
		equal(t, "owner", must[pipeline.Owner](t)(led.Owner(t.Context(), run, "another", "hash-A")).Key, "A")
	}
	equal(t, "totals", totals(t, led), pipeline.Totals{In: 1, Done: 1, Stale: 1})
	row := all(t, led.Stale(t.Context()))[0]
	if row.Status != pipeline.Done || !row.Stale || row.Class != pipeline.NotFound || row.Reason == "" {
		t.Errorf("the item that could not be done again: %+v", row)
	}
	endRun(t, led, run, "finished")

	// It is due again in the next run, with all its tries.
	run = beginRun(t, led, false)
	equal(t, "next run", admitBy(t, led, run, changed, priced("A", "6"))[0], pipeline.Admission{Status: pipeline.Done, Due: true})
	equal(t, "totals", totals(t, led), pipeline.Totals{In: 1, Done: 1, Due: 1})
	attempt(t, led, run, "A", failing(pipeline.Failed, pipeline.NotFound))
	// It was the spec that failed: nothing is held against the item.
	must[int](t)(led.Reopen(t.Context(), run))
	equal(t, "totals", totals(t, led), pipeline.Totals{In: 1, Done: 1})
	equal(t, "reason", itemOf(t, led, "A").Reason, "")
	// Without the rule it is as it should be.
	run = beginRun(t, led, false)
	equal(t, "no rule", admitBy(t, led, run, pipeline.Refresh{}, priced("A", "7"))[0], pipeline.Admission{Status: pipeline.Done})
}

// An item that was skipped has nothing that stands: when it is due it is to be
// done as any other, and what is done may turn out to have nothing left to fetch.
func TestSkippedItemsAreDueAgain(t *testing.T) {
	t.Parallel()
	led := newLedger(t)
	changed := pipeline.Refresh{Changed: true}
	skip := func(item pipeline.Item) pipeline.Outcome {
		return pipeline.Outcome{Item: item, Status: pipeline.Skipped, Reason: "no report"}
	}
	next := func(price string) (int64, pipeline.Admission) {
		run := beginRun(t, led, false)
		return run, admitBy(t, led, run, changed, priced("A", price))[0]
	}
	run, _ := next("5")
	attempt(t, led, run, "A", skip(priced("A", "5")))
	equal(t, "skipped", totals(t, led), pipeline.Totals{In: 1, Skipped: 1})
	endRun(t, led, run, "finished")

	run, as := next("5")
	equal(t, "unchanged", as, pipeline.Admission{Status: pipeline.Skipped})
	equal(t, "its reason", itemOf(t, led, "A").Reason, "no report")
	equal(t, "unchanged", totals(t, led), pipeline.Totals{In: 1, Skipped: 1})
	endRun(t, led, run, "finished")

	equal(t, "foreseen", must[[]pipeline.Admission](t)(led.Foresee(t.Context(), []pipeline.Item{priced("A", "6")}, changed))[0].Due, true)
	run, as = next("6")
	equal(t, "changed", as, pipeline.Admission{Status: pipeline.Pending})
	equal(t, "changed", totals(t, led), pipeline.Totals{In: 1, Pending: 1})
	attempt(t, led, run, "A", doneAs(priced("A", "6")))
	equal(t, "done", totals(t, led), pipeline.Totals{In: 1, Done: 1})
	endRun(t, led, run, "finished")

	run, as = next("7")
	equal(t, "due", as, pipeline.Admission{Status: pipeline.Done, Due: true})
	attempt(t, led, run, "A", skip(priced("A", "7")))
	equal(t, "skipped again", totals(t, led), pipeline.Totals{In: 1, Skipped: 1})
	equal(t, "files", len(all(t, led.Files(t.Context()))), 0)
	equal(t, "to discard", len(must[[]string](t)(led.Discards(t.Context()))), 1)
	endRun(t, led, run, "finished")
	equal(t, "a run's count", must[[]pipeline.RunRow](t)(led.Runs(t.Context()))[3].Skipped, 1)
}

func TestDueByTimeAndAlways(t *testing.T) {
	t.Parallel()
	led := newLedger(t)
	run := beginRun(t, led, false)
	admitBy(t, led, run, pipeline.Refresh{}, priced("A", "5"))
	out := done("A")
	out.Ended = time.Now().Add(-48 * time.Hour)
	attempt(t, led, run, "A", out)
	due := func(rule pipeline.Refresh) bool {
		t.Helper()
		run = beginRun(t, led, false)
		return admitBy(t, led, run, rule, priced("A", "5"))[0].Due
	}
	equal(t, "after 47 h", due(pipeline.Refresh{After: 47 * time.Hour}), true)
	equal(t, "after 49 h", due(pipeline.Refresh{After: 49 * time.Hour}), false)
	equal(t, "always, with no run finished yet", due(pipeline.Refresh{Always: true}), false)
	check(t, led.EndRun(t.Context(), run, pipeline.RunEnd{Ended: time.Now(), Reason: "finished"}))
	equal(t, "always, foreseen", must[[]pipeline.Admission](t)(led.Foresee(t.Context(), []pipeline.Item{priced("A", "5")}, pipeline.Refresh{Always: true}))[0].Due, true)
	equal(t, "always", due(pipeline.Refresh{Always: true}), true)
	attempt(t, led, run, "A", func() pipeline.Outcome { o := done("A"); o.Ended = time.Now(); return o }())
	// The run is killed: the next goes on.
	equal(t, "always, and done by the run before", due(pipeline.Refresh{Always: true}), false)
}

func TestVersionsAndDiscards(t *testing.T) {
	t.Parallel()
	led := newLedger(t)
	run := beginRun(t, led, false)
	admitBy(t, led, run, pipeline.Refresh{}, priced("A", "5"))
	attempt(t, led, run, "A", done("A"))
	endRun(t, led, run, "finished")
	standing := must[[]pipeline.FileRow](t)(led.Standing(t.Context(), "A"))
	equal(t, "standing", len(standing), 1)
	equal(t, "when it was done", standing[0].Finished, noon.Add(10*time.Second))

	run = beginRun(t, led, false)
	admitBy(t, led, run, pipeline.Refresh{Changed: true}, priced("A", "6"))
	again := done("A")
	again.Files[0].Name, again.Files[0].SHA256 = "A-6.pdf", "new"
	old := standing[0]
	old.File.Name = "versions/A.old.pdf"
	again.Versions = []pipeline.Version{{File: old.File, Of: "A.pdf", Fetched: old.Finished}}
	attempt(t, led, run, "A", again)
	equal(t, "versions", len(all(t, led.Versions(t.Context()))), 1)
	equal(t, "holder of the version", must[string](t)(led.Holder(t.Context(), "versions/A.old.pdf")), "A")
	equal(t, "owner of the version's bytes", must[pipeline.Owner](t)(led.Owner(t.Context(), run, "another", "hash-A")).Key, "A")
	discards := must[[]string](t)(led.Discards(t.Context()))
	if len(discards) != 1 || discards[0] != "A.pdf" {
		t.Fatalf("to remove: %q", discards)
	}
	check(t, led.Discarded(t.Context(), "A.pdf"))
	equal(t, "to remove", len(must[[]string](t)(led.Discards(t.Context()))), 0)

	// The same name is nothing to remove.
	run = beginRun(t, led, false)
	admitBy(t, led, run, pipeline.Refresh{Changed: true}, priced("A", "7"))
	attempt(t, led, run, "A", again)
	equal(t, "to remove", len(must[[]string](t)(led.Discards(t.Context()))), 0)
}

// A run that joined sees what is due again, and not what another has done.
func TestWaitingForWhatIsDue(t *testing.T) {
	t.Parallel()
	led := newLedger(t)
	run := beginRun(t, led, false)
	admitBy(t, led, run, pipeline.Refresh{}, priced("A", "5"))
	attempt(t, led, run, "A", doneAs(priced("A", "5")))
	endRun(t, led, run, "finished")
	first := must[int64](t)(led.BeginRun(t.Context(), pipeline.RunInfo{Spec: "x", Started: time.Now(), Shared: true}))
	admitBy(t, led, first, pipeline.Refresh{Changed: true}, priced("A", "6"))
	second := must[int64](t)(led.BeginRun(t.Context(), pipeline.RunInfo{Spec: "x", Started: time.Now(), Shared: true, Partial: true}))
	w := must[pipeline.Waiting](t)(led.Waiting(t.Context(), second))
	if len(w.Items) != 1 || !w.Items[0].Due {
		t.Fatalf("waiting: %+v", w)
	}
	number := must[int](t)(led.BeginAttempt(t.Context(), first, "A", "1", time.Now()))
	if _, err := led.BeginAttempt(t.Context(), second, "A", "1", time.Now()); err == nil {
		t.Error("an item is in two hands")
	}
	out := doneAs(priced("A", "6"))
	out.Attempt, out.Ended = number, time.Now()
	check(t, led.Commit(t.Context(), first, out))
	if _, err := led.BeginAttempt(t.Context(), second, "A", "1", time.Now()); err == nil {
		t.Error("an item is done again by both")
	}
	equal(t, "waiting", len(must[pipeline.Waiting](t)(led.Waiting(t.Context(), second)).Items), 0)
}
