package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/sourcegraph/conc"

	"pipe/pipeline"
	"pipe/pipeline/artifact"
	"pipe/pipeline/engine"
	"pipe/pipeline/ledger"
	"pipe/pipeline/record/table"
	"pipe/pipeline/report/console"
	"pipe/pipeline/session"
	"pipe/pipeline/source"
	"pipe/pipeline/source/file"
	"pipe/specs"
	"pipe/specs/secret"
)

// execution is one `pipe run`: everything that the engine is wired to.
type execution struct {
	flags   RunOptions
	std     Std
	spec    *specs.Spec
	secrets *secret.Store
	dir     string
	folder  *folder
	view    console.View
	log     *slog.Logger
	ledger  *ledger.Ledger
	store   *artifact.Store
	tables  []*table.Writer
	// closers undo what was opened, the last first.
	closers []func() error
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
	x := &execution{flags: f, std: std, spec: spec, secrets: secrets}
	err = x.run(ctx)
	for i := len(x.closers) - 1; i >= 0; i-- {
		if failed := x.closers[i](); failed != nil {
			fmt.Fprintf(std.Err, "pipe: %s\n", secrets.Redact(failed.Error()))
		}
	}
	return RedactError(err, secrets)
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
	// What a killed run has not written. It is tried again at the end, and told then.
	if err := x.writeTables(ctx); err != nil {
		x.log.WarnContext(ctx, "the records' tables are behind", "error", err)
	}
	pages, err := x.launch(ctx, stop)
	if err != nil {
		return err
	}
	shots, err := x.snapshots()
	if err != nil {
		return err
	}
	writing, end := context.WithCancel(ctx)
	var writer conc.WaitGroup
	writer.Go(func() { shots.Run(writing) })
	result, failed := engine.Run(ctx, engine.Config{
		Spec: x.spec, Ledger: x.ledger, Store: x.store, Pages: pages, ReadRows: file.Read, Observer: x.view,
		Redact: x.secrets.Redact, Dir: x.dir, Limit: x.flags.Limit, Only: x.flags.Only, Stop: stop, Log: x.log,
		Shared: true, Join: !x.folder.alone, Exclusive: x.folder.exclusive,
	})
	end()
	writer.Wait()
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeLimit)
	defer cancel()
	closed := pages.Close(last)
	if closed != nil {
		x.log.Warn("the browser did not close well", "error", closed)
	}
	failed = errors.Join(failed, x.lastSnapshots(last, shots))
	return x.report(last, result, failed, time.Since(began))
}

// openFolder opens the output folder, which a run has alone unless others join.
func (x *execution) openFolder(ctx context.Context) error {
	var err error
	if x.dir, err = OutFolder(x.flags.Out, x.spec); err != nil {
		return err
	}
	if err := os.MkdirAll(x.dir, 0o755); err != nil { //nolint:gosec // the folder is the user's to share
		return fmt.Errorf("making the output folder: %w", err)
	}
	if x.folder, err = enter(ctx, x.dir, x.flags.Join); err != nil {
		return err
	}
	x.closers = append(x.closers, x.folder.leave)
	if err = x.openStores(ctx); err == nil {
		err = x.openTables(ctx)
	}
	if err == nil {
		x.openView()
		if x.folder.alone {
			x.sweep(ctx)
		}
	}
	return errors.Join(err, x.folder.settle())
}

// openStores opens what the folder holds, and clears up after runs that were
// killed, unless another is at work.
func (x *execution) openStores(ctx context.Context) error {
	var err error
	if x.store, err = openStore(ctx, x.dir, x.spec, artifact.Options{Shared: !x.folder.alone}); err != nil {
		return err
	}
	x.closers = append(x.closers, x.store.Close)
	if x.ledger, err = ledger.Open(ctx, LedgerPath(x.dir)); err != nil {
		return err
	}
	x.closers = append(x.closers, x.ledger.Close)
	if x.folder.alone {
		if err := x.ledger.CloseLost(ctx); err != nil {
			return err
		}
	}
	if len(x.flags.Again) > 0 {
		if err := x.ledger.Again(ctx, x.flags.Again); err != nil {
			return Exit(ExitSpec, err)
		}
	}
	if x.flags.RetryFailed {
		_, err = x.ledger.RetryFailed(ctx)
	}
	return err
}

// openView chooses how the run is shown.
func (x *execution) openView() {
	opts := console.Options{Version: Version()}
	f, terminal := x.std.terminal()
	switch {
	case x.flags.JSON:
		x.view = console.JSON(x.std.Out)
	case terminal && !readsInput(x.spec):
		x.view = console.Live(x.std.In, f, opts)
	default:
		x.view = console.Plain(x.std.Out, opts)
	}
	x.closers = append(x.closers, x.closeView)
	level := slog.LevelInfo
	if x.flags.Verbose {
		level = slog.LevelDebug
	}
	to, how := redacted{x.view.Log(), x.secrets}, &slog.HandlerOptions{Level: level}
	if x.flags.JSON {
		x.log = slog.New(slog.NewJSONHandler(to, how))
	} else {
		x.log = slog.New(slog.NewTextHandler(to, how))
	}
}

// readsInput tells whether standard input is the source, and so no keyboard.
func readsInput(spec *specs.Spec) bool {
	t, err := source.TableOf(spec)
	return err == nil && t.Path == "-"
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
func (x *execution) launch(ctx context.Context, stop <-chan struct{}) (*session.Pool, error) {
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
	pages, err := x.open(ctx)
	if err != nil && ctx.Err() != nil {
		return nil, Exit(ExitInterrupted, errors.New("interrupted before the first item"))
	}
	return pages, err
}

func (x *execution) open(ctx context.Context) (*session.Pool, error) {
	opts, err := launchOptions(ctx, x.spec, x.dir, x.log, x.say)
	if err != nil {
		return nil, err
	}
	opts.OnLogin, opts.OnRefused = x.loggedIn, x.givenUp
	if !x.folder.alone {
		opts.Browser.Processes = filepath.Join(x.dir, fmt.Sprintf(joinedFile, os.Getpid()))
	}
	return launchPool(ctx, opts)
}

// say tells the person who waits what is being installed.
func (x *execution) say(line string) {
	if x.flags.JSON {
		x.log.Info(line)
		return
	}
	fmt.Fprintln(x.view.Log(), line)
}

func (x *execution) loggedIn(session string, account int) {
	x.view.Observe(pipeline.Event{Time: time.Now(), Kind: pipeline.LoggedIn, Worker: session, Account: fmt.Sprint(account + 1)})
}

func (x *execution) givenUp(session string, account int, err error) {
	x.view.Observe(pipeline.Event{
		Time: time.Now(), Kind: pipeline.AccountGivenUp, Worker: session, Account: fmt.Sprint(account + 1), Reason: x.secrets.Redact(err.Error()),
	})
}
