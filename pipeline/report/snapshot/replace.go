package snapshot

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"pipe/pipeline/atomicfile"
)

// replace writes the file of this name below the folder.
func (w *Writer) replace(name string, write func(io.Writer) error) error {
	path := filepath.Join(w.opts.Dir, name)
	err := os.MkdirAll(filepath.Dir(path), 0o755) //nolint:gosec // the folder is the user's to share
	if err == nil {
		err = atomicfile.Write(path, write)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// removeLeftovers removes, once, what a killed process left half-written.
func (w *Writer) removeLeftovers() error {
	if w.swept {
		return nil
	}
	names := []string{Tracking, Checkpoint, Metrics}
	for _, file := range w.opts.Records {
		names = append(names, file.Path)
	}
	for _, name := range names {
		if err := atomicfile.RemoveLeftovers(filepath.Join(w.opts.Dir, name)); err != nil {
			return err
		}
	}
	w.swept = true
	return nil
}

// writeJSON writes v, indented, with a line end.
func (w *Writer) writeJSON(name string, v any) error {
	return w.replace(name, func(out io.Writer) error {
		encoder := json.NewEncoder(out)
		encoder.SetEscapeHTML(false)
		encoder.SetIndent("", "  ")
		return encoder.Encode(v)
	})
}
