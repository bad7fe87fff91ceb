package browser

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/playwright-community/playwright-go"
)

// driver is one driver process. It is stopped when it has been left and no
// browser hangs on it any more.
type driver struct {
	pw       *playwright.Playwright
	process  processRecord
	browsers *tenancy
	dead     chan struct{}
	die      sync.Once
}

func (d *driver) kill() { d.die.Do(func() { close(d.dead) }) }

func (d *driver) alive() bool {
	select {
	case <-d.dead:
		return false
	default:
		return true
	}
}

// startDriver starts a driver; left closes it.
func startDriver(ctx context.Context, opts Options, left func(*driver)) (*driver, error) {
	if opts.Node != "" {
		// The driver's library takes the node to use from here alone.
		if err := os.Setenv("PLAYWRIGHT_NODEJS_PATH", opts.Node); err != nil {
			return nil, fmt.Errorf("starting the driver: %w", err)
		}
	}
	d := &driver{dead: make(chan struct{})}
	d.browsers = newTenancy(func() { left(d) })
	// The library does not tell when the process ends, but then nobody has the
	// other end of its standard error any more.
	there, errs, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("starting the driver: %w", err)
	}
	d.pw, err = within(ctx, launchLimit, "starting the driver", func() (*playwright.Playwright, error) {
		return playwright.Run(&playwright.RunOptions{
			DriverDirectory: opts.DriverDir, SkipInstallBrowsers: true, Stdout: io.Discard, Stderr: errs, Logger: slog.New(slog.DiscardHandler),
		})
	})
	_ = errs.Close()
	if err != nil {
		_ = there.Close()
		return nil, err
	}
	go func() {
		_, _ = io.Copy(io.Discard, there)
		_ = there.Close()
		d.kill()
	}()
	return d, nil
}

// found notes the driver's process: among those above its browser the one that
// this program has started.
func (d *driver) found(ctx context.Context, browser int32) {
	self, all := int32(os.Getpid()), parents(ctx) //nolint:gosec // a process's number
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
	_, err := within(ctx, limit, "asking the driver", func() (struct{}, error) {
		r, err := d.pw.Request.NewContext()
		if err == nil {
			err = r.Dispose()
		}
		return struct{}{}, err
	})
	return err == nil
}

// close ends the driver within the limit.
func (d *driver) close(ctx context.Context, limit time.Duration) error {
	if d.alive() {
		_, err := within(ctx, limit, "stopping the driver", func() (struct{}, error) { return struct{}{}, d.pw.Stop() })
		if err == nil {
			d.kill()
			return nil
		}
	}
	d.kill()
	return endFamily(ctx, d.process)
}
