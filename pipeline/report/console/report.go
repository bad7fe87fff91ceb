package console

import (
	"fmt"
	"io"
	"slices"
	"time"

	"pipe/pipeline"
	"pipe/pipeline/report/summary"
)

// Final is what the report at the end is made of.
type Final struct {
	// Spec is the spec's name, SpecPath its file, Out the output folder.
	Spec, SpecPath, Out string
	Run                 pipeline.RunRow
	Totals              pipeline.Totals
	// DoneNow, SkippedNow and FailedNow count the items that this run settled.
	DoneNow, SkippedNow, FailedNow int
	// Failed are the failed items, of all runs.
	Failed []pipeline.ItemRow
	// Changed counts the failed items that failed under the spec as it was.
	Changed int
	// Skipped are the skipped items, of all runs.
	Skipped []pipeline.ItemRow
	// Stale are the done items that could not be done again.
	Stale []pipeline.ItemRow
	// Uncertain are steps that somebody has to look after.
	Uncertain Uncertain
	// BadRows are the first rows of the source that are no items, Short what is
	// wrong with the length of the list.
	BadRows []pipeline.RejectedRow
	Short   string
	// Doubted are items that are to be done again: a guest may have been served with
	// them.
	Doubted []string
	Elapsed time.Duration
	// Met tells of what may show at any moment how often it was dealt with.
	Met []string
	// Evidence is the folder of what this run has kept of failures, of which there are
	// EvidenceOf.
	Evidence   string
	EvidenceOf int
	// Limit is the most items that this run was to do, 0 for all.
	Limit int
	// Reason is how the run ended: finished, interrupted, or an error.
	Reason string
	// Notes are lines that explain the reason.
	Notes []string
	// Color marks the outcome in colour.
	Color bool
}

// rowsShown is how many bad rows are named.
const rowsShown = 20

// keysShown is how many keys stand behind each reason.
const keysShown = 10

// Report prints the final report.
func Report(w io.Writer, f Final) {
	t := f.Totals
	fmt.Fprintf(w, "\n%s\n", f.outcome())
	for _, note := range f.Notes {
		fmt.Fprintf(w, "    %s\n", Clean(note))
	}
	fmt.Fprintf(w, "  %s\n", t)
	if settled := f.DoneNow + f.SkippedNow + f.FailedNow; settled > 0 {
		fmt.Fprintf(w, "  this run: %d done, %s%d failed, in %s (%.1f a minute)\n", f.DoneNow, skipped(f.SkippedNow), f.FailedNow, short(f.Elapsed), float64(settled)/f.Elapsed.Minutes())
	} else {
		fmt.Fprintf(w, "  this run: nothing to do, in %s\n", short(f.Elapsed))
	}
	for _, met := range f.Met {
		fmt.Fprintf(w, "  %s\n", Clean(met))
	}
	fmt.Fprintf(w, "  output: %s\n", f.Out)
	if f.EvidenceOf > 0 {
		fmt.Fprintf(w, "  evidence of failures: %s, %d kept\n", f.Evidence, f.EvidenceOf)
	}
	listed(w, "skipped", f.Skipped)
	listed(w, "failed", f.Failed)
	listed(w, "done before and not again, their old files and records stand:", f.Stale)
	f.Uncertain.Print(w, "  ")
	if len(f.Doubted) > 0 {
		fmt.Fprintf(w, "  in doubt, as the session was gone without a sign after them, and to be done again: %s\n", named(f.Doubted, len(f.Doubted)))
	}
	badRows(w, f)
	if next := f.next(); next != "" {
		fmt.Fprintf(w, "  next: %s\n", next)
	}
}

func (f Final) outcome() string {
	t := f.Totals
	text := fmt.Sprintf("%d of %d done", t.Done, t.In-t.Duplicates)
	if t.Skipped > 0 {
		text += fmt.Sprintf(", %d skipped", t.Skipped)
	}
	if t.Bad > 0 {
		text += ", " + bad(t.Bad)
	}
	color := "32"
	switch {
	case f.Reason == "interrupted":
		text, color = "interrupted: "+text, "33"
	case f.Reason != "finished":
		text, color = "stopped: "+text+"\n  "+Clean(f.Reason), "31"
	case t.Failed+t.Stale+t.Bad+len(f.Doubted) > 0, f.Short != "":
		color = "31"
	case t.Left() > 0:
		color = "33"
	}
	text = Clean(f.Spec) + ": " + text
	if f.Color {
		return "\x1b[1;" + color + "m" + text + "\x1b[0m"
	}
	return text
}

// bad is how many rows are no items, in words.
func bad(n int) string {
	if n == 1 {
		return "1 bad row"
	}
	return fmt.Sprintf("%d bad rows", n)
}

// badRows prints the rows that are no items, and what is wrong with the list.
func badRows(w io.Writer, f Final) {
	if f.Totals.Bad > 0 {
		fmt.Fprintf(w, "  %s:\n", bad(f.Totals.Bad))
	}
	shown := f.BadRows[:min(len(f.BadRows), rowsShown)]
	for _, row := range shown {
		fmt.Fprintf(w, "    %s\n", Clean(row.String()))
	}
	if more := f.Totals.Bad - len(shown); f.Totals.Bad > 0 && more > 0 {
		fmt.Fprintf(w, "    … and %d more: the log has all of them\n", more)
	}
	if f.Short != "" {
		fmt.Fprintf(w, "  SHORT LIST: %s\n", Clean(f.Short))
	}
}

// classed is a failure's class in a line; what was skipped has none.
func classed(class pipeline.Class) string {
	if class == "" {
		return ""
	}
	return ", " + string(class)
}

func (f Final) next() string {
	switch {
	case f.Reason == "interrupted":
		return "the same command goes on where this one stopped"
	case f.Reason != "finished":
		return "put that right, then the same command goes on where this one stopped"
	case f.Totals.Failed > 0 && !slices.ContainsFunc(f.Failed, func(row pipeline.ItemRow) bool { return row.Class != pipeline.Uncertain }):
		return "say of those that are uncertain whether they are done, as above"
	case f.Totals.Failed > 0:
		next := summary.Commands{Spec: f.SpecPath}.Retry()
		if f.Changed > 0 {
			next += fmt.Sprintf(", as the spec has changed since %d of them failed", f.Changed)
		}
		return next
	case f.Totals.Left() > 0:
		return fmt.Sprintf("pipe run %s does the %d that are left", f.SpecPath, f.Totals.Left())
	case f.Totals.Stale > 0:
		return fmt.Sprintf("pipe run %s tries them again", f.SpecPath)
	case f.Limit > 0:
		return fmt.Sprintf("this run was to do %d at most (--limit); pipe run %s does what else the source has", f.Limit, f.SpecPath)
	case f.Totals.Bad > 0:
		return fmt.Sprintf("put the bad rows right in the source, then pipe run %s does them", f.SpecPath)
	default:
		return ""
	}
}
