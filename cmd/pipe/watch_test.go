package main

import (
	"os"
	"path/filepath"
	"testing"
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
	w, err := watchFiles(path)
	if err != nil {
		t.Fatal(err)
	}
	for name, save := range map[string]func(){
		"in place":               func() { put(path, "2"); put(path, "3") },
		"renamed":                func() { put(path+"~", "4"); _ = os.Rename(path+"~", path) },
		"moved away and written": func() { _ = os.Rename(path, path+".bak"); put(path, "5") },
	} {
		save()
		if _, open := <-w.saved; !open {
			t.Fatalf("%s: the watch has ended", name)
		}
	}
	// Once for all of it: what comes next is of the next save.
	other := filepath.Join(dir, "b.yaml")
	if err := w.follow(path, other); err != nil {
		t.Fatal(err)
	}
	put(other, "y")
	if _, open := <-w.saved; !open {
		t.Fatal("the watch has ended")
	}
	if err := w.follow(path); err != nil {
		t.Fatal(err)
	}
	put(other, "z")
	if err := w.close(); err != nil {
		t.Fatal(err)
	}
	if _, open := <-w.saved; open {
		t.Error("another file's save was told")
	}
}
