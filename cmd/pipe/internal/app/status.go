package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"time"

	"pipe/pipeline"
	"pipe/pipeline/artifact"
	"pipe/pipeline/ledger"
	"pipe/pipeline/report/console"
	"pipe/specs"
)

// Status prints what the ledger of a folder has, and compares the files with the
// disk: quick by their sizes alone. It fails with ExitFailed when an item failed
// or a file is not as it should be.
func Status(ctx context.Context, spec *specs.Spec, dir string, quick bool, std Std) error {
	led, err := openLedger(ctx, dir)
	if err != nil {
		return err
	}
	defer func() { _ = led.Close() }()
	totals, err := led.Totals(ctx)
	if err != nil {
		return Exit(ExitEnvironment, err)
	}
	if err := printRun(ctx, led, dir, std); err != nil {
		return Exit(ExitEnvironment, err)
	}
	fmt.Fprintln(std.Out, totals)
	if totals.Due+totals.Stale > 0 {
		fmt.Fprintf(std.Out, "of those done: %d due again, %d could not be done again and are as they were\n", totals.Due, totals.Stale)
	}
	kept, err := newestEvidence(ctx, led, dir)
	if err != nil {
		return Exit(ExitEnvironment, err)
	}
	if err := errors.Join(printReasons("skipped", led.Items(ctx, pipeline.Skipped), std), printReasons("without", led.Items(ctx, pipeline.Done), std), printFailed("failed", led.Items(ctx, pipeline.Failed), kept, std), printFailed("stale ", led.Stale(ctx), kept, std)); err != nil {
		return Exit(ExitEnvironment, err)
	}
	doubts, err := uncertain(ctx, led, SpecOptions{}.words(spec, dir))
	if err != nil {
		return Exit(ExitEnvironment, err)
	}
	doubts.Print(std.Out, "")
	wrong, err := printSource(ctx, led, totals, std)
	if err != nil {
		return Exit(ExitEnvironment, err)
	}
	bad, err := checkFiles(ctx, led, spec, dir, quick, std)
	if err != nil {
		return Exit(ExitEnvironment, err)
	}
	if bad > 0 || wrong || totals.Failed+totals.Stale+len(doubts.Rows) > 0 {
		return Exit(ExitFailed, nil)
	}
	return nil
}

// printSource prints the rows of the source that are no items, and what is wrong
// with the list as it was read last; it tells whether there is anything.
func printSource(ctx context.Context, led *ledger.Ledger, totals pipeline.Totals, std Std) (bool, error) {
	rows, err := firstRows(led.Rejected(ctx))
	if err != nil {
		return false, err
	}
	for _, row := range rows {
		fmt.Fprintf(std.Out, "bad row  %s\n", console.Clean(row.String()))
	}
	if more := totals.Bad - len(rows); more > 0 {
		fmt.Fprintf(std.Out, "bad row  … and %d more\n", more)
	}
	short, err := led.LastShort(ctx)
	if err != nil {
		return false, err
	}
	if short != "" {
		fmt.Fprintf(std.Out, "SHORT LIST  %s\n", console.Clean(short))
	}
	return totals.Bad > 0 || short != "", nil
}

func printRun(ctx context.Context, led *ledger.Ledger, dir string, std Std) error {
	last, err := led.LastRun(ctx)
	if err != nil || last.Number == 0 {
		return err
	}
	end := "is under way"
	switch {
	case !last.Ended.IsZero():
		end = fmt.Sprintf("ended %s: %s", last.Ended.Local().Format("2006-01-02 15:04:05"), console.Clean(last.Reason))
	case last.Silent(time.Now()) || deserted(ctx, dir):
		end = fmt.Sprintf("was killed, or its machine was: it gave no sign of life since %s; the same command goes on where it stopped",
			last.Beat.Local().Format("2006-01-02 15:04:05"))
	}
	fmt.Fprintf(std.Out, "%s, run %d of %s, %s\n", last.Spec, last.Number, last.Started.Local().Format("2006-01-02 15:04:05"), end)
	return nil
}

// deserted tells whether no run is at work in a folder; where that cannot be known, as in
// one that is read-only, its signs of life tell.
func deserted(ctx context.Context, dir string) bool {
	busy, err := underWay(ctx, dir)
	return err == nil && !busy
}

// printReasons lists the items of which there is something to say, though they did
// not fail.
func printReasons(what string, rows iter.Seq2[pipeline.ItemRow, error], std Std) error {
	for row, err := range rows {
		if err != nil {
			return err
		}
		if row.Status != pipeline.Done || row.Reason != "" && !row.Stale {
			fmt.Fprintf(std.Out, "%s  %s  %s\n", what, console.Clean(row.Key), console.Clean(row.Reason))
		}
	}
	return nil
}

// newestEvidence gives by their keys the folders of what was kept last of items, as far as
// they are still there.
func newestEvidence(ctx context.Context, led *ledger.Ledger, dir string) (map[string]string, error) {
	folders := map[string]string{}
	for e, err := range led.Evidence(ctx, pipeline.Of{}) {
		if err != nil {
			return nil, err
		}
		folder := filepath.Join(dir, filepath.FromSlash(e.Folder))
		if _, err := os.Stat(folder); err == nil && e.Of == pipeline.EvidenceOfItem {
			folders[e.Key] = relative(folder)
		}
	}
	return folders, nil
}

func printFailed(what string, rows iter.Seq2[pipeline.ItemRow, error], kept map[string]string, std Std) error {
	for row, err := range rows {
		if err != nil {
			return err
		}
		fmt.Fprintf(std.Out, "%s  %s  %s: %s", what, console.Clean(row.Key), row.Class, console.Clean(row.Reason))
		if row.Step != "" {
			fmt.Fprintf(std.Out, "  at %s", row.Step)
		}
		fmt.Fprintf(std.Out, "  (%s)\n", Count(row.Attempts, "attempt"))
		if folder := kept[row.Key]; folder != "" {
			fmt.Fprintf(std.Out, "        evidence: %s\n", folder)
		}
	}
	return nil
}

// openLedger opens the ledger of an output folder for reading.
func openLedger(ctx context.Context, dir string) (*ledger.Ledger, error) {
	led, err := ledger.OpenReadOnly(ctx, LedgerPath(dir))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, Exit(ExitEnvironment, fmt.Errorf("nothing has run yet in %s: start with `pipe run`, or name the folder by --out", relative(dir)))
	}
	if err != nil {
		return nil, Exit(ExitEnvironment, err)
	}
	return led, nil
}

// readLedger opens the ledger of an output folder for reading; nil when there is none.
func readLedger(ctx context.Context, dir string) (*ledger.Ledger, error) {
	led, err := ledger.OpenReadOnly(ctx, LedgerPath(dir))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return led, exitEnvironment(err)
}

// checkFiles compares the files on record with the disk and counts those that
// are not as they should be.
func checkFiles(ctx context.Context, led *ledger.Ledger, spec *specs.Spec, dir string, quick bool, std Std) (int, error) {
	store, err := openStore(ctx, dir, spec, artifact.Options{ReadOnly: true})
	if err != nil {
		return 0, err
	}
	defer func() { _ = store.Close() }()
	good, bad := 0, 0
	for row, err := range both(led.Files(ctx), led.Versions(ctx)) {
		if err != nil {
			return bad, err
		}
		if fault := checkFile(ctx, store, row.File, quick); fault != "" {
			bad++
			fmt.Fprintf(std.Out, "file    %s  of %s %s\n", console.Clean(row.File.Name), console.Clean(row.Key), fault)
			continue
		}
		good++
	}
	fmt.Fprintf(std.Out, "files: %d on the disk as on record, %d not\n", good, bad)
	return bad, ctx.Err()
}

// both gives the one after the other.
func both(one, other iter.Seq2[pipeline.FileRow, error]) iter.Seq2[pipeline.FileRow, error] {
	return func(yield func(pipeline.FileRow, error) bool) {
		for _, rows := range []iter.Seq2[pipeline.FileRow, error]{one, other} {
			for row, err := range rows {
				if !yield(row, err) {
					return
				}
			}
		}
	}
}

func checkFile(ctx context.Context, store *artifact.Store, f pipeline.File, quick bool) string {
	size, err := store.Stat(ctx, f.Name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "is missing"
	case err != nil:
		return "cannot be read: " + err.Error()
	case size != f.Size:
		return fmt.Sprintf("has %d bytes, %d are on record", size, f.Size)
	case quick:
		return ""
	}
	sum, err := store.Hash(ctx, f.Name)
	if err != nil {
		return "cannot be read: " + err.Error()
	}
	if sum != f.SHA256 {
		return "is altered: its bytes are not those on record"
	}
	return ""
}
