package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/sourcegraph/conc"

	"pipe/pipeline/engine"
	"pipe/pipeline/session"
	"pipe/pipeline/source/file"
	"pipe/specs"
	"pipe/specs/secret"
)

// specRun is one `pipe run`.
type specRun struct {
	flags   RunOptions
	spec    *specs.Spec
	secrets *secret.Store
	out     *output
	display *display
}

// closeLimit bounds the closing of the browser at the end of a run.
const closeLimit = 30 * time.Second

// RunSpec runs a spec. The error carries the exit code.
func RunSpec(ctx context.Context, path string, f RunOptions, std Std) error {
	spec, secrets, err := f.Load(path)
	if err != nil {
		return RedactError(err, secrets)
	}
	if err := f.apply(spec); err != nil {
		return err
	}
	out, err := openOutput(ctx, spec, f)
	r := specRun{flags: f, spec: spec, secrets: secrets, out: out}
	if err == nil {
		r.display = openDisplay(spec, f, secrets, std)
		out.closers = append(out.closers, r.display.close)
		if out.folder.alone {
			sweep(ctx, out.dir, r.display.log)
		}
	}
	if err = errors.Join(err, out.settle()); err == nil {
		err = r.run(ctx, std)
	}
	for _, failed := range out.close() {
		fmt.Fprintf(std.Err, "pipe: %s\n", secrets.Redact(failed.Error()))
	}
	return RedactError(err, secrets)
}

func (r specRun) run(ctx context.Context, std Std) error {
	began := time.Now()
	ctx, stop, done := interrupts(ctx, r.display.stopping)
	defer done()
	r.out.store.Warm()
	// What a killed run has not written. It is tried again at the end, and told then.
	if err := r.out.writeTables(ctx); err != nil {
		r.display.log.WarnContext(ctx, "the records' tables are behind", "error", err)
	}
	shots, err := snapshots(r.spec, r.out, r.display.log)
	if err != nil {
		return err
	}
	pages, err := r.launch(ctx, stop)
	if err != nil {
		return err
	}
	writing, end := context.WithCancel(ctx)
	var writer conc.WaitGroup
	writer.Go(func() { shots.Run(writing) })
	result, failed := engine.Run(ctx, engine.Config{
		Spec: r.spec, Ledger: r.out.ledger, Store: r.out.store, Pages: pages, ReadRows: file.Read, Observer: r.display.view,
		Redact: r.secrets.Redact, Dir: r.out.dir, Limit: r.flags.Limit, Only: r.flags.Only, AcceptShrink: r.flags.AcceptShrink, Stop: stop, Log: r.display.log,
		Shared: true, Join: !r.out.folder.alone, Exclusive: r.out.folder.exclusive,
	})
	end()
	writer.Wait()
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeLimit)
	defer cancel()
	closed := pages.Close(last)
	if closed != nil {
		r.display.log.Warn("the browser did not close well", "error", closed)
	}
	failed = errors.Join(failed, r.out.lastSnapshots(last, shots))
	report := runReport{spec: r.spec, out: r.out, secrets: r.secrets, std: std, json: r.flags.JSON, limit: r.flags.Limit}
	if err := r.display.close(); err != nil {
		return err
	}
	return report.print(last, result, failed, time.Since(began))
}

// launch gets the browser going.
func (r specRun) launch(ctx context.Context, stop <-chan struct{}) (*session.Pool, error) {
	// Nothing is in hand yet: the first interrupt stops this.
	var watch conc.WaitGroup
	defer watch.Wait()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	watch.Go(func() {
		select {
		case <-stop:
			cancel()
		case <-ctx.Done():
		}
	})
	pages, err := r.open(ctx)
	if err != nil && ctx.Err() != nil {
		return nil, Exit(ExitInterrupted, errors.New("interrupted before the first item"))
	}
	return pages, err
}

func (r specRun) open(ctx context.Context) (*session.Pool, error) {
	opts, err := launchOptions(ctx, r.spec, r.out.dir, r.display.log, r.display.say)
	if err != nil {
		return nil, err
	}
	opts.OnLogin, opts.OnRefused = r.display.loggedIn, r.display.givenUp
	if !r.out.folder.alone {
		opts.Browser.Processes = filepath.Join(r.out.dir, fmt.Sprintf(joinedFile, os.Getpid()))
	}
	return launchPool(ctx, opts)
}
