// Package export writes what a ledger has as tables, for other programs: as JSON, CSV
// and Parquet. A table is a Go struct, of which all three are made; its rows are
// streamed, so that a million need no more memory than a thousand.
//
// It reads a ledger and touches nothing but the writer that it is given.
package export

import (
	"context"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"time"

	"pipe/pipeline"
)

// Ledger is what tables are read from.
type Ledger interface {
	Details(ctx context.Context, status pipeline.Status) iter.Seq2[pipeline.ItemDetail, error]
	Attempts(ctx context.Context, of pipeline.Of) iter.Seq2[pipeline.AttemptRow, error]
	Runs(ctx context.Context) ([]pipeline.RunRow, error)
	Files(ctx context.Context) iter.Seq2[pipeline.FileRow, error]
	Versions(ctx context.Context) iter.Seq2[pipeline.FileRow, error]
}

// Options say how a table is made.
type Options struct {
	// Now and Deserted tell runs that are under way from those that died, as in
	// [pipeline.RunRow.State].
	Now      time.Time
	Deserted bool
}

// tables write each table in a format.
var tables = map[string]func(ctx context.Context, led Ledger, o Options, to writer) error{
	"items": func(ctx context.Context, led Ledger, _ Options, to writer) error {
		return write(to, each(led.Details(ctx, ""), itemOf))
	},
	"attempts": func(ctx context.Context, led Ledger, _ Options, to writer) error {
		return write(to, each(led.Attempts(ctx, pipeline.Of{}), attemptOf))
	},
	"runs": func(ctx context.Context, led Ledger, o Options, to writer) error {
		runs, err := led.Runs(ctx)
		if err != nil {
			return err
		}
		return write(to, each(listed(runs), func(r pipeline.RunRow) (Run, error) { return runOf(r, o.Now, o.Deserted), nil }))
	},
	"files": func(ctx context.Context, led Ledger, _ Options, to writer) error {
		return write(to, files(ctx, led))
	},
}

// Tables names the tables, Formats the formats.
func Tables() []string { return []string{"items", "attempts", "runs", "files"} }

// Formats names the formats.
func Formats() []string { return []string{"json", "csv", "parquet"} }

// Write writes a table.
func Write(ctx context.Context, w io.Writer, led Ledger, table, format string, o Options) error {
	do := tables[table]
	switch {
	case do == nil:
		return fmt.Errorf("there is no table %q: it is one of %s", table, strings.Join(Tables(), ", "))
	case !slices.Contains(Formats(), format):
		return fmt.Errorf("there is no format %q: it is one of %s", format, strings.Join(Formats(), ", "))
	}
	if err := do(ctx, led, o, writer{w, format}); err != nil {
		return fmt.Errorf("exporting the %s as %s: %w", table, format, err)
	}
	return nil
}

// writer is where rows go, and in which format.
type writer struct {
	io.Writer
	format string
}

// write writes rows in the writer's format.
func write[T any](to writer, rows iter.Seq2[T, error]) error {
	switch to.format {
	case "json":
		return writeJSON(to, rows)
	case "csv":
		return writeCSV(to, rows)
	default:
		return writeParquet(to, rows)
	}
}

// each makes rows of others.
func each[From, To any](rows iter.Seq2[From, error], of func(From) (To, error)) iter.Seq2[To, error] {
	return func(yield func(To, error) bool) {
		for from, err := range rows {
			var to To
			if err == nil {
				to, err = of(from)
			}
			if !yield(to, err) || err != nil {
				return
			}
		}
	}
}

func listed[T any](all []T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, one := range all {
			if !yield(one, nil) {
				return
			}
		}
	}
}

// files are those in place, and then the older ones.
func files(ctx context.Context, led Ledger) iter.Seq2[File, error] {
	return func(yield func(File, error) bool) {
		for older, rows := range []iter.Seq2[pipeline.FileRow, error]{led.Files(ctx), led.Versions(ctx)} {
			for row, err := range rows {
				if !yield(fileOf(row, older == 1), err) || err != nil {
					return
				}
			}
		}
	}
}
