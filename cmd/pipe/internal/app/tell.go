package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"pipe/pipeline"
	"pipe/pipeline/engine"
	"pipe/pipeline/report/console"
	"pipe/pipeline/report/notify"
	"pipe/specs"
	"pipe/specs/secret"
)

// checkNotify finds what is wrong with the addresses that a spec tells of its runs,
// whose values are known by now.
func checkNotify(spec *specs.Spec) ([]*notify.Target, error) {
	targets, err := notify.Targets(spec)
	if err != nil {
		return nil, Exit(ExitSpec, err)
	}
	return targets, nil
}

// teller tells the spec's people of a run, and what could not be told to the one who
// watches it.
type teller struct {
	notifier *notify.Notifier
	secrets  *secret.Store
	// display is nil until the run is shown.
	display *display
	std     Std

	result engine.Result
	failed error
	causes []pipeline.ReasonCount
}

// startTelling begins to follow a run.
func startTelling(ctx context.Context, spec *specs.Spec, secrets *secret.Store, targets []*notify.Target, out *output, d *display, std Std) *teller {
	t := &teller{secrets: secrets, display: d, std: std}
	t.notifier = notify.Start(ctx, spec, targets, notify.Options{Folder: out.dir, Redact: secrets.Redact, Warn: t.warn})
	if d != nil {
		d.also = append(d.also, t.notifier)
	}
	return t
}

func (t *teller) warn(text string) {
	if t.display != nil && !t.display.closed.Load() {
		t.display.log.Warn(text)
		return
	}
	fmt.Fprintf(t.std.Err, "pipe: warning: %s\n", console.CleanLines(text))
}

// ended notes what the run came to, while its ledger is open.
func (t *teller) ended(ctx context.Context, result engine.Result, failed error, out *output) {
	ctx, cancel := context.WithTimeout(ctx, reportLimit)
	defer cancel()
	t.result, t.failed = result, failed
	var err error
	if t.causes, err = out.ledger.FailureReasons(ctx); err != nil {
		t.warn(t.secrets.Redact(fmt.Sprintf("the causes of failures could not be read: %v", err)))
	}
}

// end tells of the run's end. err is that of the command.
func (t *teller) end(err error) {
	t.notifier.End(func(r *notify.Run) {
		r.ExitCode, r.Reason, r.Causes = CodeOf(err), "finished", t.causes
		r.Interrupted = r.ExitCode == ExitInterrupted
		if t.result.Run > 0 {
			r.Number, r.Totals = t.result.Run, t.result.Totals
			r.Done, r.Skipped, r.Failed = t.result.Done, t.result.Skipped, t.result.Failed
		}
		var stop *engine.StopError
		switch {
		case errors.As(t.failed, &stop) && stop.Drift != nil:
			r.Reason = t.secrets.Redact(stop.Error())
			r.Drift = r.Reason
		case t.failed != nil:
			r.Reason = t.secrets.Redact(t.failed.Error())
		case r.Interrupted:
			r.Reason = "interrupted"
		case err != nil && !errors.Is(err, ErrQuiet):
			r.Reason = t.secrets.Redact(err.Error())
		}
	})
}

// TestNotify is `pipe notify --test`: it sends each of the spec's targets a message, and
// says of each whether it went.
func TestNotify(ctx context.Context, path string, f SpecOptions, std Std) error {
	spec, secrets, err := f.Load(path)
	if err != nil {
		return RedactError(err, secrets)
	}
	targets, err := checkNotify(spec)
	if err != nil {
		return RedactError(err, secrets)
	}
	if len(targets) == 0 {
		return Exit(ExitSpec, fmt.Errorf("%s tells nobody: it has no notify", spec.File))
	}
	dir, err := OutFolder("", spec)
	if err != nil {
		return err
	}
	failed := 0
	err = untilInterrupted(ctx, func(ctx context.Context) error {
		for _, t := range targets {
			began := time.Now()
			if err := notify.SendTest(ctx, spec, t, notify.Options{Folder: dir, Redact: secrets.Redact}); err != nil {
				failed++
				fmt.Fprintf(std.Out, "%s: not sent: %s\n", t.Name(), console.CleanLines(secrets.Redact(err.Error())))
				continue
			}
			fmt.Fprintf(std.Out, "%s: sent in %s\n", t.Name(), time.Since(began).Round(10*time.Millisecond))
		}
		return ctx.Err()
	})
	if err == nil && failed > 0 {
		return Exit(ExitEnvironment, nil)
	}
	return err
}
