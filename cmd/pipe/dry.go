package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"pipe/pipeline"
	"pipe/pipeline/ledger"
	"pipe/pipeline/preview"
	"pipe/specs"
)

// dryLimit is how many items a dry run walks.
const dryLimit = 3

// dryRun is `pipe run --dry-run`.
func dryRun(ctx context.Context, path string, f runFlags, io streams) error {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	spec, secrets, err := f.load(path)
	if err != nil {
		return redactError(err, secrets)
	}
	if err := f.apply(spec); err != nil {
		return err
	}
	if f.limit == 0 {
		f.limit = dryLimit
	}
	result, err := f.dry(ctx, spec, secrets, io)
	switch {
	case err != nil && ctx.Err() != nil:
		err = exit(ExitInterrupted, errors.New("interrupted"))
	case err != nil && codeOf(err) == ExitSpec && !isSpecFault(err):
		err = exit(ExitEnvironment, err)
	case err == nil && result.Unmatched:
		err = exit(ExitSpec, nil)
	case err == nil && (result.Failed > 0 || len(result.Faults) > 0):
		err = exit(ExitFailed, nil)
	}
	return redactError(err, secrets)
}

func (f runFlags) dry(ctx context.Context, spec *specs.Spec, secrets *specs.Secrets, io streams) (result preview.DryResult, err error) {
	dir, err := outFolder(f.out, spec)
	if err != nil {
		return result, err
	}
	var standings pipeline.Standings
	led, err := ledger.OpenReadOnly(ctx, ledgerPath(dir))
	switch {
	case err == nil:
		defer func() { _ = led.Close() }()
		standings = led
	case !errors.Is(err, fs.ErrNotExist):
		return result, exit(ExitEnvironment, err)
	}
	s, err := openScratch(ctx, spec, secrets, "", dir, io.err)
	if err != nil {
		return result, err
	}
	defer func() { err = errors.Join(err, s.close(ctx)) }()
	cfg := s.config()
	cfg.Limit, cfg.Only = f.limit, f.only
	tell := stepPrinter(io.out)
	if f.json {
		tell = stepLines(io.out)
	} else {
		fmt.Fprintf(io.out, "%s, a dry run: it only reads, and keeps nothing\n", spec.Name)
	}
	if result, err = preview.DryRun(ctx, cfg, standings, tell); err == nil {
		f.dryReport(spec, result, secrets, io)
	}
	return result, err
}

// dryReport sums a dry run up.
func (f runFlags) dryReport(spec *specs.Spec, result preview.DryResult, secrets *specs.Secrets, io streams) {
	if f.json {
		faults := []fault{}
		for _, one := range result.Faults {
			faults = append(faults, fault{File: one.File, Line: one.Line, Column: one.Col, Path: one.Path, Message: secrets.Redact(one.Message), Source: secrets.Redact(one.Excerpt())})
		}
		line, _ := json.Marshal(map[string]any{
			"dry_run": spec.Name, "items": result.Items, "failed": result.Failed, "done_before": result.Done, "unmatched": result.Unmatched, "faults": faults,
		})
		fmt.Fprintf(io.out, "%s\n", line)
		return
	}
	for _, one := range result.Faults {
		fmt.Fprintln(io.out, secrets.Redact(one.Render()))
	}
	fmt.Fprintf(io.out, "dry run: %s walked, %d failed, %s", count(result.Items, "item"), result.Failed, count(len(result.Faults), "fault"))
	if result.Done > 0 {
		fmt.Fprintf(io.out, "; %d passed over, which are done", result.Done)
	}
	fmt.Fprintln(io.out)
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
			fmt.Fprintf(to, "%s\n", item)
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
		fmt.Fprintln(to, line+"  "+told(r))
	}
}

// told is what became of a step, in words.
func told(r preview.StepReport) string {
	var parts []string
	for _, s := range r.Found {
		parts = append(parts, fmt.Sprintf("%s: %s", s.Target, count(s.Elements, "element")))
	}
	if r.Value != "" {
		parts = append(parts, "= "+r.Value)
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
