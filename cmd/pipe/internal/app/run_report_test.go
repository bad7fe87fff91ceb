package app

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"pipe/pipeline"
	"pipe/pipeline/engine"
	"pipe/pipeline/ledger"
	"pipe/specs"
)

// A step of which nobody knows whether it is done counts, though its item has not failed.
func TestUncertainStepCounts(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	led, err := ledger.Open(t.Context(), LedgerPath(dir))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = led.Close() }()
	run, err := led.BeginRun(t.Context(), pipeline.RunInfo{Spec: "x", Started: time.Now()})
	item := pipeline.Item{Key: "A"}
	_, admitted := led.Admit(t.Context(), run, []pipeline.Item{item}, pipeline.Refresh{})
	n, began := led.BeginAttempt(t.Context(), run, "A", "1", time.Now())
	once := led.BeginOnce(t.Context(), run, "A", n, "order", nil, time.Now())
	settled := led.Commit(t.Context(), run, pipeline.Outcome{Item: item, Attempt: n, Ended: time.Now(), Status: pipeline.Pending})
	ended := led.EndRun(t.Context(), run, pipeline.RunEnd{Ended: time.Now(), Reason: "finished"})
	if err := errors.Join(err, admitted, began, once, settled, ended); err != nil {
		t.Fatal(err)
	}
	for _, asJSON := range []bool{false, true} {
		var out bytes.Buffer
		r := runReport{
			spec: &specs.Spec{Name: "x"}, words: "x.yaml", json: asJSON, std: Std{Out: &out},
			out: &output{dir: dir, ledger: led, folder: &folder{alone: true}},
		}
		if err := r.print(t.Context(), engine.Result{Run: run}, nil, time.Second); CodeOf(err) != ExitFailed {
			t.Errorf("json %t: got %v, and %q", asJSON, err, out.String())
		}
	}
}
