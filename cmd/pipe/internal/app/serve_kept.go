package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"

	"pipe/pipeline/artifact"
	"pipe/pipeline/ledger"
	"pipe/pipeline/report/summary"
	"pipe/pipeline/report/web"
	"pipe/specs"
	"pipe/specs/secret"
)

// servedFolder is the output folder of a spec as pages read it. What it opens stays open until
// close: runs come and go meanwhile.
type servedFolder struct {
	spec    *specs.Spec
	secrets *secret.Store
	dir     string
	report  summary.Options

	summing sync.Mutex
	last    summedUp

	mu sync.Mutex
	// led is the ledger in the file that info is of.
	led   *ledger.Ledger
	info  os.FileInfo
	store *artifact.Store
	// closers are of all that was ever opened.
	closers []func() error
}

var _ web.Kept = (*servedFolder)(nil)

// Ledger gives the ledger.
func (k *servedFolder) Ledger(ctx context.Context) (web.Ledger, error) { return k.opened(ctx) }

// opened opens the ledger, again where there is another file by now.
func (k *servedFolder) opened(ctx context.Context) (*ledger.Ledger, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	path := LedgerPath(k.dir)
	info, err := os.Stat(path)
	if err == nil && k.led != nil && os.SameFile(info, k.info) {
		return k.led, nil
	}
	// It outlives the request that it is opened for.
	led, err := ledger.OpenReadOnly(context.WithoutCancel(ctx), path)
	if err != nil {
		return nil, err
	}
	k.led, k.info = led, info
	k.closers = append(k.closers, led.Close)
	return led, nil
}

// Open opens the file of an item, from wherever the spec has them.
func (k *servedFolder) Open(ctx context.Context, name string) (io.ReadCloser, error) {
	store, err := k.files(ctx)
	if err != nil {
		return nil, err
	}
	return store.Open(ctx, name)
}

func (k *servedFolder) files(ctx context.Context) (*artifact.Store, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.store != nil {
		return k.store, nil
	}
	store, err := openStore(context.WithoutCancel(ctx), k.dir, k.spec, artifact.Options{ReadOnly: true})
	if err != nil {
		return nil, err
	}
	k.store = store
	k.closers = append(k.closers, store.Close)
	return store, nil
}

// OpenEvidence opens a file below the output folder, and none outside of it.
func (k *servedFolder) OpenEvidence(name string) (io.ReadCloser, error) {
	root, err := os.OpenRoot(k.dir)
	if err != nil {
		return nil, err
	}
	in, err := root.Open(filepath.FromSlash(name))
	return in, errors.Join(err, root.Close())
}

// summedUp is the report that was made last, and of what: it is the same until that changes.
type summedUp struct {
	run, version int64
	deserted     bool
	report       *summary.Report
}

// Report sums up a run; of the newest, by the number 0, without what is drawn. One is made
// at a time: it takes a second of 50,000 items.
func (k *servedFolder) Report(ctx context.Context, run int64) (*summary.Report, error) {
	led, err := k.opened(ctx)
	if err != nil {
		return nil, err
	}
	version, err := led.Version(ctx)
	if err != nil {
		return nil, err
	}
	of := summedUp{run: run, version: version, deserted: deserted(ctx, k.dir)}
	k.summing.Lock()
	defer k.summing.Unlock()
	if last := k.last; last.report != nil && last.run == of.run && last.version == of.version && last.deserted == of.deserted {
		return last.report, nil
	}
	o := k.report
	o.Run, o.Deserted, o.Brief = run, of.deserted, run == 0
	if of.report, err = summary.Make(ctx, led, o); err == nil {
		k.last = of
	}
	return of.report, err
}

// AtWork tells whether a run is at work in the folder; where that cannot be known, its
// signs of life tell.
func (k *servedFolder) AtWork(ctx context.Context) bool { return !deserted(ctx, k.dir) }

// Line is a line of the spec's own files.
func (k *servedFolder) Line(place string) string {
	parts := strings.Split(place, ":")
	if len(parts) < 3 {
		return ""
	}
	path := strings.Join(parts[:len(parts)-2], ":")
	line, err := strconv.Atoi(parts[len(parts)-2])
	if err != nil || !slices.Contains(k.spec.Paths(), path) {
		return ""
	}
	text, err := os.ReadFile(path) //nolint:gosec // the spec's own
	if err != nil {
		return ""
	}
	lines := strings.Split(string(text), "\n")
	if line < 1 || line > len(lines) {
		return ""
	}
	return k.Redact(strings.TrimRight(lines[line-1], "\r"))
}

// Redact takes the spec's secrets out of a text.
func (k *servedFolder) Redact(text string) string { return k.secrets.Redact(text) }

func (k *servedFolder) close() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	var errs []error
	for _, one := range slices.Backward(k.closers) {
		errs = append(errs, one())
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("closing %s: %w", k.dir, err)
	}
	return nil
}
