package render

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"

	"pipe/pipeline/report/console"
)

// Suite is a group of test cases, as build servers show them.
type Suite struct {
	Name  string
	Took  time.Duration
	Cases []Case
}

// Case is a test case. It has failed where there are failures, the lines that say why;
// a skipped one was not reached.
type Case struct {
	Name     string
	Failures []string
	Skipped  bool
}

type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Skipped  int         `xml:"skipped,attr"`
	Time     string      `xml:"time,attr"`
	Cases    []junitCase `xml:"testcase"`
}

// JUnitTests writes test suites as the XML that build servers read.
func JUnitTests(w io.Writer, suites []Suite) error {
	var all junitSuites
	for _, s := range suites {
		suite := junitSuite{Name: console.Clean(s.Name), Tests: len(s.Cases), Time: inSeconds(s.Took)}
		for _, c := range s.Cases {
			one := junitCase{Name: console.Clean(c.Name), Class: suite.Name, Time: inSeconds(0)}
			switch {
			case c.Skipped:
				suite.Skipped++
				one.Skipped = &junitSkipped{"not reached"}
			case len(c.Failures) > 0:
				suite.Failures++
				one.Failure = &junitFailure{Type: "expectation", Message: console.Clean(flat(c.Failures[:min(len(c.Failures), 3)])), Text: console.CleanLines(strings.Join(c.Failures, "\n"))}
			}
			suite.Cases = append(suite.Cases, one)
		}
		all.Tests, all.Failures = all.Tests+suite.Tests, all.Failures+suite.Failures
		all.Suites = append(all.Suites, suite)
	}
	text, err := xml.MarshalIndent(all, "", "  ")
	if err != nil {
		return fmt.Errorf("writing the test results: %w", err)
	}
	_, err = fmt.Fprintf(w, "%s%s\n", xml.Header, text)
	return err
}

// flat are lines as one.
func flat(lines []string) string { return strings.Join(strings.Fields(strings.Join(lines, " ")), " ") }
