package console

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"pipe/pipeline"
)

// Items that are done again, and those that could not be, are told as such.
func TestDoneAgain(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	p := Plain(&out, Options{})
	totals := &pipeline.Totals{In: 5, Done: 4, Pending: 1, Due: 2}
	for _, e := range []pipeline.Event{
		{Time: noon, Kind: pipeline.RunStarted, Run: 7, Spec: "inventory"},
		{Time: after(1), Kind: pipeline.SourceFound, Reason: "a.csv: CSV in UTF-8, one column: ref"},
		{Time: after(2), Kind: pipeline.SourceRead, Totals: totals},
		{Time: after(3), Kind: pipeline.ItemDone, Key: "A1", Again: true, Files: []pipeline.File{{Name: "A1.pdf"}}, Totals: totals},
		{Time: after(40), Kind: pipeline.RefreshFailed, Key: "B2", Attempt: 3, Class: pipeline.NotFound, Reason: "no vehicle B2", Totals: totals},
	} {
		p.Observe(e)
	}
	Report(&out, Final{
		Spec: "inventory", SpecPath: "x.yaml", Reason: "finished", DoneNow: 1, Elapsed: time.Minute,
		Totals: pipeline.Totals{In: 2, Done: 2, Stale: 1}, Stale: []pipeline.ItemRow{{Key: "B2", Class: pipeline.NotFound, Reason: "no vehicle B2"}},
	})
	for _, want := range []string{
		"source     a.csv: CSV in UTF-8, one column: ref",
		"source     5 in: 4 done before, 0 failed before, 3 to do, 0 duplicates; 2 of those done are due again",
		"again      A1  0s  A1.pdf",
		"NOT AGAIN  B2  attempt 3, not_found: no vehicle B2; its old files and record stand",
		"progress   40 %: 2 done, 0 failed, 3 pending",
		"inventory: 2 of 2 done",
		"  done before and not again, their old files and records stand: 1, not_found: no vehicle B2\n" + "    B2\n",
		"next: pipe run x.yaml tries them again",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in:\n%s", want, out.String())
		}
	}
}
