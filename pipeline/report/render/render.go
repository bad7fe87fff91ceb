// Package render writes a [summary.Report] as a page, as text, and as files for other
// programs. It reads the evidence that the page shows, and touches nothing else but the
// writer that it is given.
//
// What a site has sent is text in all of them: never markup, a formula, or what a
// terminal would obey.
package render

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"pipe/pipeline/report/summary"
)

// Options say what a report leads to.
type Options struct {
	// Dir is the output folder, in which evidence is read; "" reads none.
	Dir string
	// Messages reads what a page said from a folder of evidence; nil reads none.
	Messages func(folder string) []string
	// Root leads from where the page will be to the output folder, as "../"; "" is the
	// folder itself.
	Root string
	// Files leads from the output folder to the files, as "files/"; "" is nowhere.
	Files string
	// Words name the spec on a command line.
	Words string
	// Now is when the report is made; the zero value asks the clock.
	Now time.Time
}

// formats are those that there are.
var formats = map[string]func(io.Writer, *summary.Report, Options) error{
	"html": HTML, "md": Markdown, "json": JSON, "junit": JUnit, "csv": CSV,
}

// Formats names the formats, in their order.
func Formats() []string { return []string{"html", "md", "json", "junit", "csv"} }

// Write writes a report in a format.
func Write(w io.Writer, r *summary.Report, format string, o Options) error {
	write := formats[format]
	if write == nil || !slices.Contains(Formats(), format) {
		return fmt.Errorf("there is no format %q: it is one of %s", format, strings.Join(Formats(), ", "))
	}
	if o.Now.IsZero() {
		o.Now = time.Now()
	}
	if err := write(w, r, o); err != nil {
		return fmt.Errorf("writing the report as %s: %w", format, err)
	}
	return nil
}

// duration is a duration as a person says it.
func duration(d time.Duration) string {
	switch {
	case d >= time.Hour:
		return strings.TrimSuffix(fmt.Sprintf("%d h %d min", d/time.Hour, d%time.Hour/time.Minute), " 0 min")
	case d >= time.Minute:
		return strings.TrimSuffix(fmt.Sprintf("%d min %d s", d/time.Minute, d%time.Minute/time.Second), " 0 s")
	case d >= time.Second:
		return strings.TrimSuffix(fmt.Sprintf("%.1f", d.Seconds()), ".0") + " s"
	default:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	}
}

func milliseconds(n int64) string { return duration(time.Duration(n) * time.Millisecond) }
