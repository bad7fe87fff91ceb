package ledger_test

import (
	"fmt"
	"testing"

	"pipe/pipeline"
)

// Bad rows count, and the first of them are told, until another run has read the
// list to its end without them.
func TestRejectedRows(t *testing.T) {
	t.Parallel()
	led := newLedger(t)
	run := beginRun(t, led, false)
	many := make([]pipeline.RejectedRow, 700)
	for batch := range 2 {
		for i := range many {
			many[i] = pipeline.RejectedRow{Number: batch*700 + i + 1, File: "rows.csv", Row: fmt.Sprintf("line %d", i), Reason: "has 1 field"}
		}
		check(t, led.Reject(t.Context(), run, many))
	}
	check(t, led.NoteLength(t.Context(), run, 2_000, ""))
	kept := 0
	for row, err := range led.Rejected(t.Context()) {
		check(t, err)
		if kept++; row.Number != kept || row.File != "rows.csv" {
			t.Fatalf("row %d is %+v", kept, row)
		}
	}
	equal(t, "kept", kept, 1_000)
	equal(t, "totals", totals(t, led), pipeline.Totals{In: 1_400, Bad: 1_400})
	endRun(t, led, run, "finished")

	// A run that does not come to the list's end knows nothing better.
	run = beginRun(t, led, false)
	equal(t, "while reading", totals(t, led).Bad, 1_400)
	check(t, led.Reject(t.Context(), run, many[:1]))
	equal(t, "while reading", totals(t, led).Bad, 1_400)
	check(t, led.NoteLength(t.Context(), run, 5, ""))
	equal(t, "read", totals(t, led).Bad, 1)
}

// A list is held against the last one that was read to its end and had the right
// length, however many short ones came between.
func TestLastLength(t *testing.T) {
	t.Parallel()
	led := newLedger(t)
	last := func() int { return must[int](t)(led.LastLength(t.Context())) }
	equal(t, "before any run", last(), -1)
	check(t, led.NoteLength(t.Context(), beginRun(t, led, false), 40, ""))
	equal(t, "after a run", last(), 40)
	check(t, led.NoteLength(t.Context(), beginRun(t, led, false), 3, "too short"))
	beginRun(t, led, false)
	equal(t, "after a short list, and one that was not read", last(), 40)
	check(t, led.NoteLength(t.Context(), beginRun(t, led, true), 3, ""))
	equal(t, "after it was accepted", last(), 3)
	runs := must[[]pipeline.RunRow](t)(led.Runs(t.Context()))
	if len(runs) != 4 || runs[1].Length != 3 || runs[1].Short != "too short" || runs[2].Length != -1 {
		t.Errorf("runs: %+v", runs)
	}
}
