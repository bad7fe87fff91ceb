package browser

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"github.com/playwright-community/playwright-go"
	"github.com/sourcegraph/conc"
	"golang.org/x/sync/semaphore"

	"pipe/pipeline/processes"
	"pipe/steps"
)

// driver is one driver process. It is stopped when it has been left and no
// browser hangs on it any more.
type driver struct {
	pw       *playwright.Playwright
	process  processRecord
	browsers *refcount
	// life ends with the process.
	life context.Context
	end  context.CancelCauseFunc
	// stderr is read until the process ends, or the driver is closed.
	stderr *os.File
	reader conc.WaitGroup
}

func (d *driver) kill() { d.end(steps.ErrClosed) }

func (d *driver) alive() bool { return d.life.Err() == nil }

// starting lets one driver start at a time: playwright.Run begins by writing the
// logger that it is given to a variable of its package, with no lock of its own.
// A start that hangs holds up the next for no longer than its limit.
var starting = semaphore.NewWeighted(1)

// startDriver starts a driver; left closes it.
func startDriver(ctx context.Context, opts Options, left func(*driver)) (*driver, error) {
	if err := starting.Acquire(ctx, 1); err != nil {
		return nil, steps.ContextError(ctx, "starting the driver")
	}
	defer starting.Release(1)
	if opts.Node != "" {
		// The driver's library takes the node to use from here alone.
		if err := os.Setenv("PLAYWRIGHT_NODEJS_PATH", opts.Node); err != nil {
			return nil, fmt.Errorf("starting the driver: %w", err)
		}
	}
	if opts.Authorities != "" {
		if err := os.Setenv("NODE_EXTRA_CA_CERTS", opts.Authorities); err != nil {
			return nil, fmt.Errorf("starting the driver: %w", err)
		}
	}
	d := &driver{}
	d.browsers = newRefcount(func() { left(d) })
	// The library does not tell when the process ends, but then nobody has the
	// other end of its standard error any more.
	there, errs, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("starting the driver: %w", err)
	}
	d.stderr = there
	d.pw, err = steps.CallWithin(ctx, launchLimit, "starting the driver", func() (*playwright.Playwright, error) {
		pw, err := playwright.Run(&playwright.RunOptions{
			DriverDirectory: opts.DriverDir, SkipInstallBrowsers: true, Stdout: io.Discard, Stderr: errs, Logger: slog.New(slog.DiscardHandler),
		})
		if err != nil {
			return nil, err
		}
		if err = steps.RegisterEngines(pw.Selectors); err == nil && ctx.Err() != nil {
			err = context.Cause(ctx) // nobody waits for it any more
		}
		if err != nil {
			err = errors.Join(err, pw.Stop())
		}
		return pw, err
	})
	_ = errs.Close()
	if err != nil {
		_ = there.Close()
		return nil, err
	}
	d.life, d.end = context.WithCancelCause(context.WithoutCancel(ctx))
	d.reader.Go(func() {
		_, _ = io.Copy(io.Discard, there)
		d.kill()
	})
	return d, nil
}

// found notes the driver's process: among those above its browser the one that
// this program has started.
func (d *driver) found(ctx context.Context, browser int32) {
	self, all := int32(os.Getpid()), processes.Parents(ctx) //nolint:gosec // a process's number
	for pid := all[browser]; pid > 0; pid = all[pid] {
		if all[pid] == self {
			d.process, _ = record(ctx, pid)
			return
		}
	}
}

// answers tells whether the driver is well.
func (d *driver) answers(ctx context.Context, limit time.Duration) bool {
	if !d.alive() {
		return false
	}
	err := steps.DoWithin(ctx, limit, "asking the driver", func() error {
		r, err := d.pw.Request.NewContext()
		if err == nil {
			err = r.Dispose()
		}
		return err
	})
	return err == nil
}

// close ends the driver within the limit.
func (d *driver) close(ctx context.Context, limit time.Duration) error {
	defer d.reader.Wait()
	defer func() { _ = d.stderr.Close() }()
	if d.alive() {
		err := steps.DoWithin(ctx, limit, "stopping the driver", func() error { return d.pw.Stop() })
		if err == nil {
			d.kill()
			return nil
		}
	}
	d.kill()
	return endProcessTrees(ctx, d.process)
}

// launchLimit is how long a browser may take to start, on a busy machine too.
const launchLimit = 90 * time.Second
