package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"pipe/pipeline"
	"pipe/pipeline/report/console"
	"pipe/specs"
	"time"
)

// failedShown bounds the failed items that the final report is made from.
const failedShown = 10_000

// report prints the final report and gives the run's exit code as an error.
func (x *execution) report(ctx context.Context, result pipeline.Result, failed error, elapsed time.Duration) error {
	if err := x.closeView(); err != nil {
		return err
	}
	code := ExitDone
	switch {
	case failed != nil:
		code = codeOfRun(failed)
	case result.Interrupted:
		code = ExitInterrupted
	case result.Totals.Failed > 0:
		code = ExitFailed
	}
	if x.flags.json {
		return exit(code, failed)
	}
	runs, err := x.ledger.Runs(ctx)
	if err != nil {
		return err
	}
	final := console.Final{
		Spec: x.spec.Name, SpecPath: x.spec.File, Out: relative(x.dir), Totals: result.Totals,
		DoneNow: result.Done, FailedNow: result.Failed, Elapsed: elapsed,
	}
	if len(runs) > 0 {
		final.Run = runs[len(runs)-1]
		final.Reason = final.Run.Reason
	}
	for row, err := range x.ledger.Items(ctx, pipeline.Failed) {
		if err != nil {
			return err
		}
		if final.Failed = append(final.Failed, row); len(final.Failed) == failedShown {
			break
		}
	}
	_, final.Color = x.io.terminal()
	final.Color = final.Color && os.Getenv("NO_COLOR") == ""
	console.Report(x.io.out, final)
	return exit(code, nil)
}

// relative gives a path as a person at this folder would write it.
func relative(path string) string {
	here, err := os.Getwd()
	if err != nil {
		return path
	}
	short, err := filepath.Rel(here, path)
	if err != nil || len(short) > len(path) {
		return path
	}
	return short
}

// codeOfRun tells a wrong spec from everything else that stops a run.
func codeOfRun(err error) int {
	if isSpecFault(err) {
		return ExitSpec
	}
	return ExitEnvironment
}

func isSpecFault(err error) bool {
	var (
		faults specs.Faults
		eval   *specs.EvalError
		coded  *exitError
	)
	return errors.As(err, &faults) || errors.As(err, &eval) || errors.As(err, &coded) && coded.code == ExitSpec
}

// tellFaults keeps the faults' own form, which names file and line.
func tellFaults(err error, secrets *specs.Secrets) error { return redactError(err, secrets) }

// redactError takes the secrets out of an error's text.
func redactError(err error, secrets *specs.Secrets) error {
	if err == nil || errors.Is(err, errQuiet) && err.Error() == errQuiet.Error() {
		return err
	}
	return &exitError{codeOf(err), errors.New(secrets.Redact(err.Error()))}
}
