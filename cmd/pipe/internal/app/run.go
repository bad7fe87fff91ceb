package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/playwright-community/playwright-go"
	"github.com/sourcegraph/conc"

	"pipe/pipeline"
	"pipe/pipeline/engine"
	"pipe/pipeline/evidence"
	"pipe/pipeline/report/console"
	"pipe/pipeline/report/snapshot"
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
	// evidence keeps what there is to see of failures.
	evidence *evidence.Taker
	// elements keeps what is known of those that targets lead to.
	elements *pipeline.Elements
	// heals is what mends targets meanwhile; nil for a spec that does not want it.
	heals *runHealing
	told  *teller
	steer steering
	// finishBy watches over the time when the run is to end; nil for none.
	finishBy *finishBy
}

const (
	// snapshotsLimit bounds the last write of the reports, record files and tables,
	// reportLimit the making of the final report.
	snapshotsLimit = 5 * time.Minute
	reportLimit    = 30 * time.Second
)

// RunSpec runs a spec. The error carries the exit code.
func RunSpec(ctx context.Context, path string, f RunOptions, std Std) error {
	spec, secrets, err := f.Load(path)
	if err != nil {
		return RedactError(err, secrets)
	}
	r := specRun{flags: f, spec: spec, secrets: secrets, steer: newSteering()}
	if err := r.apply(time.Now()); err != nil {
		return err
	}
	targets, err := checkNotify(spec)
	if err != nil {
		return RedactError(err, secrets)
	}
	control, err := r.flags.openControl(ctx, spec, std)
	if err != nil {
		return err
	}
	defer control.close()
	out, err := openOutput(ctx, spec, secrets, r.flags)
	r.out = out
	if err == nil {
		r.display = openDisplay(spec, f, secrets, r.steer, std)
		out.closers = append(out.closers, r.display.close)
		// The terminal is given back whatever happens.
		defer func() { _ = r.display.close() }()
		r.evidence = evidence.New(evidence.Options{Dir: out.dir, Bounds: spec.Evidence, Ledger: out.ledger, Secrets: secrets, Log: r.display.log, Trace: f.Trace})
		r.elements = pipeline.NewElements(out.ledger, secrets.Redact, r.display.log.WarnContext)
		if out.folder.alone {
			sweep(ctx, out.dir, r.display.log)
			if left := evidence.Sweep(ctx, out.dir, out.ledger); left != nil {
				r.display.log.Warn("what a run that died has left could not be removed", "error", left)
			}
		}
	}
	if err == nil {
		r.heals, err = r.openHealing(ctx, path)
	}
	r.told = startTelling(ctx, spec, secrets, targets, out, r.display, std)
	if err == nil {
		err = errors.Join(r.serveMetrics(ctx), r.sendTraces(ctx))
	}
	if err = errors.Join(err, out.settle()); err == nil {
		control.follow(r.steer)
		err = r.runShown(ctx, path, std)
	}
	for _, failed := range out.close() {
		fmt.Fprintf(std.Err, "pipe: %s\n", console.CleanLines(secrets.Redact(failed.Error())))
	}
	r.told.end(err)
	return RedactError(err, secrets)
}

// apply puts the flags over the spec.
func (r *specRun) apply(now time.Time) error {
	own := r.spec.Pool
	if err := r.flags.apply(r.spec); err != nil || r.flags.FinishBy == "" {
		return err
	}
	by, err := parseFinishBy(r.flags.FinishBy, now)
	r.finishBy = &finishBy{by: by, control: r.steer.control, most: roomToSpeedUp(&r.spec.Pool, own, r.steer.control)}
	return err
}

// observer is told what the run tells. What runs beside it ends with the context.
func (r specRun) observer(ctx context.Context, stop <-chan struct{}, beside *conc.WaitGroup) pipeline.Observer {
	if r.finishBy == nil {
		return r.display
	}
	r.finishBy.next, r.finishBy.stop = r.display, stop
	beside.Go(func() { r.finishBy.run(ctx) })
	return r.finishBy
}

// runShown runs it with its pages served, if they are to be.
func (r specRun) runShown(ctx context.Context, path string, std Std) error {
	pages, err := r.openPages(ctx, path)
	if err != nil {
		return err
	}
	return errors.Join(r.run(ctx, std), pages.close(context.WithoutCancel(ctx)))
}

func (r specRun) run(ctx context.Context, std Std) error {
	began := time.Now()
	ctx, stop, done := interrupts(ctx, r.steer.stops, r.display.stopping)
	defer done()
	r.out.store.Warm()
	shots, pages, err := r.begin(ctx, stop)
	if err != nil {
		return err
	}
	writing, end := context.WithCancel(ctx)
	var beside conc.WaitGroup
	beside.Go(func() { shots.Run(writing) })
	first := firstBrowser{pages: pages}
	result, failed := engine.Run(ctx, engine.Config{
		Spec: r.spec, Ledger: r.out.ledger, Store: r.out.store, Pages: pages, Started: first.started, ReadRows: file.Read, Digest: file.Digest, Observer: r.observer(writing, stop, &beside), Evidence: r.evidence, Elements: r.elements, Configure: r.elements.Watch, Healing: r.heals.healing(),
		Redact: r.secrets.Redact, Dir: r.out.dir, Limit: r.flags.Limit, Only: r.flags.Only, AcceptShrink: r.flags.AcceptShrink, Stop: stop, Log: r.display.log,
		Shared: true, Join: !r.out.folder.alone, Exclusive: r.out.folder.exclusive, Control: r.steer.control,
	})
	end()
	beside.Wait()
	// What comes last is done whatever the context says, and each in its own time.
	last := context.WithoutCancel(ctx)
	if closed := pages.Close(last); closed != nil {
		r.display.log.Warn("the browser did not close well", "error", closed)
	}
	failed = errors.Join(failed, r.lastReports(last, shots))
	r.told.ended(last, result, failed, r.out)
	if never := first.never(result); never != nil {
		return never
	}
	report := runReport{spec: r.spec, words: r.flags.words(r.spec, r.out.dir), out: r.out, secrets: r.secrets, std: std, json: r.flags.JSON, limit: r.flags.Limit, met: append(pages.Met(), r.heals.report(r.flags.words(r.spec, r.out.dir))...)}
	// Whoever read the output may have gone away: what the run came to stands.
	closed := r.display.close()
	if errors.Is(closed, syscall.EPIPE) {
		closed = nil
	}
	return cmp.Or(report.print(last, result, failed, time.Since(began)), closed)
}

// untilStopped does what comes before the first item: nothing is in hand yet, and
// the first interrupt ends it.
func untilStopped(ctx context.Context, stop <-chan struct{}, do func(context.Context) error) error {
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
	err := do(ctx)
	if err != nil && ctx.Err() != nil {
		return errEarly
	}
	return err
}

// firstBrowser is what becomes of the browser that the run starts with.
type firstBrowser struct {
	pages  *session.Pool
	there  bool
	failed error
}

func (b *firstBrowser) started(ctx context.Context) error {
	err := b.pages.Started(ctx)
	if b.there = err == nil; !b.there && ctx.Err() == nil {
		b.failed = err
	}
	return err
}

// never is the error of a run that has ended without a browser: nothing was begun.
func (b *firstBrowser) never(result engine.Result) error {
	switch {
	case b.there:
		return nil
	case result.Interrupted:
		return errEarly
	default:
		return b.failed
	}
}

// errEarly is the end of a run that was interrupted before it could begin anything.
var errEarly = Exit(ExitInterrupted, errors.New("interrupted before the first item"))

// begin begins to start the browser, which goes on while the source is read, and makes up
// for what a killed run has not written.
func (r specRun) begin(ctx context.Context, stop <-chan struct{}) (*snapshot.Writer, *session.Pool, error) {
	// Before there is a browser to be left running.
	shots, err := snapshots(r.spec, r.out, r.display.log)
	if err != nil {
		return nil, nil, Exit(ExitSpec, err)
	}
	var opts session.Options
	err = untilStopped(ctx, stop, func(ctx context.Context) (err error) {
		opts, err = r.options(ctx, stop)
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	pages, err := session.Start(ctx, opts)
	if err != nil {
		return nil, nil, err
	}
	err = untilStopped(ctx, stop, func(ctx context.Context) error {
		// It is tried again at the end, and told then.
		if err := r.out.writeTables(ctx); err != nil {
			r.display.log.WarnContext(ctx, "the records' tables are behind", "error", err)
		}
		return ctx.Err()
	})
	if err != nil {
		return nil, nil, errors.Join(err, pages.Close(context.WithoutCancel(ctx)))
	}
	return shots, pages, nil
}

func (r specRun) options(ctx context.Context, stop <-chan struct{}) (session.Options, error) {
	opts, err := launchOptions(ctx, r.spec, r.out.dir, r.display.log, r.display.say)
	if err != nil {
		return opts, err
	}
	opts.Stop, opts.OnLoginFailed, opts.Configure = stop, r.loginFailed, r.elements.Watch
	opts.Report, opts.TryRefused, opts.Redact = r.display.report, r.flags.RetryRefused, r.secrets.Redact
	if !r.out.folder.alone {
		opts.Browser.Processes = filepath.Join(r.out.dir, fmt.Sprintf(joinedFile, os.Getpid()))
	}
	return withCaptures(opts), nil
}

// loginFailed keeps what the page of a failed login shows.
func (r specRun) loginFailed(ctx context.Context, page playwright.Page, session string, err error) {
	class, _ := pipeline.Classify(err)
	r.evidence.Take(ctx, pipeline.Failure{
		Of: pipeline.EvidenceOfLogin, Worker: session, Class: class, Step: cmp.Or(pipeline.PlaceOf(err), "login"), Reason: err.Error(), Page: page,
	})
}
