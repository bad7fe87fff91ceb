package console

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"pipe/pipeline"
)

// Items are told by place and class, and within by reason, each as one of them has
// it; what a site sends is no order to the terminal.
func TestListed(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	listed(&out, "failed", []pipeline.ItemRow{
		{Key: "1", Class: pipeline.Transient, Step: "navigate.steps[1]", Reason: "vehicle 1 of 10 is not shown"},
		{Key: "2", Class: pipeline.Transient, Step: "navigate.steps[1]", Reason: "vehicle 2 of 30 is not shown"},
		{Key: "3", Class: pipeline.Transient, Step: "navigate.steps[1]", Reason: "the grid says \x1b[31mno\x1b[0m"},
		{Key: "\x1b]0;x\x074", Class: pipeline.NotFound, Step: "navigate.steps[1]", Reason: "gone"},
		{Key: "5", Class: pipeline.Transient, Step: "download[0]", Reason: "gone"},
	})
	want := `  failed 3, transient  at navigate.steps[1], for 3 reasons:
    1: vehicle 1 of 10 is not shown
      1
    1: vehicle 2 of 30 is not shown
      2
    1: the grid says [31mno[0m
      3
  failed 1, not_found: gone  at navigate.steps[1]
    ]0;x4
  failed 1, transient: gone  at download[0]
    5
`
	if out.String() != want {
		t.Errorf("got\n%swant\n%s", out.String(), want)
	}
}

// A run that was to do a part says so, and how the rest is done.
func TestLimitIsTold(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	Report(&out, Final{SpecPath: "x.yaml", Reason: "finished", Limit: 5, DoneNow: 5, Totals: pipeline.Totals{In: 5, Done: 5}, Elapsed: time.Minute})
	if want := "next: this run was to do 5 at most (--limit); pipe run x.yaml does what else the source has"; !strings.Contains(out.String(), want) {
		t.Errorf("no %q in %s", want, out.String())
	}
}
