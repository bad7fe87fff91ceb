package app

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"pipe/pipeline/orderedjson"
	"pipe/pipeline/report/console"
	"pipe/pipeline/report/summary"
)

// failuresShown is what `pipe failures --json` tells.
type failuresShown struct {
	Spec    string          `json:"spec"`
	Run     int64           `json:"run"`
	Outcome string          `json:"outcome"`
	Failed  int             `json:"failed"`
	Stale   int             `json:"stale"`
	Causes  []summary.Cause `json:"causes"`
	// Evidence is that of logins and of the source.
	Evidence []summary.Evidence `json:"evidence"`
	Next     summary.Command    `json:"next"`
}

// Failures is `pipe failures`: it exits with ExitFailed when an item has failed.
func Failures(ctx context.Context, path string, f KeptOptions, std Std) error {
	return f.read(ctx, path, func(ctx context.Context, k *kept) error {
		k.opts.Brief = true
		r, err := summary.Make(ctx, k.ledger, k.opts)
		if err != nil {
			return err
		}
		shown := failuresShown{
			Spec: r.Spec, Run: r.Run.Number, Outcome: r.Outcome, Failed: r.Counts.Failed, Stale: r.Counts.Stale,
			Causes: r.Causes, Evidence: r.Evidence, Next: r.Next,
		}
		if f.AsJSON {
			err = writeQuietJSON(std, shown)
		} else {
			shown.print(std.Out, relative(k.dir))
		}
		if err == nil && r.Counts.Failed+r.Counts.Stale > 0 {
			err = Exit(ExitFailed, nil)
		}
		return err
	})
}

func (f failuresShown) print(w io.Writer, dir string) {
	fmt.Fprintf(w, "%s, run %d: %s\n", console.Clean(f.Spec), f.Run, f.Outcome)
	for _, c := range f.Causes {
		printCause(w, c, dir)
	}
	for _, e := range f.Evidence {
		fmt.Fprintf(w, "\n%s, %s: %s\n  evidence: %s\n", e.Of, e.Class, console.Clean(e.Reason), console.Clean(dir+"/"+e.Folder))
	}
	if len(f.Causes) > 1 && f.Next.Line != "" {
		fmt.Fprintf(w, "\nall of them: %s\n", f.Next.Line)
	}
}

func printCause(w io.Writer, c summary.Cause, dir string) {
	fmt.Fprintf(w, "\n%s, %s", Count(c.Items, "item"), c.Class)
	if c.Step != "" {
		fmt.Fprintf(w, " at %s", console.Clean(c.Step))
	}
	fmt.Fprintln(w)
	if c.Place != "" {
		fmt.Fprintf(w, "  %s", console.Clean(c.Place))
		if c.Line != "" {
			fmt.Fprintf(w, "  %s", console.Clean(strings.TrimSpace(c.Line)))
		}
		fmt.Fprintln(w)
	}
	fmt.Fprintf(w, "  %s", console.Clean(c.Reason))
	if c.Reasons > 1 {
		fmt.Fprintf(w, " (so for %s; %d reasons in all)", console.Clean(c.Sample), c.Reasons)
	}
	keys := console.Clean(strings.Join(c.Keys, " "))
	if more := c.Items - len(c.Keys); more > 0 {
		keys += fmt.Sprintf(" … and %d more", more)
	}
	fmt.Fprintf(w, "\n  %s\n", keys)
	if c.Evidence != nil {
		fmt.Fprintf(w, "  evidence: %s\n", console.Clean(dir+"/"+c.Evidence.Folder))
	}
	if c.Changed > 0 {
		fmt.Fprintf(w, "  the spec has changed since %s\n", failedOnes(c.Changed))
	}
	if c.Next.Line != "" {
		fmt.Fprintf(w, "  next: %s\n        %s\n", c.Next.Line, c.Next.Why)
	}
}

// failedOnes is so many of them that failed, in words.
func failedOnes(n int) string {
	if n == 1 {
		return "one of them failed"
	}
	return fmt.Sprintf("%d of them failed", n)
}

// writeQuietJSON prints a value as indented JSON, in which a terminal finds nothing to obey.
func writeQuietJSON(std Std, v any) error {
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return Exit(ExitEnvironment, fmt.Errorf("writing JSON: %w", err))
	}
	return WriteOutput(std, "", append(orderedjson.Quiet(text), '\n'))
}
