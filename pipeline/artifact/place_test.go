package artifact

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"pipe/pipeline"
)

func TestPlacePutsTheWholeFileUnderItsName(t *testing.T) {
	t.Parallel()
	s := newStore(t, Options{})
	data := []byte("the report")
	f := stage(t, s, data)
	if err := s.Place(t.Context(), f, "2024/ford/24K0173.txt"); err != nil {
		t.Fatal(err)
	}
	want := filepath.Join(s.dir, "files", "2024", "ford", "24K0173.txt")
	if f.Path() != want {
		t.Errorf("path is %s, want %s", f.Path(), want)
	}
	got, err := os.ReadFile(want)
	if err != nil || !bytes.Equal(got, data) {
		t.Errorf("read %q, %v", got, err)
	}
	f.Discard()
	size, err := s.Stat(t.Context(), "2024/ford/24K0173.txt")
	if err != nil || size != int64(len(data)) {
		t.Errorf("after Discard: size %d, %v", size, err)
	}
	sum := sha256.Sum256(data)
	hash, err := s.Hash(t.Context(), "2024/ford/24K0173.txt")
	if err != nil || hash != hex.EncodeToString(sum[:]) || hash != f.SHA256() {
		t.Errorf("hash is %s, staged %s, %v", hash, f.SHA256(), err)
	}
	if left := list(t, s, stagingDir); len(left) != 0 {
		t.Errorf("staging still has %v", left)
	}
	if err := s.Place(t.Context(), f, "again.txt"); !errors.Is(err, errSettled) {
		t.Errorf("second Place: %v", err)
	}
}

func TestPlaceReplacesItsOwnNameButNoLookalike(t *testing.T) {
	t.Parallel()
	s := newStore(t, Options{})
	place := func(s *Store, name string) error {
		return s.Place(t.Context(), stage(t, s, []byte(name)), name)
	}
	for range 2 {
		if err := place(s, "a/Straße.pdf"); err != nil {
			t.Fatal(err)
		}
	}
	mustName := func(err error) {
		t.Helper()
		if err == nil || !strings.Contains(err.Error(), "a/Straße.pdf") || !strings.Contains(err.Error(), "A/STRASSE.pdf") {
			t.Errorf("error does not name both: %v", err)
		}
	}
	mustName(place(s, "A/STRASSE.pdf"))

	// The next run knows what is on disk.
	again, err := Open(t.Context(), s.dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = again.Close() }()
	mustName(place(again, "A/STRASSE.pdf"))
	if err := os.Remove(filepath.Join(s.dir, "files", "a", "Straße.pdf")); err != nil {
		t.Fatal(err)
	}
	if err := place(again, "A/STRASSE.pdf"); err != nil {
		t.Errorf("after the other is gone: %v", err)
	}
}

func TestPlaceRefuses(t *testing.T) {
	t.Parallel()
	s := newStore(t, Options{})
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	outside := t.TempDir()
	if err := s.List(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, filepath.Join(s.dir, "files", "out")); err != nil {
		t.Skip("no symbolic links here:", err)
	}
	discarded := stage(t, s, []byte("x"))
	discarded.Discard()
	for name, test := range map[string]struct {
		ctx  context.Context
		file pipeline.Staged
		name string
		want string
	}{
		"a name that leads out": {t.Context(), stage(t, s, []byte("x")), "../x.pdf", "out of the output folder"},
		"a name not made safe":  {t.Context(), stage(t, s, []byte("x")), "a:b.pdf", `"a_b.pdf" is`},
		"a link that leads out": {t.Context(), stage(t, s, []byte("x")), "out/x.pdf", "escapes"},
		"another store's file":  {t.Context(), stage(t, newStore(t, Options{}), []byte("x")), "x.pdf", "another store"},
		"a discarded file":      {t.Context(), discarded, "x.pdf", "discarded"},
		"a cancelled context":   {cancelled, stage(t, s, []byte("x")), "x.pdf", "canceled"},
	} {
		err := s.Place(test.ctx, test.file, test.name)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if found, _ := os.ReadDir(outside); len(found) != 0 {
		t.Errorf("outside: %v", found)
	}
}

// A reader that looks all the time sees one whole version or the other.
func TestPlaceIsAtomicForReaders(t *testing.T) {
	t.Parallel()
	s := newStore(t, Options{})
	versions := [][]byte{bytes.Repeat([]byte("a"), 300_000), bytes.Repeat([]byte("b"), 200_000)}
	put := func(i int) {
		if err := s.Place(t.Context(), stage(t, s, versions[i%2]), "x.bin"); err != nil {
			t.Error(err)
		}
	}
	put(0)
	done := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		defer close(done)
		for i := range 60 {
			put(i)
		}
	})
	for open := true; open; {
		select {
		case <-done:
			open = false
		default:
		}
		got, err := os.ReadFile(filepath.Join(s.dir, "files", "x.bin"))
		if err != nil || !bytes.Equal(got, versions[0]) && !bytes.Equal(got, versions[1]) {
			t.Errorf("saw %d bytes, %v", len(got), err)
			break
		}
	}
	wg.Wait()
}

func TestConcurrentPlaces(t *testing.T) {
	t.Parallel()
	s := newStore(t, Options{})
	var wg sync.WaitGroup
	errs := make(chan error, 16)
	for i := range 16 {
		wg.Go(func() {
			name := "deep/er/file.txt"
			if i%2 == 1 {
				name = "deep/er/FILE.txt"
			}
			errs <- s.Place(t.Context(), stage(t, s, []byte{byte(i)}), name)
		})
	}
	wg.Wait()
	close(errs)
	failed := 0
	for err := range errs {
		if err != nil {
			failed++
		}
	}
	if failed != 8 || len(list(t, s, "files/deep/er")) != 1 {
		t.Errorf("%d of 16 failed, files: %v", failed, list(t, s, "files/deep/er"))
	}
}

// What another run has placed since is known once the store is told of it: names
// that some file system takes for the same, and folders.
func TestKnownNames(t *testing.T) {
	t.Parallel()
	s := newStore(t, Options{})
	if err := s.Claim(t.Context(), "first.txt"); err != nil { // it has read what was there
		t.Fatal(err)
	}
	other, err := Open(t.Context(), s.dir, Options{Shared: true})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = other.Close() }()
	placed := []string{"Report.pdf", "Straße/a.pdf", "list"}
	for i, name := range placed {
		if err := other.Place(t.Context(), stage(t, other, []byte{byte(i)}), name); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Know(t.Context(), placed...); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"report.pdf", "STRASSE/A.PDF", "straße", "LIST/b.pdf"} {
		var refused *pipeline.ProofError
		if err := s.Claim(t.Context(), name); !errors.As(err, &refused) || refused.Check != "name" {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, name := range []string{"Report.pdf", "Straße/b.pdf", "report (2).pdf"} {
		if err := s.Claim(t.Context(), name); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
