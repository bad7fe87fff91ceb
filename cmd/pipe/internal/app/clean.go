package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"pipe/pipeline/artifact"
	"pipe/pipeline/evidence"
	"pipe/pipeline/ledger"
	"pipe/pipeline/report/console"
	"pipe/specs"
)

// Clean is `pipe clean`: it tells what the spec's keep does not keep, and frees it if
// that is so wanted.
func Clean(ctx context.Context, spec *specs.Spec, dir string, free bool, std Std) error {
	if spec.Keep == nil {
		return Exit(ExitSpec, fmt.Errorf("%s says nothing of what is kept: it has no keep", spec.File))
	}
	return untilInterrupted(ctx, func(ctx context.Context) error {
		if free {
			return exitEnvironment(clean(ctx, spec, dir, std))
		}
		led, err := openLedger(ctx, dir)
		if err != nil {
			return err
		}
		defer func() { _ = led.Close() }()
		f, err := led.Freeable(ctx, spec.Keep, time.Now())
		if err != nil {
			return Exit(ExitEnvironment, err)
		}
		if printFreeable(f, "would free", std) {
			fmt.Fprintln(std.Out, "nothing is freed yet: --yes does it")
		}
		return nil
	})
}

// clean frees what is not kept. What the ledger knows goes first, in one transaction: a
// file or a folder that is left by a clean-up that was cut short is removed by the next.
func clean(ctx context.Context, spec *specs.Spec, dir string, std Std) (err error) {
	if led, err := openLedger(ctx, dir); err != nil {
		return err // nothing has run yet
	} else if err := led.Close(); err != nil {
		return err
	}
	leave, taken, err := takeAlone(ctx, dir)
	if err != nil {
		return err
	}
	if !taken {
		return fmt.Errorf("a run is at work in %s: nothing is freed", relative(dir))
	}
	defer func() { err = errors.Join(err, leave()) }()
	led, err := ledger.Open(ctx, LedgerPath(dir))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, led.Close()) }()
	f, err := led.Freeable(ctx, spec.Keep, time.Now())
	if err == nil {
		err = led.Free(ctx, f)
	}
	if err == nil {
		err = errors.Join(evidence.Sweep(ctx, dir, led), removeEmpty(dir), removeDiscards(ctx, spec, dir, led))
	}
	if err == nil {
		printFreeable(f, "freed", std)
	}
	return err
}

// removeEmpty removes the folders of runs of which no evidence is left.
func removeEmpty(dir string) error {
	folders, err := filepath.Glob(filepath.Join(dir, evidence.Dir, "run-*"))
	for _, folder := range folders {
		if inside, read := os.ReadDir(folder); read == nil && len(inside) == 0 {
			err = errors.Join(err, os.Remove(folder))
		}
	}
	return err
}

// removeDiscards removes the files that the ledger has given up, but for those that are
// an item's again.
func removeDiscards(ctx context.Context, spec *specs.Spec, dir string, led *ledger.Ledger) error {
	names, err := led.Discards(ctx)
	if err != nil || len(names) == 0 {
		return err
	}
	store, err := openStore(ctx, dir, spec, artifact.Options{})
	if err != nil {
		return err
	}
	for _, name := range names {
		holder, failed := led.Holder(ctx, name)
		if failed == nil && holder == "" {
			failed = store.Remove(ctx, name)
		}
		if failed == nil {
			failed = led.Discarded(ctx, name)
		}
		err = errors.Join(err, failed)
	}
	return errors.Join(err, store.Close())
}

// printFreeable tells what goes, and whether anything does.
func printFreeable(f ledger.Freeable, verb string, std Std) bool {
	if f.Attempts+len(f.Evidence)+len(f.Versions) == 0 {
		fmt.Fprintln(std.Out, "there is nothing to free")
		return false
	}
	var ofEvidence, ofVersions int64
	for _, e := range f.Evidence {
		for _, file := range e.Files {
			ofEvidence += file.Size
		}
		fmt.Fprintf(std.Out, "evidence  %s\n", console.Clean(e.Folder))
	}
	for _, v := range f.Versions {
		ofVersions += v.File.Size
		fmt.Fprintf(std.Out, "version   %s  of %s\n", console.Clean(v.File.Name), console.Clean(v.Key))
	}
	fmt.Fprintf(std.Out, "%s: %s of %s, %s of evidence (%s), %s of files (%s)\n", verb, Count(f.Attempts, "attempt"), Count(len(f.Runs), "old run"),
		Count(len(f.Evidence), "folder"), inMB(ofEvidence), Count(len(f.Versions), "version"), inMB(ofVersions))
	return true
}

func inMB(bytes int64) string { return fmt.Sprintf("%.1f MB", float64(bytes)/(1<<20)) }
