package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"pipe/pipeline"
	"pipe/pipeline/artifact"
	"pipe/pipeline/engine"
	"pipe/pipeline/preview"
	"pipe/pipeline/provision"
	"pipe/pipeline/report/console"
	"pipe/pipeline/source/file"
	"pipe/specs"
	"pipe/specs/secret"
)

// SourceOptions are what `pipe source` takes.
type SourceOptions struct {
	SpecOptions
	Until, Shots     string
	Samples          int
	Headless, AsJSON bool
}

// ReadSource is `pipe source`: it reads the source alone and tells what it gives.
func ReadSource(ctx context.Context, path string, f SourceOptions, std Std) error {
	spec, secrets, err := f.Load(path)
	if err != nil {
		return RedactError(err, secrets)
	}
	if err := preview.CheckSourceUntil(spec, f.Until); err != nil {
		return Exit(ExitSpec, fmt.Errorf("--until: %w", err))
	}
	if f.Samples < 0 {
		return Exit(ExitSpec, errors.New("--samples cannot be negative"))
	}
	spec.Browser.Headed = spec.Source.OnSite() && !f.Headless && provision.Display() == nil
	return RedactError(untilInterrupted(ctx, func(ctx context.Context) error { return f.read(ctx, spec, secrets, std) }), secrets)
}

func (f SourceOptions) read(ctx context.Context, spec *specs.Spec, secrets *secret.Store, std Std) (err error) {
	cfg, done, err := sourceConfig(ctx, spec, secrets, std)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	report := stepPrinter(std.Out)
	if f.AsJSON {
		report = stepLines(std.Out)
	}
	cfg.Observer = sourceFound(func(what string) { report(preview.StepReport{Step: "source", Note: what}) })
	opts := preview.SourceOptions{Until: f.Until, Samples: f.Samples}
	if f.Shots != "" {
		opts.Picture = (&pictures{dir: f.Shots}).keep
	}
	result, err := preview.ReadSource(ctx, cfg, opts, report)
	if err != nil {
		return f.withLook(spec, err)
	}
	if f.AsJSON {
		err = json.NewEncoder(redacted{std.Out, secrets}).Encode(result)
	} else {
		printSourceResult(redacted{std.Out, secrets}, result)
	}
	switch {
	case err != nil:
		return Exit(ExitEnvironment, err)
	case result.Fault != nil:
		fmt.Fprintln(std.Err, faultText(*result.Fault, secrets.Redact))
		if words := f.lookWords(spec, result.Fault.Path, ""); words != "" {
			fmt.Fprintln(std.Err, "to see that page: "+words)
		}
		return Exit(ExitFailed, nil)
	case result.Bad > 0, result.Short != "", result.Items == 0 && !result.Reached:
		return Exit(ExitFailed, nil)
	default:
		return nil
	}
}

// sourceConfig is what reads a source, with a browser where the site has it.
func sourceConfig(ctx context.Context, spec *specs.Spec, secrets *secret.Store, std Std) (engine.Config, func() error, error) {
	own, err := OutFolder("", spec)
	if err != nil {
		return engine.Config{}, nil, err
	}
	if spec.Source.OnSite() {
		s, err := openSandbox(ctx, spec, secrets, "", own, std.Err)
		if err != nil {
			return engine.Config{}, nil, err
		}
		return s.config(), func() error { return s.close(ctx) }, nil
	}
	dir, err := os.MkdirTemp("", "pipe-*")
	if err != nil {
		return engine.Config{}, nil, Exit(ExitEnvironment, fmt.Errorf("making a folder: %w", err))
	}
	store, err := artifact.Open(ctx, dir, artifact.Options{})
	if err != nil {
		return engine.Config{}, nil, errors.Join(err, os.RemoveAll(dir))
	}
	cfg := engine.Config{Spec: spec, Store: store, ReadRows: file.Read, Redact: secrets.Redact, Dir: dir}
	return cfg, func() error { return errors.Join(store.Close(), os.RemoveAll(dir)) }, nil
}

// sourceFound is told what a source's file turned out to be: its format, its
// encoding, its columns.
type sourceFound func(what string)

// Observe tells it.
func (s sourceFound) Observe(e pipeline.Event) {
	if e.Kind == pipeline.SourceFound {
		s(e.Reason)
	}
}

// printSourceResult prints what a source gives.
func printSourceResult(to io.Writer, r preview.SourceResult) {
	switch {
	case r.Fault != nil:
		return
	case r.Reached:
		fmt.Fprintln(to, "ended before the rows, as --until says")
		return
	}
	fmt.Fprintf(to, "%s: %s, %d duplicates, %s\n", Count(r.Rows, "row"), Count(r.Items, "item"), r.Duplicates, Count(r.Bad, "bad row"))
	for _, bad := range r.BadRows {
		fmt.Fprintf(to, "  bad row: %s\n", console.Clean(bad))
	}
	if r.Short != "" {
		fmt.Fprintf(to, "SHORT LIST: %s\n", console.Clean(r.Short))
	}
	fmt.Fprintf(to, "%s:\n", Count(len(r.Columns), "column"))
	for _, c := range r.Columns {
		fmt.Fprintf(to, "  %s  filled in %d, the first: %s\n", console.Clean(c.Name), c.Filled, console.Clean(c.First))
	}
	for _, sample := range r.Samples {
		fmt.Fprintf(to, "%s\n", console.Clean(sample.Key))
		names := make([]string, 0, len(sample.Fields))
		for name := range sample.Fields {
			names = append(names, name)
		}
		slices.Sort(names)
		for _, name := range names {
			fmt.Fprintf(to, "  %s: %s\n", console.Clean(name), console.Clean(sample.Fields[name]))
		}
	}
}
