// Package provision finds what is needed to drive a browser, and installs what
// is missing: node, Playwright's driver, and a browser of the Chromium family.
//
// The driver is Playwright's own download, or else the npm package
// playwright-core of the same version, which is the same program without a
// node of its own. The browser is the one that the user names, else the
// system's, else Playwright's own download, else the distribution's package.
//
// It touches the network, the folders that Playwright keeps its downloads in and
// the distribution's package manager, runs a browser only to ask its version, and
// imports none of the project's packages.
package provision

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/gofrs/flock"
)

// Find looks for what is there and installs nothing. The error is a
// *MissingError when something is not there.
func Find(ctx context.Context, opts Options) (Runtime, error) {
	opts, err := opts.withDefaults()
	if err != nil {
		return Runtime{}, err
	}
	var rt Runtime
	if rt.DriverDir, err = opts.findDriver(); err != nil {
		return rt, err
	}
	rt.DriverVersion = DriverVersion
	// Each answers for itself, and both take their time.
	var asking sync.WaitGroup
	var b found
	var noBrowser error
	asking.Go(func() { b, noBrowser = opts.findBrowser(ctx) })
	rt.Node, err = findNode(ctx, rt.DriverDir)
	asking.Wait()
	if err != nil {
		return rt, err
	}
	rt.Launcher = opts.launcher(rt.DriverDir, rt.Node)
	rt.Browser, rt.Shell, rt.BrowserVersion = b.path, b.shell, b.version
	return rt, noBrowser
}

// Ensure is Find that installs what is missing. Of several processes one
// installs and the others wait for it.
func Ensure(ctx context.Context, opts Options) (Runtime, error) {
	rt, err := Find(ctx, opts)
	var missing *MissingError
	if !errors.As(err, &missing) {
		return rt, err
	}
	if opts, err = opts.withDefaults(); err != nil {
		return rt, err
	}
	unlock, err := opts.lock(ctx)
	if err != nil {
		return rt, err
	}
	defer unlock()
	return opts.ensure(ctx)
}

func (o Options) ensure(ctx context.Context) (Runtime, error) {
	var missing *MissingError
	var err error
	rt := Runtime{DriverVersion: DriverVersion}
	rt.DriverDir, err = o.findDriver()
	if errors.As(err, &missing) && os.Getenv(driverVariable) == "" {
		rt.DriverDir, err = o.installDriver(ctx)
	}
	if err != nil {
		return rt, err
	}
	if rt.Node, err = findNode(ctx, rt.DriverDir); err != nil {
		return rt, err
	}
	rt.Launcher = o.launcher(rt.DriverDir, rt.Node)
	b, err := o.findBrowser(ctx)
	if errors.As(err, &missing) && o.Browser == "" {
		b, err = o.installBrowser(ctx, rt)
	}
	rt.Browser, rt.Shell, rt.BrowserVersion = b.path, b.shell, b.version
	return rt, err
}

// lockPoll is how often a process looks whether another is done installing.
const lockPoll = 200 * time.Millisecond

// lock waits for its turn to install.
func (o Options) lock(ctx context.Context) (func(), error) {
	if err := os.MkdirAll(o.Dir, 0o755); err != nil { //nolint:gosec // a cache, as others are
		return nil, fmt.Errorf("making the cache folder (set PIPE_CACHE to name another): %w", err)
	}
	lock := flock.New(filepath.Join(o.Dir, ".lock"))
	if free, err := lock.TryLock(); err == nil && !free {
		o.say("Waiting for another process that is installing into %s", o.Dir)
	}
	if _, err := lock.TryLockContext(ctx, lockPoll); err != nil {
		return nil, fmt.Errorf("waiting for another process to install into %s: %w", o.Dir, err)
	}
	return func() { _ = lock.Unlock() }, nil
}
