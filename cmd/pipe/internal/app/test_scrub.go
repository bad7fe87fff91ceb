package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"pipe/pipeline"
	"pipe/pipeline/artifact"
	"pipe/pipeline/traffic"
	"pipe/specs"
)

// columns are those whose values are replaced, as item.buyer: of the flags and the spec.
func (r *testRecording) columns() ([]string, error) {
	var all []string
	for _, column := range append(slices.Clone(r.spec.Test.Scrub), r.Scrub...) {
		if fault := r.spec.CheckScrub(column); fault != "" {
			return nil, fmt.Errorf("--scrub %s: %s", column, fault)
		}
		all = append(all, column)
	}
	slices.Sort(all)
	return slices.Compact(all), nil
}

// values are the secrets of the spec, by name.
func (r *testRecording) values() map[string]string {
	values := map[string]string{}
	for name, value := range r.secrets.Values() {
		if text, is := value.(string); is {
			values[name] = text
		}
	}
	return values
}

// valuesOf gives the values of a column: of the rows and the items for item.NAME, of the
// records for record.NAME.
func valuesOf(column string, rows []map[string]any, live *traffic.Expectation) []string {
	of, name, _ := strings.Cut(column, ".")
	var all []string
	if of == "item" {
		for _, row := range rows {
			for column, value := range row {
				if column == name || specs.FoldName(column) == specs.FoldName(name) {
					all = append(all, fmt.Sprint(value))
				}
			}
		}
		return all
	}
	for _, item := range live.Items {
		for _, f := range item.Record {
			if f.Name == name && f.Value != nil {
				all = append(all, fmt.Sprint(f.Value))
			}
		}
	}
	return all
}

// scrub takes out of the traffic what is not to be kept. PDFs are read in a folder that is
// removed.
func (r *testRecording) scrub(ctx context.Context, scrubber *traffic.Scrubber) (archive *traffic.Archive, err error) {
	err = withReader(ctx, func(read func(ctx context.Context, pdf []byte) (string, int, error)) error {
		scrubber.ReadPDF = read
		archive, err = scrubber.Scrub(ctx, r.archive)
		return err
	})
	return archive, err
}

// withReader lends what reads PDFs.
func withReader(ctx context.Context, do func(read func(ctx context.Context, pdf []byte) (string, int, error)) error) (err error) {
	dir, err := os.MkdirTemp("", "pipe-test-*")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	store, err := artifact.Open(ctx, dir, artifact.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	return do(readPDF(store, dir))
}

// scrubbed replaces the texts of a value.
func scrubbed(scrubber *traffic.Scrubber, value any) any {
	switch value := value.(type) {
	case string:
		return scrubber.Text(value)
	case []any:
		out := make([]any, len(value))
		for i, one := range value {
			out[i] = scrubbed(scrubber, one)
		}
		return out
	case map[string]any:
		out := map[string]any{}
		for name, one := range value {
			out[name] = scrubbed(scrubber, one)
		}
		return out
	default:
		return value
	}
}

// readPDF reads PDFs by the run's own reader.
func readPDF(store *artifact.Store, dir string) func(ctx context.Context, pdf []byte) (string, int, error) {
	return func(ctx context.Context, pdf []byte) (text string, pages int, err error) {
		f, err := os.Create(filepath.Join(dir, "scrubbed.pdf")) //nolint:gosec // the folder is its own
		if err != nil {
			return "", 0, err
		}
		defer func() { err = errors.Join(err, f.Close()) }()
		if _, err := f.Write(pdf); err != nil {
			return "", 0, err
		}
		if _, err := f.Seek(0, io.SeekStart); err != nil {
			return "", 0, err
		}
		proof, err := store.Examine(ctx, f, pipeline.Expectation{Type: "any"})
		var not *pipeline.ProofError
		if errors.As(err, &not) {
			err = nil // a broken one has no text that anyone could read
		}
		return proof.Text, proof.Pages, err
	}
}
