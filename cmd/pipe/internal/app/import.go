package app

import (
	"context"
	"fmt"
	"os"

	"pipe/pipeline/codegen/formats"
	"pipe/pipeline/report/console"
)

// ImportOptions is what is asked of `pipe import`.
type ImportOptions struct {
	DraftOptions
	// Format is the file's; "" to find out.
	Format string
}

// ImportFormats are those that can be read.
func ImportFormats() []string { return formats.Names() }

// Import is `pipe import`: it writes a spec of what another program has recorded.
func Import(ctx context.Context, path string, o ImportOptions, std Std) error {
	info, err := os.Stat(path)
	if err != nil {
		return Exit(ExitSpec, err)
	}
	if info.IsDir() || info.Size() > formats.MaxSize {
		return Exit(ExitSpec, fmt.Errorf("%s is no recording: it is a folder, or has more than %d MB", path, formats.MaxSize>>20))
	}
	src, err := os.ReadFile(path) //nolint:gosec // the file that is asked for
	if err != nil {
		return Exit(ExitSpec, err)
	}
	rec, title, err := formats.Read(src, o.Format)
	if err != nil {
		return Exit(ExitSpec, fmt.Errorf("%s: %w", path, err))
	}
	fmt.Fprintf(std.Err, "%s: %s, %s\n", path, title, Count(len(rec.Actions), "action"))
	for _, a := range rec.Actions {
		if a.Note != "" {
			fmt.Fprintf(std.Err, "%s: %s\n", path, console.Clean(a.Note))
		}
	}
	return WriteDraft(ctx, rec, o.DraftOptions, std)
}
