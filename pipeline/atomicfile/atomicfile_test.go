package atomicfile_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"pipe/pipeline/atomicfile"
)

func text(s string) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.WriteString(w, s)
		return err
	}
}

// A private file is its owner's alone, also where it takes the place of one
// that was not.
func TestWritePrivate(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "state.json")
	if err := errors.Join(atomicfile.Write(path, text("old")), atomicfile.WritePrivate(path, text("new"))); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if got := info.Mode().Perm(); got != 0o600 && runtime.GOOS != "windows" {
		t.Errorf("its mode is %o", got)
	}
	if got, err := os.ReadFile(path); string(got) != "new" {
		t.Errorf("it holds %q, %v", got, err)
	}
}

// A write that fails leaves the old file, and nothing beside it.
func TestFailedWrite(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "state.json")
	if err := atomicfile.Write(path, text("old")); err != nil {
		t.Fatal(err)
	}
	full := errors.New("no space left")
	err := atomicfile.WritePrivate(path, func(w io.Writer) error { return errors.Join(text("ne")(w), full) })
	if !errors.Is(err, full) {
		t.Errorf("it failed with %v", err)
	}
	if got, err := os.ReadFile(path); string(got) != "old" {
		t.Errorf("it holds %q, %v", got, err)
	}
	if entries, err := os.ReadDir(dir); len(entries) != 1 {
		t.Errorf("the folder holds %v, %v", entries, err)
	}
}
