package ledger_test

import (
	"reflect"
	"testing"
	"time"

	"pipe/pipeline"
)

// Attempts are read with their steps, which the ledger keeps by their numbers, and
// evidence as it was noted: of a run, of an item, and of all.
func TestAttemptsAndEvidence(t *testing.T) {
	led := newLedger(t)
	run := beginRun(t, led, false)
	must[[]pipeline.Admission](t)(led.Admit(t.Context(), run, rows("K-1", "K-2"), pipeline.Refresh{}))
	steps := []pipeline.StepTime{
		{Step: "navigate.steps[0].goto", At: 10 * time.Millisecond, Took: 90 * time.Millisecond},
		{Step: "download[0].capture", At: 100 * time.Millisecond, Took: 2 * time.Second},
	}
	for _, key := range []string{"K-1", "K-2"} {
		number := must[int](t)(led.BeginAttempt(t.Context(), run, key, "c1p1", noon))
		check(t, led.Commit(t.Context(), run, pipeline.Outcome{
			Item: pipeline.Item{Key: key}, Attempt: number, Status: pipeline.Failed, Class: pipeline.NotFound, Reason: "no such row",
			Step: "navigate.steps[0].goto", Worker: "c1p1", Started: noon, Ended: noon.Add(3 * time.Second),
			Phases: map[string]time.Duration{"navigate": time.Second}, Steps: steps,
		}))
	}
	want := pipeline.Evidence{
		Run: run, Number: 1, Of: pipeline.EvidenceOfItem, Key: "K-2", Attempt: 1, Worker: "c1p1", Class: pipeline.NotFound, Step: "navigate.steps[0].goto",
		Reason: "no such row", URL: "http://site/list", Taken: noon, Folder: "evidence/run-1/K-2", Files: []pipeline.EvidenceFile{{Name: pipeline.EvidenceScreenshot, Size: 10}},
	}
	check(t, led.NoteEvidence(t.Context(), want))
	check(t, led.NoteEvidence(t.Context(), pipeline.Evidence{Run: run, Of: pipeline.EvidenceOfLogin, Taken: noon, Files: []pipeline.EvidenceFile{}}))

	for _, test := range []struct {
		of                 pipeline.Of
		attempts, evidence int
	}{
		{pipeline.Of{}, 2, 2}, {pipeline.Of{Run: run}, 2, 2}, {pipeline.Of{Key: "K-2"}, 1, 1}, {pipeline.Of{Run: run, Key: "K-1"}, 1, 0}, {pipeline.Of{Run: run + 1}, 0, 0},
	} {
		attempts, evidence := all(t, led.Attempts(t.Context(), test.of)), all(t, led.Evidence(t.Context(), test.of))
		if len(attempts) != test.attempts || len(evidence) != test.evidence {
			t.Errorf("%+v: %d attempts and %d pieces of evidence, not %d and %d", test.of, len(attempts), len(evidence), test.attempts, test.evidence)
		}
		for _, a := range attempts {
			if !reflect.DeepEqual(a.Steps, steps) || a.Status != pipeline.Failed || a.Phases["navigate"] != time.Second {
				t.Errorf("%+v", a)
			}
		}
	}
	if got := all(t, led.Evidence(t.Context(), pipeline.Of{Key: "K-2"})); len(got) != 1 || !reflect.DeepEqual(got[0], want) {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
}
