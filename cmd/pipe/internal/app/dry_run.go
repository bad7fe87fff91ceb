package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"pipe/pipeline"
	"pipe/pipeline/preview"
	"pipe/pipeline/report/console"
	"pipe/specs"
	"pipe/specs/document"
	"pipe/specs/secret"
)

// dryLimit is how many items a dry run walks.
const dryLimit = 3

// DryRun is `pipe run --dry-run`.
func DryRun(ctx context.Context, path string, f RunOptions, std Std) error {
	spec, secrets, err := f.Load(path)
	if err != nil {
		return RedactError(err, secrets)
	}
	if err := f.apply(spec); err != nil {
		return err
	}
	f.Only = append(f.Only, f.Items...)
	switch {
	case f.Limit == 0 && len(f.Only) > 0:
		f.Limit = len(f.Only)
	case f.Limit == 0:
		f.Limit = dryLimit
	}
	var result preview.DryResult
	err = untilInterrupted(ctx, func(ctx context.Context) (err error) {
		result, err = f.dry(ctx, spec, secrets, std)
		return err
	})
	var none *preview.NoItemError
	switch {
	case errors.As(err, &none):
		err = Exit(ExitSpec, err)
	case err == nil && result.Unmatched:
		err = Exit(ExitSpec, nil)
	case err == nil && (result.Failed+result.Bad > 0 || result.Short != "" || len(result.Faults) > 0):
		err = Exit(ExitFailed, nil)
	}
	return RedactError(err, secrets)
}

func (f RunOptions) dry(ctx context.Context, spec *specs.Spec, secrets *secret.Store, std Std) (result preview.DryResult, err error) {
	dir, err := OutFolder(f.Out, spec)
	if err != nil {
		return result, err
	}
	var standings pipeline.Standings
	led, err := readLedger(ctx, dir)
	if err != nil {
		return result, err
	}
	if led != nil {
		defer func() { _ = led.Close() }()
		standings = led
	}
	s, err := openSandbox(ctx, spec, secrets, "", dir, std.Err)
	if err != nil {
		return result, err
	}
	defer func() { err = errors.Join(err, s.close(ctx)) }()
	cfg := s.config()
	cfg.Limit, cfg.Only = f.Limit, f.Only
	report := stepPrinter(std.Out)
	if f.JSON {
		report = stepLines(std.Out)
	} else {
		fmt.Fprintf(std.Out, "%s, a dry run: it only reads, and keeps nothing\n", spec.Name)
	}
	cfg.Observer = sourceFound(func(what string) { report(preview.StepReport{Step: "source", Note: what}) })
	if result, err = preview.DryRun(ctx, cfg, standings, report); err == nil {
		f.dryReport(spec, result, secrets, std)
	}
	return result, err
}

// dryReport sums a dry run up.
func (f RunOptions) dryReport(spec *specs.Spec, result preview.DryResult, secrets *secret.Store, std Std) {
	if f.JSON {
		faults, warnings := faultsOf(result.Faults, secrets.Redact), faultsOf(result.Warnings, secrets.Redact)
		line, _ := json.Marshal(map[string]any{
			"dry_run": spec.Name, "rows": result.Rows, "items": result.Items, "failed": result.Failed, "done_before": result.Done, "unmatched": result.Unmatched, "faults": faults, "warnings": warnings,
			"bad_rows": result.Bad, "short_list": result.Short,
		})
		fmt.Fprintf(std.Out, "%s\n", line)
		return
	}
	for _, one := range result.Warnings {
		fmt.Fprintln(std.Out, faultText(asWarning(one), secrets.Redact))
	}
	for _, one := range result.Faults {
		fmt.Fprintln(std.Out, faultText(one, secrets.Redact))
	}
	fmt.Fprintf(std.Out, "dry run: %s, %s walked, %d failed, %s", Count(result.Rows, "row"), Count(result.Items, "item"), result.Failed, Count(len(result.Faults), "fault"))
	if len(result.Warnings) > 0 {
		fmt.Fprintf(std.Out, ", %s", Count(len(result.Warnings), "warning"))
	}
	if result.Bad > 0 {
		fmt.Fprintf(std.Out, ", %s", Count(result.Bad, "bad row"))
	}
	if result.Done > 0 {
		fmt.Fprintf(std.Out, "; %d passed over, which are done", result.Done)
	}
	fmt.Fprintln(std.Out)
	if result.Short != "" {
		fmt.Fprintf(std.Out, "SHORT LIST: %s\n", console.Clean(result.Short))
	}
}

// faultsOf gives faults for machines.
func faultsOf(all document.Faults, redact func(string) string) []fault {
	out := []fault{}
	for _, one := range all {
		out = append(out, fault{File: one.File, Line: one.Line, Column: one.Col, Path: one.Path, Message: redact(one.Message), Source: redact(one.Excerpt())})
	}
	return out
}

// stepLines tells steps as lines of JSON.
func stepLines(to io.Writer) func(preview.StepReport) {
	enc := json.NewEncoder(to)
	enc.SetEscapeHTML(false)
	return func(r preview.StepReport) { _ = enc.Encode(r) }
}

// stepPrinter tells steps as lines of text, under a line for each item.
func stepPrinter(to io.Writer) func(preview.StepReport) {
	item := ""
	return func(r preview.StepReport) {
		if r.Starts {
			return
		}
		if r.Item != item {
			item = r.Item
			fmt.Fprintf(to, "%s\n", console.Clean(item))
		}
		name := r.Step
		if r.Name != "" {
			name += fmt.Sprintf(" %q", r.Name)
		}
		line := "  " + name
		if r.At != "" {
			line += "  " + r.At
		}
		if r.Took > 0 {
			line += fmt.Sprintf("  %v", shortTime(r.Took))
		}
		fmt.Fprintln(to, console.Clean(line+"  "+outcome(r)))
	}
}

// outcome is what became of a step, in words.
func outcome(r preview.StepReport) string {
	var parts []string
	for _, s := range r.Found {
		parts = append(parts, fmt.Sprintf("%s: %s", s.Target, Count(s.Elements, "element")))
	}
	if r.Value != "" {
		parts = append(parts, "= "+r.Value)
	}
	if r.Warning != "" {
		parts = append(parts, "WARNING: "+r.Warning)
	}
	for _, text := range []string{r.Note, r.Picture} {
		if text != "" {
			parts = append(parts, text)
		}
	}
	if r.Error != "" {
		parts = append(parts, "FAILED: "+r.Error)
	}
	if len(parts) == 0 {
		return "ok"
	}
	return strings.Join(parts, "; ")
}
