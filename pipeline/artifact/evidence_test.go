package artifact

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestSetAside(t *testing.T) {
	t.Parallel()
	s := newStore(t, Options{})
	for key, want := range map[string]string{
		"24K0173":        "-24K0173-",
		"../../etc/cron": "-__.._etc_cron-",
		"..":             "-item-",
	} {
		f := stage(t, s, []byte("<!doctype html><title>Sign in</title>"))
		got, err := f.SetAside(key)
		if err != nil {
			t.Fatal(err)
		}
		if filepath.Dir(got) != filepath.Join(s.dir, "evidence") ||
			!strings.Contains(filepath.Base(got), want) || filepath.Ext(got) != ".html" {
			t.Errorf("key %q is set aside as %s", key, got)
		}
		if _, err := os.Stat(got); err != nil || f.Path() != got {
			t.Errorf("%v; path is %s", err, f.Path())
		}
		if _, err := f.SetAside(key); !errors.Is(err, errSettled) {
			t.Errorf("twice: %v", err)
		}
	}
}

func TestEvidenceIsBounded(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		opts  Options
		sizes []int
		want  []int // of what is left, the oldest first
	}{
		"by number":                  {Options{MaxEvidence: 2}, []int{1, 2, 3}, []int{2, 3}},
		"by size":                    {Options{MaxEvidenceBytes: 100}, []int{30, 60, 30}, []int{60, 30}},
		"but the newest stays":       {Options{MaxEvidenceBytes: 100}, []int{10, 500}, []int{500}},
		"nothing older than a cut":   {Options{MaxEvidenceBytes: 100}, []int{10, 95, 20}, []int{20}},
		"and is kept when it fits":   {Options{}, []int{1, 2, 3}, []int{1, 2, 3}},
		"one at a time if told such": {Options{MaxEvidence: 1}, []int{1, 2, 3}, []int{3}},
	} {
		s := newStore(t, test.opts)
		start := time.Now().Add(-time.Hour)
		for i, size := range test.sizes {
			f := stage(t, s, make([]byte, size))
			age := start.Add(time.Duration(i) * time.Minute)
			if err := os.Chtimes(f.Path(), age, age); err != nil {
				t.Fatal(err)
			}
			if _, err := f.SetAside("key"); err != nil {
				t.Fatal(err)
			}
		}
		kept, err := s.listEvidence("")
		if err != nil {
			t.Fatal(err)
		}
		if len(kept) != len(test.want) {
			t.Errorf("%s: %d files are left, want %d", name, len(kept), len(test.want))
			continue
		}
		for i, info := range kept {
			if want := test.want[len(kept)-1-i]; info.Size() != int64(want) {
				t.Errorf("%s: file %d has %d bytes, want %d", name, i, info.Size(), want)
			}
		}
	}
}
