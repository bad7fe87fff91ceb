package console_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"pipe/pipeline"
	"pipe/pipeline/report/console"
)

// The report names the rows that are no items, the first of many, and a list that
// is too short; what a file says is no escape for the terminal.
func TestReportOfBadRows(t *testing.T) {
	t.Parallel()
	f := console.Final{
		Spec: "x", SpecPath: "x.yaml", Reason: "finished", Elapsed: time.Second, Color: true, Short: "the source has 2 rows, and had 9 before",
		Totals: pipeline.Totals{In: 41, Done: 2, Bad: 39},
	}
	for i := range 30 {
		f.BadRows = append(f.BadRows, pipeline.RejectedRow{Number: i + 1, File: "rows.csv", Row: fmt.Sprintf("line %d", i+2), Reason: "has \x1b[31m1 field"})
	}
	var out bytes.Buffer
	console.Report(&out, f)
	text := out.String()
	for _, want := range []string{
		"\x1b[1;31mx: 2 of 41 done, 39 bad rows", "  39 bad rows:\n    rows.csv line 2: has ", "    rows.csv line 21: ", "    … and 19 more: the log has all of them\n",
		"  SHORT LIST: the source has 2 rows, and had 9 before\n", "next: put the bad rows right in the source, then pipe run x.yaml does them",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("there is no %q in\n%s", want, text)
		}
	}
	if strings.Contains(text, "line 22:") || strings.Contains(text, "\x1b[31m1") {
		t.Errorf("too much is told:\n%s", text)
	}
}
