package main

import (
	"os"
	"path/filepath"
	"testing"

	"pipe/cmd/pipe/internal/app"
)

// A save is told whichever way an editor does it, and the neighbours' are not.
func TestWatchFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.yaml")
	put := func(path, text string) {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	put(path, "1")
	w, err := app.WatchFiles(path)
	if err != nil {
		t.Fatal(err)
	}
	for name, save := range map[string]func(){
		"in place":               func() { put(path, "2"); put(path, "3") },
		"renamed":                func() { put(path+"~", "4"); _ = os.Rename(path+"~", path) },
		"moved away and written": func() { _ = os.Rename(path, path+".bak"); put(path, "5") },
	} {
		save()
		if _, open := <-w.Saved; !open {
			t.Fatalf("%s: the watch has ended", name)
		}
	}
	// Once for all of it: what comes next is of the next save.
	other := filepath.Join(dir, "b.yaml")
	if err := w.Follow(path, other); err != nil {
		t.Fatal(err)
	}
	put(other, "y")
	if _, open := <-w.Saved; !open {
		t.Fatal("the watch has ended")
	}
	if err := w.Follow(path); err != nil {
		t.Fatal(err)
	}
	put(other, "z")
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if _, open := <-w.Saved; open {
		t.Error("another file's save was told")
	}
}
