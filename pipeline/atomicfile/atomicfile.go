// Package atomicfile replaces files in one step: who reads one sees the old file
// or the new one, whole, whatever stops the program in between. It touches
// nothing but the file and what is written beside it, and imports none of the
// project's packages.
package atomicfile

import (
	"bufio"
	"errors"
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

// Write replaces the file at path by what write writes, or makes it. The folder
// must be there, and who may read the file is as for any new one.
func Write(path string, write func(io.Writer) error) error { return replace(path, 0, write) }

// WritePrivate is Write for a file that its owner alone may read.
func WritePrivate(path string, write func(io.Writer) error) error {
	return replace(path, 0o600, write)
}

// Rewrite replaces a file that is there, and leaves it its permissions.
func Rewrite(path string, write func(io.Writer) error) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	return replace(path, info.Mode().Perm(), write)
}

func replace(path string, perm fs.FileMode, write func(io.Writer) error) (err error) {
	file, err := newPending(path, perm)
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

// RemoveLeftovers removes what a killed process left of its writing of path. Nobody may
// be writing it.
func RemoveLeftovers(path string) error {
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
	return nil
}
