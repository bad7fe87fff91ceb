package render_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"iter"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"pipe/pipeline"
	"pipe/pipeline/report/console"
	"pipe/pipeline/report/render"
	"pipe/pipeline/report/summary"
)

// rendered is the sample in a format; nothing in it is for a terminal to obey.
func rendered(t *testing.T, format string) string {
	t.Helper()
	var out bytes.Buffer
	check(t, render.Write(&out, sample(60), format, render.Options{Words: "specs/inventory.yaml", Now: began}))
	for _, r := range out.String() {
		if unicode.IsControl(r) && r != '\n' && r != '\t' || unicode.Is(unicode.Bidi_Control, r) {
			t.Errorf("%s: there is %U in it", format, r)
		}
	}
	return out.String()
}

func TestJSON(t *testing.T) {
	t.Parallel()
	var r struct {
		summary.Report
		Items []summary.Item `json:"items"`
	}
	check(t, json.Unmarshal([]byte(rendered(t, "json")), &r))
	if len(r.Items) != 60 || r.Counts.Failed != 6 || len(r.Causes) != len(hostile) || len(r.Stages) != 6 || r.Run.State != pipeline.StateFinished {
		t.Errorf("%+v", r)
	}
	for i, text := range hostile {
		if r.Items[i].Key != text || r.Items[i].Reason != "the site says: "+text {
			t.Errorf("%q became %q, %q", text, r.Items[i].Key, r.Items[i].Reason)
		}
	}
}

func TestCSV(t *testing.T) {
	t.Parallel()
	lines, err := csv.NewReader(strings.NewReader(rendered(t, "csv"))).ReadAll()
	check(t, err)
	if len(lines) != 61 || strings.Join(lines[0], " ") != "key seq status class reason step attempts finished seconds files" {
		t.Errorf("%d lines, the first is %v", len(lines), lines[0])
	}
	if lines[4][0] != "'=cmd|' /C calc'!A0" || lines[4][2] != "failed" || lines[4][3] != "not_found" {
		t.Errorf("the item that is a formula: %q", lines[4])
	}
	for _, line := range lines {
		for _, cell := range line {
			if cell != "" && strings.ContainsRune("=+@", rune(cell[0])) {
				t.Errorf("a cell is a formula: %q", cell)
			}
		}
	}
}

func TestJUnit(t *testing.T) {
	t.Parallel()
	var suites struct {
		Tests    int `xml:"tests,attr"`
		Failures int `xml:"failures,attr"`
		Suites   []struct {
			Name  string `xml:"name,attr"`
			Cases []struct {
				Name    string `xml:"name,attr"`
				Failure *struct {
					Type    string `xml:"type,attr"`
					Message string `xml:"message,attr"`
				} `xml:"failure"`
			} `xml:"testcase"`
		} `xml:"testsuite"`
	}
	check(t, xml.Unmarshal([]byte(rendered(t, "junit")), &suites))
	if suites.Tests != 60 || suites.Failures != 6 || len(suites.Suites) != 1 || len(suites.Suites[0].Cases) != 60 {
		t.Fatalf("%+v", suites)
	}
	failed := 0
	for i, c := range suites.Suites[0].Cases {
		if i < len(hostile) && c.Name != console.Clean(hostile[i]) && c.Name != strings.TrimSpace(console.Clean(hostile[i])) {
			t.Errorf("%q became %q", hostile[i], c.Name)
		}
		if c.Failure != nil {
			failed++
			if c.Failure.Type != "not_found" || c.Failure.Message == "" {
				t.Errorf("%+v", c.Failure)
			}
		}
	}
	if failed != 6 {
		t.Errorf("%d cases failed", failed)
	}
}

// In Markdown all that a site has sent stands in code spans.
func TestMarkdown(t *testing.T) {
	t.Parallel()
	text := rendered(t, "md")
	for _, want := range []string{"54 of 60 done, 6 failed", "Next: `pipe run specs/inventory.yaml --retry-failed`", "- where: `specs/inventory.yaml:40:7`: `- wait: ", "| place | 60 |"} {
		if !strings.Contains(text, want) {
			t.Errorf("there is no %q in\n%s", want, text)
		}
	}
	for _, line := range strings.Split(text, "\n") {
		outside := outsideCode(line)
		if strings.ContainsAny(outside, "<>") || strings.Contains(outside, "](") || strings.Contains(outside, "**") {
			t.Errorf("there is markup in %q", line)
		}
	}
}

var fence = regexp.MustCompile("`+")

// outsideCode is a line of Markdown without its code spans.
func outsideCode(line string) string {
	rest := ""
	for {
		open := fence.FindStringIndex(line)
		if open == nil {
			return rest + line
		}
		rest += line[:open[0]]
		mark := line[open[0]:open[1]]
		line = line[open[1]:]
		for _, end := range fence.FindAllStringIndex(line, -1) {
			if line[end[0]:end[1]] == mark {
				line, mark = line[end[1]:], ""
				break
			}
		}
		if mark != "" { // it opens nothing
			rest += mark
		}
	}
}

// What does not fit into a page is left out, that which is done first, and is said.
func TestPageIsBounded(t *testing.T) {
	t.Parallel()
	var page bytes.Buffer
	check(t, render.Write(&page, sample(400_000), "html", render.Options{Words: "x.yaml", Now: began}))
	if page.Len() > 15<<20 {
		t.Errorf("the page has %d bytes", page.Len())
	}
	said := regexp.MustCompile(`\d+ items are not in this table, which would be too large for a page: .pipe export items x.yaml. has all`)
	if !said.Match(page.Bytes()) {
		t.Error("it does not say that items are left out")
	}
}

// An error on the way is an error of the report.
func TestFailedReading(t *testing.T) {
	t.Parallel()
	gone := errors.New("the ledger is gone")
	for _, format := range render.Formats() {
		if format == "md" { // lists no items
			continue
		}
		r := sample(20)
		r.Items = func(pipeline.Status) iter.Seq2[summary.Item, error] {
			return func(yield func(summary.Item, error) bool) { yield(summary.Item{}, gone) }
		}
		if err := render.Write(io.Discard, r, format, render.Options{Now: began}); !errors.Is(err, gone) {
			t.Errorf("%s: %v", format, err)
		}
	}
}
