package render

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"pipe/pipeline/report/console"
	"pipe/pipeline/report/summary"
)

// Markdown writes the report as text for a message or a ticket: what came of the run,
// and each cause with its command. It lists no item that is done.
func Markdown(w io.Writer, r *summary.Report, o Options) error {
	out := bufio.NewWriter(w)
	zone := o.Now.Location()
	fmt.Fprintf(out, "# %s, run %d: %s\n\n", code(r.Spec), r.Run.Number, r.Outcome)
	fmt.Fprintf(out, "%s to %s, %s", r.Run.Started.In(zone).Format("2006-01-02 15:04:05"), r.Run.Ended.In(zone).Format("15:04:05 MST"), duration(r.Run.Elapsed()))
	if r.Run.PerMinute > 0 {
		fmt.Fprintf(out, ", %.1f items a minute", r.Run.PerMinute)
	}
	fmt.Fprintf(out, "; this run: %d done, %d skipped, %d failed in %d attempts.\n", r.Run.Done, r.Run.Skipped, r.Run.Failed, r.Run.Attempts)
	if r.Run.Reason != "" && r.Run.Reason != string(r.Run.State) {
		fmt.Fprintf(out, "\nIt ended so: %s\n", code(r.Run.Reason))
	}
	if r.Short != "" {
		fmt.Fprintf(out, "\nThe list is short: %s\n", code(r.Short))
	}
	command(out, "\nNext: ", r.Next)
	for i, c := range r.Causes {
		if i == 0 {
			fmt.Fprint(out, "\n## What failed\n")
		}
		markdownCause(out, c, o)
	}
	for i, c := range r.Skipped {
		if i == 0 {
			fmt.Fprint(out, "\n## What was skipped\n\n")
		}
		fmt.Fprintf(out, "- %d: %s (%s)\n", c.Items, code(c.Reason), keys(c))
	}
	for i, row := range r.Uncertain {
		if i == 0 {
			fmt.Fprint(out, "\n## Nobody knows whether the site has taken these\n\n")
		}
		fmt.Fprintf(out, "- %s\n", code(uncertain(row, zone)))
	}
	for i, row := range r.BadRows {
		if i == 0 {
			fmt.Fprintf(out, "\n## Rows that are no items: %d\n\n", r.Counts.Bad)
		}
		fmt.Fprintf(out, "- %s\n", code(row.String()))
	}
	markdownStages(out, r.Stages)
	return out.Flush()
}

func markdownCause(out io.Writer, c summary.Cause, o Options) {
	fmt.Fprintf(out, "\n### %d × %s", c.Items, c.Class)
	if c.Step != "" {
		fmt.Fprintf(out, " at %s", code(c.Step))
	}
	fmt.Fprint(out, "\n\n")
	if c.Place != "" {
		fmt.Fprintf(out, "- where: %s", code(c.Place))
		if c.Line != "" {
			fmt.Fprintf(out, ": %s", code(strings.TrimSpace(c.Line)))
		}
		fmt.Fprintln(out)
	}
	fmt.Fprintf(out, "- reason: %s\n- items: %s\n", code(c.Reason), keys(c))
	if c.Evidence != nil {
		fmt.Fprintf(out, "- evidence: %s\n", code(o.Root+c.Evidence.Folder))
	}
	if c.Changed > 0 {
		fmt.Fprintf(out, "- the spec has changed since %d of them failed\n", c.Changed)
	}
	command(out, "- next: ", c.Next)
}

func command(out io.Writer, before string, c summary.Command) {
	if c.Line != "" {
		fmt.Fprintf(out, "%s%s (%s)\n", before, code(c.Line), c.Why)
	}
}

func keys(c summary.Cause) string {
	all := make([]string, len(c.Keys))
	for i, key := range c.Keys {
		all[i] = code(key)
	}
	text := strings.Join(all, ", ")
	if more := c.Items - len(c.Keys); more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

func markdownStages(out io.Writer, stages []summary.Stage) {
	if len(stages) == 0 {
		return
	}
	fmt.Fprint(out, "\n## Time in each stage\n\n| stage | attempts | median | 90 % | most |\n|---|--:|--:|--:|--:|\n")
	for _, s := range stages {
		fmt.Fprintf(out, "| %s | %d | %s | %s | %s |\n", s.Name, s.Attempts, milliseconds(s.MedianMS), milliseconds(s.P90MS), milliseconds(s.MaxMS))
	}
}

// code makes a text a code span, in which nothing is markup: its fence is longer than
// any in it.
func code(text string) string {
	text = console.Clean(text)
	if text == "" {
		return "` `"
	}
	fence := "`"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	if strings.HasPrefix(text, "`") || strings.HasSuffix(text, "`") {
		text = " " + text + " "
	}
	return fence + text + fence
}
