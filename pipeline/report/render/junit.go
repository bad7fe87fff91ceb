package render

import (
	"bufio"
	"encoding/xml"
	"fmt"
	"io"
	"time"

	"pipe/pipeline"
	"pipe/pipeline/report/console"
	"pipe/pipeline/report/summary"
)

type junitCase struct {
	XMLName xml.Name      `xml:"testcase"`
	Name    string        `xml:"name,attr"`
	Class   string        `xml:"classname,attr"`
	Time    string        `xml:"time,attr"`
	Failure *junitFailure `xml:"failure,omitempty"`
	Skipped *junitSkipped `xml:"skipped,omitempty"`
}

type junitFailure struct {
	Type    string `xml:"type,attr"`
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

type junitSkipped struct {
	Message string `xml:"message,attr"`
}

// JUnit writes the report as the XML that build servers read: each item is a test case.
// What is pending counts as skipped, what could not be done again as failed.
func JUnit(w io.Writer, r *summary.Report, _ Options) error {
	out := bufio.NewWriter(w)
	counts := fmt.Sprintf(`tests="%d" failures="%d" errors="0" skipped="%d" time="%s"`,
		r.Counts.Items, r.Counts.Failed+r.Counts.Stale, r.Counts.Skipped+r.Counts.Pending, inSeconds(r.Run.Elapsed()))
	spec := console.Clean(r.Spec)
	fmt.Fprintf(out, "%s<testsuites name=%s %s>\n  <testsuite name=%s %s timestamp=\"%s\">\n",
		xml.Header, attribute(spec), counts, attribute(spec), counts, r.Run.Started.UTC().Format("2006-01-02T15:04:05"))
	encoder := xml.NewEncoder(out)
	encoder.Indent("    ", "  ")
	for item, err := range r.Items("") {
		if err != nil {
			return err
		}
		if err := encoder.Encode(caseOf(spec, item)); err != nil {
			return err
		}
	}
	if err := encoder.Close(); err != nil {
		return err
	}
	fmt.Fprint(out, "\n  </testsuite>\n</testsuites>\n")
	return out.Flush()
}

func caseOf(spec string, item summary.Item) junitCase {
	reason := console.Clean(item.Reason)
	c := junitCase{Name: console.Clean(item.Key), Class: spec, Time: inSeconds(time.Duration(item.TookMS) * time.Millisecond)}
	switch {
	case item.Status == pipeline.Failed || item.Stale:
		c.Failure = &junitFailure{Type: string(item.Class), Message: reason, Text: console.Clean(item.Step)}
	case item.Status == pipeline.Skipped:
		c.Skipped = &junitSkipped{reason}
	case item.Status == pipeline.Pending:
		c.Skipped = &junitSkipped{"pending"}
	}
	return c
}

func attribute(text string) string {
	escaped := attributeText{}
	_ = xml.EscapeText(&escaped, []byte(text)) // it takes all
	return `"` + string(escaped) + `"`
}

type attributeText []byte

func (a *attributeText) Write(p []byte) (int, error) {
	*a = append(*a, p...)
	return len(p), nil
}

func inSeconds(d time.Duration) string { return fmt.Sprintf("%.3f", d.Seconds()) }
