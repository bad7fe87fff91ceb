package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"pipe/pipeline/atomicfile"
	"pipe/pipeline/report/export"
)

// ExportOptions are what `pipe export` takes.
type ExportOptions struct {
	KeptOptions
	Format string
	// To is the file to write; "" and "-" are standard output.
	To string
}

// Export is `pipe export`.
func Export(ctx context.Context, table, path string, f ExportOptions, std Std) error {
	switch {
	case !slices.Contains(export.Tables(), table):
		return UsageError(fmt.Errorf("there is nothing called %q to export: it is one of %s", table, strings.Join(export.Tables(), ", ")))
	case !slices.Contains(export.Formats(), f.Format):
		return UsageError(fmt.Errorf("--format is one of %s, not %q", strings.Join(export.Formats(), ", "), f.Format))
	}
	if _, is := std.terminal(); is && f.Format == "parquet" && (f.To == "" || f.To == "-") {
		return UsageError(errors.New("a Parquet file is nothing for a terminal: name a file by -o"))
	}
	return f.read(ctx, path, func(ctx context.Context, k *kept) error {
		write := func(w io.Writer) error {
			return export.Write(ctx, w, k.ledger, table, f.Format, export.Options{Now: time.Now(), Deserted: k.opts.Deserted})
		}
		if f.To == "" || f.To == "-" {
			return write(std.Out)
		}
		to, err := filepath.Abs(f.To)
		if err != nil {
			return err
		}
		return atomicfile.Write(to, write)
	})
}
