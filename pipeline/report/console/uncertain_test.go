package console

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"pipe/pipeline"
)

// What is uncertain is named with the commands that settle it, and nothing is said to be
// tried again that would not be.
func TestReportOfUncertain(t *testing.T) {
	t.Parallel()
	begun := time.Date(2026, 11, 24, 12, 0, 0, 0, time.Local)
	final := Final{
		Spec: "orders", SpecPath: "orders.yaml", Reason: "finished", Totals: pipeline.Totals{In: 2, Failed: 2},
		Failed: []pipeline.ItemRow{{Key: "A", Class: pipeline.Uncertain, Reason: "no answer"}, {Key: "B\x1b[2J", Class: pipeline.Uncertain, Reason: "no answer"}},
		Uncertain: Uncertain{
			Rows: []pipeline.UncertainRow{{Key: "A", Step: "order", Begun: begun}, {Key: "B\x1b[2J", Step: "order", Begun: begun, Doubted: true}},
			Done: "pipe run orders.yaml --uncertain=done", Redo: "pipe run orders.yaml --uncertain=redo",
		},
	}
	var out bytes.Buffer
	Report(&out, final)
	for _, want := range []string{
		"uncertain 2: nobody knows", `A  "order" begun 2026-11-24 12:00:00`, `"order" done for other values of the item, 2026-11-24 12:00:00`,
		"look on the site: pipe run orders.yaml --uncertain=done goes on", "and pipe run orders.yaml --uncertain=redo does it again",
		"next: say of those that are uncertain whether they are done",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the report holds no %q:\n%s", want, out.String())
		}
	}
	if strings.Contains(out.String(), "--retry-failed") || strings.Contains(out.String(), "\x1b") {
		t.Errorf("the report is\n%s", out.String())
	}
	final.Failed = append(final.Failed, pipeline.ItemRow{Key: "C", Class: pipeline.Transient})
	out.Reset()
	if Report(&out, final); !strings.Contains(out.String(), "next: pipe run orders.yaml --retry-failed") {
		t.Errorf("the report is\n%s", out.String())
	}
}
