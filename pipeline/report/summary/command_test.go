package summary_test

import (
	"testing"

	"pipe/pipeline"
	"pipe/pipeline/report/summary"
)

// Every class has its command, and a key that no command line can hold is left for
// somebody to fill in.
func TestCommands(t *testing.T) {
	t.Parallel()
	c := summary.Commands{Spec: "x.yaml", Out: " --out o", Key: func(flag, key string) (string, bool) { return " --" + flag + "=" + key, key != "" }}
	for class, want := range map[pipeline.Class]string{
		pipeline.NotFound: "pipe try x.yaml --item=A", pipeline.Rejected: "pipe try x.yaml --item=A", pipeline.ProofFailed: "pipe try x.yaml --item=A", pipeline.Spec: "pipe try x.yaml --item=A",
		pipeline.Transient: "pipe run x.yaml --out o --retry-failed", pipeline.RateLimited: "pipe run x.yaml --out o --retry-failed", pipeline.SiteDown: "pipe run x.yaml --out o --retry-failed",
		pipeline.Crashed: "pipe run x.yaml --out o --retry-failed", pipeline.Interrupted: "pipe run x.yaml --out o --retry-failed",
		pipeline.SessionLost: "pipe login x.yaml --out o", pipeline.Uncertain: "pipe run x.yaml --out o --uncertain=done --only=A",
	} {
		if got := c.For(class, "A", false); got.Line != want || got.Why == "" {
			t.Errorf("%s: %+v, not %s", class, got, want)
		}
	}
	if got := c.For(pipeline.Spec, "", false).Line; got != "pipe try x.yaml --item=KEY" {
		t.Errorf("without a key: %s", got)
	}
	if got := c.For(pipeline.Spec, "A", true).Line; got != "pipe run x.yaml --out o --retry-failed" {
		t.Errorf("after a change: %s", got)
	}
}

// The command of a cause is for an item that has failed of it, whatever evidence there is
// of one that has come through since.
func TestCommandIsForAFailedItem(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.begin("one", "A", "B")
	h.attempt("A", "c1p1", pipeline.Pending, pipeline.ProofFailed, "no PDF", wait)
	check(t, h.led.NoteEvidence(t.Context(), pipeline.Evidence{
		Run: h.run, Of: pipeline.EvidenceOfItem, Key: "A", Attempt: 1, Class: pipeline.ProofFailed, Step: wait, Taken: h.at, Folder: "evidence/run-1/1",
	}))
	h.attempt("A", "c1p1", pipeline.Done, "", "", "")
	h.attempt("B", "c1p1", pipeline.Failed, pipeline.ProofFailed, "no PDF", wait)
	h.end(pipeline.RunFinished)
	r := h.report(summary.Options{Revision: "one"})
	if c := r.Causes[0]; c.Evidence == nil || c.Evidence.Key != "A" || c.Next.Line != "pipe try x.yaml --item=B" {
		t.Errorf("next: %+v, evidence %+v", c.Next, c.Evidence)
	}
}
