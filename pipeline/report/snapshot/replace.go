package snapshot

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// pending is a file that takes the place of another in one step.
type pending interface {
	io.Writer
	// CloseAtomicallyReplace syncs the file and renames it to its place.
	CloseAtomicallyReplace() error
	// Cleanup removes the file, unless it is in its place.
	Cleanup() error
}

// tempPrefix starts the names of the files that are being written; digits
// follow.
func tempPrefix(path string) string { return "." + filepath.Base(path) }

// replace writes the file of this name below the folder.
func (w *Writer) replace(name string, write func(io.Writer) error) error {
	if err := replaceFile(filepath.Join(w.opts.Dir, name), write); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

func replaceFile(path string, write func(io.Writer) error) (err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil { //nolint:gosec // the folder is the user's to share
		return err
	}
	file, err := newPending(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Cleanup()) }()
	out := bufio.NewWriterSize(file, 64<<10)
	if err := write(out); err != nil {
		return err
	}
	if err := out.Flush(); err != nil {
		return err
	}
	return file.CloseAtomicallyReplace()
}

// sweep removes, once, what a killed process left half-written.
func (w *Writer) sweep() error {
	if w.swept {
		return nil
	}
	names := []string{Tracking, Checkpoint, Metrics}
	for _, file := range w.opts.Records {
		names = append(names, file.Path)
	}
	for _, name := range names {
		path := filepath.Join(w.opts.Dir, name)
		entries, err := os.ReadDir(filepath.Dir(path))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		for _, entry := range entries {
			digits, ok := strings.CutPrefix(entry.Name(), tempPrefix(path))
			if !ok || digits == "" || strings.Trim(digits, "0123456789") != "" {
				continue
			}
			if err := os.Remove(filepath.Join(filepath.Dir(path), entry.Name())); err != nil {
				return err
			}
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
