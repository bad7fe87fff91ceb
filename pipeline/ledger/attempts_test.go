package ledger_test

import (
	"strings"
	"testing"
	"time"

	"pipe/pipeline"
)

func TestCommitDoneIsFinalWithinItsRun(t *testing.T) {
	t.Parallel()
	led := newLedger(t)
	run := beginRun(t, led, false)
	admit(t, led, run, rows("A"))
	attempt(t, led, run, "A", done("A"))

	number := must[int](t)(led.BeginAttempt(t.Context(), run, "A", "2", noon))
	out := failing(pipeline.Failed, pipeline.Crashed)
	out.Item.Key, out.Attempt, out.Ended = "A", number, noon
	err := led.Commit(t.Context(), run, out)
	if err == nil || !strings.Contains(err.Error(), "done already") {
		t.Fatalf("a commit after Done: %v", err)
	}
	row := itemOf(t, led, "A")
	equal(t, "status", row.Status, pipeline.Done)
	equal(t, "files", len(all(t, led.Files(t.Context()))), 1)

	// A later run may do it anew, and its files replace the old ones.
	run = beginRun(t, led, false)
	admit(t, led, run, rows("A"))
	again := done("A")
	again.Files[0].SHA256 = "new"
	attempt(t, led, run, "A", again)
	files := all(t, led.Files(t.Context()))
	equal(t, "files", len(files), 1)
	equal(t, "hash", files[0].File.SHA256, "new")
	equal(t, "totals", totals(t, led), pipeline.Totals{In: 1, Done: 1})
}

func TestCommitRefuses(t *testing.T) {
	t.Parallel()
	led := newLedger(t)
	run := beginRun(t, led, false)
	admit(t, led, run, rows("A"))
	attempt(t, led, run, "A", failing(pipeline.Pending, pipeline.Transient))
	number := must[int](t)(led.BeginAttempt(t.Context(), run, "A", "1", noon))
	for name, c := range map[string]struct {
		run     int64
		key     string
		attempt int
		status  pipeline.Status
		want    string
	}{
		"attempt that ended": {run, "A", 1, pipeline.Done, "no such attempt open"},
		"attempt not begun":  {run, "A", number + 1, pipeline.Done, "no such attempt open"},
		"other run":          {run + 1, "A", number, pipeline.Done, "no such attempt open"},
		"unknown item":       {run, "B", 1, pipeline.Done, "no such attempt open"},
		"unknown status":     {run, "A", number, "finished", "no status"},
	} {
		out := done(c.key)
		out.Item.Key, out.Attempt, out.Status = c.key, c.attempt, c.status
		err := led.Commit(t.Context(), c.run, out)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
	equal(t, "totals", totals(t, led), pipeline.Totals{In: 1, Pending: 1})
}

func TestBeginAttemptRefuses(t *testing.T) {
	t.Parallel()
	led := newLedger(t)
	run := beginRun(t, led, false)
	admit(t, led, run, rows("A"))
	if _, err := led.BeginAttempt(t.Context(), run, "B", "1", noon); err == nil {
		t.Error("an item that was never admitted is taken in hand")
	}
	must[int](t)(led.BeginAttempt(t.Context(), run, "A", "1", noon))
	if _, err := led.BeginAttempt(t.Context(), run, "A", "2", noon); err == nil {
		t.Error("an item is in two hands")
	}
}

func TestCountedAttempts(t *testing.T) {
	t.Parallel()
	led := newLedger(t)
	transient := failing(pipeline.Pending, pipeline.Transient)
	lost := failing(pipeline.Pending, pipeline.SessionLost)
	lost.Uncounted = true

	run := beginRun(t, led, false)
	admit(t, led, run, rows("A"))
	attempt(t, led, run, "A", transient)
	attempt(t, led, run, "A", lost)

	run = beginRun(t, led, false)
	equal(t, "after a try and a lost session", admit(t, led, run, rows("A"))[0],
		pipeline.Admission{Status: pipeline.Pending, Counted: 1})
	attempt(t, led, run, "A", failing(pipeline.Failed, pipeline.Transient))

	run = beginRun(t, led, false)
	equal(t, "after it failed", admit(t, led, run, rows("A"))[0],
		pipeline.Admission{Status: pipeline.Failed, Counted: 2})
	equal(t, "totals", totals(t, led), pipeline.Totals{In: 1, Failed: 1})

	equal(t, "retried", must[int](t)(led.RetryFailed(t.Context())), 1)
	equal(t, "totals", totals(t, led), pipeline.Totals{In: 1, Pending: 1})
	run = beginRun(t, led, false)
	equal(t, "asked for again", admit(t, led, run, rows("A"))[0],
		pipeline.Admission{Status: pipeline.Pending})
	attempt(t, led, run, "A", transient)
	equal(t, "numbers go on over all runs",
		must[int](t)(led.BeginAttempt(t.Context(), run, "A", "1", noon)), 5)
}

// What a run gave up is pending again, what others did stays.
func TestReopen(t *testing.T) {
	t.Parallel()
	led := newLedger(t)
	run := beginRun(t, led, false)
	admit(t, led, run, rows("A", "B"))
	attempt(t, led, run, "A", failing(pipeline.Failed, pipeline.Transient))
	run = beginRun(t, led, false)
	admit(t, led, run, rows("A", "B", "C"))
	attempt(t, led, run, "B", failing(pipeline.Failed, pipeline.Transient))
	attempt(t, led, run, "C", done("C"))

	equal(t, "reopened", must[int](t)(led.Reopen(t.Context(), run)), 1)
	equal(t, "totals", totals(t, led), pipeline.Totals{In: 3, Done: 1, Failed: 1, Pending: 1})
	run = beginRun(t, led, false)
	equal(t, "asked for again", admit(t, led, run, rows("B"))[0], pipeline.Admission{Status: pipeline.Pending})
}

func TestInterruptedAttemptsAreClosed(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]bool{"by the next run": false, "by the end of the run": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			led := newLedger(t)
			run := beginRun(t, led, false)
			admit(t, led, run, rows("A", "B"))
			attempt(t, led, run, "A", done("A"))
			number := must[int](t)(led.BeginAttempt(t.Context(), run, "B", "2", noon.Add(time.Minute)))
			if end {
				endRun(t, led, run, "interrupted")
			}
			next := beginRun(t, led, false)

			out := done("B")
			out.Item.Key, out.Attempt, out.Ended = "B", number, noon
			if err := led.Commit(t.Context(), run, out); err == nil {
				t.Fatal("an attempt of an ended run is committed")
			}
			equal(t, "admission", admit(t, led, next, rows("A", "B"))[1],
				pipeline.Admission{Status: pipeline.Pending})
			first := must[[]pipeline.RunRow](t)(led.Runs(t.Context()))[0]
			equal(t, "attempts", [3]int{first.Attempts, first.Done, first.Uncounted}, [3]int{2, 1, 1})
			want := noon.Add(time.Minute) // its last sign of life
			if end {
				want = noon.Add(time.Hour)
			}
			equal(t, "ended", first.Ended, want)
			attempt(t, led, next, "B", done("B"))
			equal(t, "totals", totals(t, led), pipeline.Totals{In: 2, Done: 2})
		})
	}
}

func TestUnknownRun(t *testing.T) {
	t.Parallel()
	led := newLedger(t)
	if err := led.EndRun(t.Context(), 7, pipeline.RunEnd{Ended: noon}); err == nil {
		t.Error("EndRun of a run that never was")
	}
	if err := led.SourceRead(t.Context(), 7); err == nil {
		t.Error("SourceRead of a run that never was")
	}
	if _, err := led.Admit(t.Context(), 7, rows("A"), pipeline.Refresh{}); err == nil {
		t.Error("Admit to a run that never was")
	}
}
