package artifact

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"slices"
	"testing"
)

// An older file is kept under another name before a newer one takes its own,
// and files can be removed, wherever they are.
func TestKeepAndRemove(t *testing.T) {
	for where, dest := range destinations(t) {
		t.Run(where, func(t *testing.T) {
			s := bucketStore(t, t.TempDir(), dest)
			place := func(name, text string) string {
				t.Helper()
				if err := s.Place(t.Context(), stage(t, s, []byte(text)), name); err != nil {
					t.Fatal(err)
				}
				sum := sha256.Sum256([]byte(text))
				return hex.EncodeToString(sum[:])
			}
			keep := func(sum string) error { return s.Keep(t.Context(), "a/b.txt", sum, "versions/a/b.1.txt") }
			first := place("a/b.txt", "first")
			if err := keep("of others"); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("other bytes than on record: %v", err)
			}
			if got := names(t, s); !slices.Equal(got, []string{"a/b.txt"}) {
				t.Errorf("there are %v", got)
			}
			// The second time it is there, and the file itself another.
			for range 2 {
				if err := keep(first); err != nil {
					t.Fatal(err)
				}
				place("a/b.txt", "second")
			}
			if old, now := get(t, s, "versions/a/b.1.txt"), get(t, s, "a/b.txt"); string(old) != "first" || string(now) != "second" {
				t.Errorf("kept is %q, in place %q", old, now)
			}
			if left := list(t, s, stagingDir); len(left) != 0 {
				t.Errorf("staging still has %v", left)
			}
			for range 2 {
				if err := s.Remove(t.Context(), "a/b.txt"); err != nil {
					t.Fatal(err)
				}
			}
			if err := keep("of others"); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("no file at all: %v", err)
			}
			if got := names(t, s); !slices.Equal(got, []string{"versions/a/b.1.txt"}) {
				t.Errorf("there are %v", got)
			}
			// The name is free, also for one that differs in case.
			place("a/B.txt", "third")
		})
	}
}
