package artifact

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// A file is held aside while a newer one has its name, and comes back as it was,
// wherever files are.
func TestSavedFiles(t *testing.T) {
	for where, dest := range destinations(t) {
		t.Run(where, func(t *testing.T) {
			ctx, s := t.Context(), bucketStore(t, t.TempDir(), dest)
			place := func(text string) string {
				t.Helper()
				if err := s.Place(ctx, stage(t, s, []byte(text)), "a/b.txt"); err != nil {
					t.Fatal(err)
				}
				sum := sha256.Sum256([]byte(text))
				return hex.EncodeToString(sum[:])
			}
			first := place("first")
			for range 2 {
				if err := s.Save(ctx, "a/b.txt", first); err != nil {
					t.Fatal(err)
				}
				place("second")
			}
			if all, err := s.Saved(); err != nil || len(all) != 1 || all[0] != first {
				t.Errorf("held aside: %v, %v", all, err)
			}
			for range 2 {
				if err := s.Restore(ctx, first, "a/b.txt"); err != nil {
					t.Fatal(err)
				}
			}
			if got := get(t, s, "a/b.txt"); string(got) != "first" {
				t.Errorf("put back is %q", got)
			}
			// What was altered beside it is no file of the item's.
			if err := os.WriteFile(filepath.Join(s.dir, savedDir, first), []byte("altered"), 0o600); err != nil {
				t.Fatal(err)
			}
			place("third")
			if err := s.Restore(ctx, first, "a/b.txt"); err != nil || string(get(t, s, "a/b.txt")) != "third" {
				t.Errorf("%q, %v", get(t, s, "a/b.txt"), err)
			}
			for range 2 {
				if err := s.DropSaved(first); err != nil {
					t.Fatal(err)
				}
			}
			if err := s.Save(ctx, "none.txt", first); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("no file: %v", err)
			}
			if all, err := s.Saved(); err != nil || len(all) > 0 || len(list(t, s, stagingDir)) > 0 {
				t.Errorf("left: %v, %v", all, err)
			}
		})
	}
}
