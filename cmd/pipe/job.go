package main

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"os"
	"path/filepath"
	"pipe/pipeline"
	"pipe/pipeline/artifact"
	"pipe/pipeline/browser"
	"pipe/pipeline/ledger"
	"pipe/pipeline/provision"
	"pipe/pipeline/report/console"
	"pipe/pipeline/report/snapshot"
	"pipe/pipeline/source"
	"pipe/specs"
	"time"

	"github.com/gofrs/flock"
)

// execution is one `pipe run`: everything that the engine is wired to.
type execution struct {
	flags   runFlags
	io      streams
	spec    *specs.Spec
	secrets *specs.Secrets
	dir     string
	view    console.View
	log     *slog.Logger
	ledger  *ledger.Ledger
	store   *artifact.Store
	// closers undo what was opened, the last first.
	closers []func() error
}

// closeLimit bounds the closing of the browser at the end of a run.
const closeLimit = 30 * time.Second

// runSpec runs a spec. The error carries the exit code.
func runSpec(ctx context.Context, path string, f runFlags, io streams) error {
	spec, secrets, err := f.load(path)
	if err != nil {
		return tellFaults(err, secrets)
	}
	if err := f.apply(spec); err != nil {
		return err
	}
	x := &execution{flags: f, io: io, spec: spec, secrets: secrets}
	err = x.run(ctx)
	for i := len(x.closers) - 1; i >= 0; i-- {
		if failed := x.closers[i](); failed != nil {
			fmt.Fprintf(io.err, "pipe: %s\n", secrets.Redact(failed.Error()))
		}
	}
	if err != nil && codeOf(err) == ExitSpec && !isSpecFault(err) {
		err = exit(ExitEnvironment, err)
	}
	return redactError(err, secrets)
}

func (x *execution) run(ctx context.Context) error {
	if err := x.openFolder(ctx); err != nil {
		return err
	}
	began := time.Now()
	ctx, stop, done := interrupts(ctx, func(line string) {
		x.view.Observe(pipeline.Event{Time: time.Now(), Kind: pipeline.Stopping, Reason: line})
	})
	defer done()
	x.store.Warm()
	pages, err := x.launch(ctx, stop)
	if err != nil {
		return err
	}
	shots, err := x.snapshots()
	if err != nil {
		return err
	}
	writing, end := context.WithCancel(ctx)
	written := make(chan struct{})
	go func() { defer close(written); shots.Run(writing) }()
	result, failed := pipeline.Run(ctx, pipeline.Config{
		Spec: x.spec, Ledger: x.ledger, Store: x.store, Pages: pages, ReadCSV: readCSV, Observer: x.view,
		Redact: x.secrets.Redact, Dir: x.dir, Limit: x.flags.limit, Only: x.flags.only, Stop: stop, Log: x.log,
	})
	end()
	<-written
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeLimit)
	defer cancel()
	closed := pages.Close(last)
	if closed != nil {
		x.log.Warn("the browser did not close well", "error", closed)
	}
	failed = errors.Join(failed, shots.Write(last))
	return x.report(last, result, failed, time.Since(began))
}

// openFolder opens the output folder, which one run has at a time.
func (x *execution) openFolder(ctx context.Context) error {
	var err error
	if x.dir, err = outFolder(x.flags.out, x.spec); err != nil {
		return err
	}
	if err := os.MkdirAll(x.dir, 0o755); err != nil { //nolint:gosec // the folder is the user's to share
		return fmt.Errorf("making the output folder: %w", err)
	}
	lock := flock.New(filepath.Join(x.dir, ".lock"))
	locked, err := lock.TryLock()
	if err != nil {
		return fmt.Errorf("locking the output folder: %w", err)
	}
	if !locked {
		return fmt.Errorf("another run is at work in %s: let it end, or give this one another folder by --out", x.dir)
	}
	x.closers = append(x.closers, lock.Unlock)
	if x.store, err = artifact.Open(x.dir, artifact.Options{}); err != nil {
		return err
	}
	x.closers = append(x.closers, x.store.Close)
	if x.ledger, err = ledger.Open(ctx, ledgerPath(x.dir)); err != nil {
		return err
	}
	x.closers = append(x.closers, x.ledger.Close)
	if x.flags.retryFailed {
		if _, err := x.ledger.RetryFailed(ctx); err != nil {
			return err
		}
	}
	x.openView()
	return nil
}

// openView chooses how the run is shown.
func (x *execution) openView() {
	opts := console.Options{Version: version()}
	f, terminal := x.io.terminal()
	switch {
	case x.flags.json:
		x.view = console.JSON(x.io.out)
	case terminal:
		x.view = console.Live(x.io.in, f, opts)
	default:
		x.view = console.Plain(x.io.out, opts)
	}
	x.closers = append(x.closers, x.closeView)
	level := slog.LevelInfo
	if x.flags.verbose {
		level = slog.LevelDebug
	}
	to, how := redacted{x.view.Log(), x.secrets}, &slog.HandlerOptions{Level: level}
	if x.flags.json {
		x.log = slog.New(slog.NewJSONHandler(to, how))
	} else {
		x.log = slog.New(slog.NewTextHandler(to, how))
	}
}

func (x *execution) closeView() error {
	if x.view == nil {
		return nil
	}
	v := x.view
	x.view = nil
	return v.Close()
}

// launch gets the browser going.
func (x *execution) launch(ctx context.Context, stop <-chan struct{}) (*browser.Pool, error) {
	// Nothing is in hand yet: the first interrupt stops this.
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		select {
		case <-stop:
			cancel()
		case <-ctx.Done():
		}
	}()
	pages, err := x.open(ctx)
	if err != nil && ctx.Err() != nil {
		return nil, exit(ExitInterrupted, errors.New("interrupted before the first item"))
	}
	return pages, err
}

func (x *execution) open(ctx context.Context) (*browser.Pool, error) {
	spec := x.spec
	path, err := spec.Browser.Path.Text(spec.Values)
	if err != nil {
		return nil, exit(ExitSpec, err)
	}
	base, err := spec.BaseURL.Text(spec.Values)
	if err != nil {
		return nil, exit(ExitSpec, err)
	}
	rt, err := provision.Ensure(ctx, provision.Options{
		Browser: path, Headed: spec.Browser.Headed, Say: x.say,
	})
	if err != nil {
		return nil, err
	}
	if spec.Browser.Headed && rt.Shell {
		return nil, fmt.Errorf("%s has no windows: name a chromium or chrome for --headed", rt.Browser)
	}
	x.log.Debug("browser", "path", rt.Browser, "version", rt.BrowserVersion, "driver", rt.DriverDir)
	accounts := 0
	if spec.Login != nil {
		accounts = len(spec.Login.Accounts)
	}
	return browser.Launch(ctx, browser.Options{
		DriverDir: rt.DriverDir, Node: rt.Node, Browser: rt.Browser, Headed: spec.Browser.Headed, Args: spec.Browser.Args,
		Contexts: spec.Pool.Contexts, Pages: spec.Pool.Pages, Accounts: accounts, Block: spec.Pool.Block, BaseURL: base,
		Login: pipeline.Login(spec, filepath.Join(x.dir, "screenshots")), Lost: pipeline.Lost(spec), OnLogin: x.loggedIn,
		Downloads: filepath.Join(x.dir, ".staging"), CloseLimit: spec.Timeouts.Close.Std(), Log: x.log,
	})
}

// say tells the person who waits what is being installed.
func (x *execution) say(line string) {
	if x.flags.json {
		x.log.Info(line)
		return
	}
	fmt.Fprintln(x.view.Log(), line)
}

func (x *execution) loggedIn(session string, account int) {
	x.view.Observe(pipeline.Event{Time: time.Now(), Kind: pipeline.LoggedIn, Worker: session, Account: fmt.Sprint(account + 1)})
}

func (x *execution) snapshots() (*snapshot.Writer, error) {
	var files []snapshot.RecordFile
	for _, to := range x.spec.Record.To {
		files = append(files, snapshot.RecordFile{Path: to, Format: snapshot.Format(filepath.Ext(to)[1:])})
	}
	return snapshot.New(x.ledger, snapshot.Options{Dir: x.dir, Spec: x.spec.Name, Records: files, Log: x.log})
}

// readCSV reads a file as the engine wants it.
func readCSV(ctx context.Context, path string, delimiter rune) iter.Seq2[pipeline.Row, error] {
	return func(yield func(pipeline.Row, error) bool) {
		f, err := os.Open(filepath.Clean(path))
		if err != nil {
			yield(pipeline.Row{}, err)
			return
		}
		defer func() { _ = f.Close() }()
		for row, err := range source.CSV(ctx, f, source.CSVOptions{Delimiter: delimiter}) {
			var bad *source.RowError
			if errors.As(err, &bad) {
				err = &pipeline.RowError{Line: bad.Line, Reason: bad.Reason}
			}
			if !yield(pipeline.Row{Line: row.Line, Fields: row.Fields}, err) {
				return
			}
		}
	}
}
