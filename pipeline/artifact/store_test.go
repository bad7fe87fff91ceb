package artifact

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"pipe/pipeline"
)

func TestOpen(t *testing.T) {
	t.Parallel()
	s := newStore(t, Options{})
	stale := stage(t, s, []byte("left by a run that was killed"))
	if err := stale.Close(); err != nil {
		t.Fatal(err)
	}
	reader, err := Open(t.Context(), s.dir, Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = reader.Close() }()
	if left := list(t, s, stagingDir); len(left) != 1 {
		t.Errorf("ReadOnly swept: %v left", left)
	}
	writer, err := Open(t.Context(), s.dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = writer.Close() }()
	if left := list(t, s, stagingDir); len(left) != 0 {
		t.Errorf("not swept: %v", left)
	}
	if _, err := Open(t.Context(), filepath.Join(s.dir, "absent"), Options{ReadOnly: true}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("absent folder: %v", err)
	}
	if _, err := reader.Stat(t.Context(), "absent.pdf"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("absent file: %v", err)
	}
	if _, err := reader.Stat(t.Context(), "."); err == nil {
		t.Error("a folder passes for a file")
	}
	if _, err := reader.Hash(t.Context(), "../../x"); err == nil {
		t.Error("a path that leads out was read")
	}
}

func TestFullDiskIsToldClearly(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("needs /dev/full")
	}
	s := newStore(t, Options{})
	f := stage(t, s, nil).(*staged)
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip(err)
	}
	_ = f.file.Close()
	f.file = full
	_, err = f.Write([]byte("x"))
	if !errors.Is(err, syscall.ENOSPC) || !strings.Contains(err.Error(), "make room") {
		t.Errorf("write: %v", err)
	}
	// The hole in the file must not be forgotten.
	if err := s.Place(t.Context(), f, "x.pdf"); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("place: %v", err)
	}
	if _, err := s.Prove(t.Context(), f, pipeline.Expectation{}); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("prove: %v", err)
	}
	f.Discard()
	if left := list(t, s, stagingDir); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
	if err := diskError(syscall.EDQUOT); !errors.Is(err, syscall.ENOSPC) || !errors.Is(err, syscall.EDQUOT) {
		t.Errorf("quota: %v", err)
	}
}

func TestStagedAfterCloseAndDiscard(t *testing.T) {
	t.Parallel()
	s := newStore(t, Options{})
	f := stage(t, s, []byte("12345"))
	if f.Size() != 5 {
		t.Errorf("size is %d", f.Size())
	}
	for range 2 {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	}
	if _, err := f.Write([]byte("6")); !errors.Is(err, os.ErrClosed) {
		t.Errorf("write after close: %v", err)
	}
	f.Discard()
	f.Discard()
	if _, err := os.Stat(f.Path()); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("still there: %v", err)
	}
}

func list(t *testing.T, s *Store, dir string) []string {
	t.Helper()
	entries, err := fs.ReadDir(s.root.FS(), dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}
