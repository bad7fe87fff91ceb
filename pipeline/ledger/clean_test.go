package ledger_test

import (
	"testing"
	"time"

	"pipe/pipeline"
	"pipe/pipeline/ledger"
	"pipe/specs"
)

// Of old runs go the attempts that nothing is told by any more; what an item has come to
// stays as it was, and so do the numbers of its attempts.
func TestFreeAttempts(t *testing.T) {
	t.Parallel()
	led := newLedger(t)
	failed := pipeline.Outcome{Status: pipeline.Pending, Class: pipeline.Transient, Reason: "slow"}
	for run := range int64(3) {
		n := beginRun(t, led, false)
		admit(t, led, n, rows("A", "B"))
		attempt(t, led, n, "A", failed)
		attempt(t, led, n, "A", failed)
		if run == 0 {
			attempt(t, led, n, "B", failed)
			attempt(t, led, n, "B", done("B"))
		}
		endRun(t, led, n, "finished")
	}
	before := must[pipeline.Totals](t)(led.Totals(t.Context()))
	now := noon.Add(24 * time.Hour)
	for _, none := range []specs.Keep{{}, {Runs: &specs.KeepRule{Last: 3}}, {Runs: &specs.KeepRule{For: specs.Duration(48 * time.Hour)}}} {
		if f := must[ledger.Freeable](t)(led.Freeable(t.Context(), &none, now)); f.Attempts > 0 {
			t.Errorf("%d attempts would go", f.Attempts)
		}
	}
	keep := &specs.Keep{Runs: &specs.KeepRule{Last: 1}}
	f := must[ledger.Freeable](t)(led.Freeable(t.Context(), keep, now))
	// Two of A's in each of the two older runs, and B's first: what it was done with stays.
	equal(t, "freeable", f.Attempts, 5)
	check(t, led.Free(t.Context(), f))
	equal(t, "freeable now", must[ledger.Freeable](t)(led.Freeable(t.Context(), keep, now)).Attempts, 0)
	equal(t, "totals", must[pipeline.Totals](t)(led.Totals(t.Context())), before)
	if at := must[[]pipeline.FileRow](t)(led.Standing(t.Context(), "B")); len(at) != 1 || at[0].Finished.IsZero() {
		t.Errorf("B stands as %+v", at)
	}
	run := beginRun(t, led, false)
	admit(t, led, run, rows("A", "B"))
	equal(t, "the next attempt", must[int](t)(led.BeginAttempt(t.Context(), run, "A", "1", noon)), 7)
}

// Evidence goes with its run, and versions by their own order; the files are to be
// removed then.
func TestFreeEvidenceAndVersions(t *testing.T) {
	t.Parallel()
	led := newLedger(t)
	for n := range 3 {
		run := beginRun(t, led, false)
		admitBy(t, led, run, pipeline.Refresh{Always: true}, priced("A", "5"))
		out := done("A")
		out.Files[0].SHA256 = string(rune('a' + n))
		if n > 0 {
			old := out.Files[0]
			old.Name = "versions/A." + string(rune('0'+n)) + ".pdf"
			out.Versions = []pipeline.Version{{File: old, Of: out.Files[0].Name, Fetched: noon.Add(time.Duration(n) * time.Hour)}}
		}
		attempt(t, led, run, "A", out)
		check(t, led.NoteEvidence(t.Context(), pipeline.Evidence{Run: run, Of: "item", Key: "A", Folder: "evidence/run-" + string(rune('1'+n)) + "/1", Taken: noon}))
		endRun(t, led, run, "finished")
	}
	keep := &specs.Keep{Evidence: &specs.KeepRule{Last: 2}, Versions: &specs.KeepRule{Last: 1}}
	f := must[ledger.Freeable](t)(led.Freeable(t.Context(), keep, noon))
	if len(f.Evidence) != 1 || f.Evidence[0].Folder != "evidence/run-1/1" || len(f.Versions) != 1 || f.Versions[0].File.Name != "versions/A.1.pdf" || f.Attempts > 0 {
		t.Fatalf("freeable is %+v", f)
	}
	check(t, led.Free(t.Context(), f))
	equal(t, "versions", len(all(t, led.Versions(t.Context()))), 1)
	equal(t, "evidence", len(all(t, led.Evidence(t.Context(), pipeline.Of{}))), 2)
	discards := must[[]string](t)(led.Discards(t.Context()))
	if len(discards) != 1 || discards[0] != "versions/A.1.pdf" {
		t.Errorf("to remove: %q", discards)
	}
}
