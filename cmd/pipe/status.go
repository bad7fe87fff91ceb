package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"

	"github.com/spf13/cobra"

	"pipe/pipeline"
	"pipe/pipeline/artifact"
	"pipe/pipeline/ledger"
	"pipe/specs"
)

func statusCommand(io streams) *cobra.Command {
	r := reading{lenient: true}
	var out string
	var quick bool
	cmd := &cobra.Command{
		Use:   "status SPEC",
		Short: "Tell what is done, failed and pending, and check the files on the disk",
		Long: "Reads the ledger of a spec, also while it runs: in = done + failed + pending + duplicates.\n" +
			"Each file on record is compared with the disk. Exits with 1 when an item failed or a file is\n" +
			"missing or altered.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			spec, secrets, err := r.loadKept(args[0])
			if err != nil {
				return redactError(err, secrets)
			}
			dir, err := outFolder(out, spec)
			if err != nil {
				return err
			}
			return redactError(status(cmd.Context(), spec, dir, quick, io), secrets)
		},
	}
	profileFlag(cmd, &r)
	cmd.Flags().StringVar(&out, "out", "", "the output `FOLDER`; default out/NAME")
	cmd.Flags().BoolVar(&quick, "quick", false, "compare the files' sizes only, not their bytes")
	return cmd
}

func status(ctx context.Context, spec *specs.Spec, dir string, quick bool, io streams) error {
	led, err := openLedger(ctx, dir)
	if err != nil {
		return err
	}
	defer func() { _ = led.Close() }()
	totals, err := led.Totals(ctx)
	if err != nil {
		return exit(ExitEnvironment, err)
	}
	if err := tellRun(ctx, led, io); err != nil {
		return exit(ExitEnvironment, err)
	}
	fmt.Fprintln(io.out, totals)
	if totals.Due+totals.Stale > 0 {
		fmt.Fprintf(io.out, "of those done: %d due again, %d could not be done again and are as they were\n", totals.Due, totals.Stale)
	}
	if err := errors.Join(tellSkipped(led.Items(ctx, pipeline.Skipped), io), tellFailed("failed", led.Items(ctx, pipeline.Failed), io), tellFailed("stale ", led.Stale(ctx), io)); err != nil {
		return exit(ExitEnvironment, err)
	}
	bad, err := checkFiles(ctx, led, spec, dir, quick, io)
	if err != nil {
		return exit(ExitEnvironment, err)
	}
	if bad > 0 || totals.Failed+totals.Stale > 0 {
		return exit(ExitFailed, nil)
	}
	return nil
}

func tellRun(ctx context.Context, led *ledger.Ledger, io streams) error {
	runs, err := led.Runs(ctx)
	if err != nil || len(runs) == 0 {
		return err
	}
	last := runs[len(runs)-1]
	end := "is under way"
	if !last.Ended.IsZero() {
		end = fmt.Sprintf("ended %s: %s", last.Ended.Local().Format("2006-01-02 15:04:05"), last.Reason)
	}
	fmt.Fprintf(io.out, "%s, run %d of %s, %s\n", last.Spec, last.Number, last.Started.Local().Format("2006-01-02 15:04:05"), end)
	return nil
}

func tellSkipped(rows iter.Seq2[pipeline.ItemRow, error], io streams) error {
	for row, err := range rows {
		if err != nil {
			return err
		}
		fmt.Fprintf(io.out, "skipped  %s  %s\n", row.Key, row.Reason)
	}
	return nil
}

func tellFailed(what string, rows iter.Seq2[pipeline.ItemRow, error], io streams) error {
	for row, err := range rows {
		if err != nil {
			return err
		}
		fmt.Fprintf(io.out, "%s  %s  %s: %s", what, row.Key, row.Class, row.Reason)
		if row.Step != "" {
			fmt.Fprintf(io.out, "  at %s", row.Step)
		}
		fmt.Fprintf(io.out, "  (%s)\n", count(row.Attempts, "attempt"))
	}
	return nil
}

// openLedger opens the ledger of an output folder for reading.
func openLedger(ctx context.Context, dir string) (*ledger.Ledger, error) {
	led, err := ledger.OpenReadOnly(ctx, ledgerPath(dir))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, exit(ExitEnvironment, fmt.Errorf("nothing has run yet in %s: start with `pipe run`, or name the folder by --out", relative(dir)))
	}
	if err != nil {
		return nil, exit(ExitEnvironment, err)
	}
	return led, nil
}

// checkFiles compares the files on record with the disk and counts those that
// are not as they should be.
func checkFiles(ctx context.Context, led *ledger.Ledger, spec *specs.Spec, dir string, quick bool, io streams) (int, error) {
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
			fmt.Fprintf(io.out, "file    %s  of %s %s\n", row.File.Name, row.Key, fault)
			continue
		}
		good++
	}
	fmt.Fprintf(io.out, "files: %d on the disk as on record, %d not\n", good, bad)
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
