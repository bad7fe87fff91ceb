package main

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pipe/cmd/pipe/internal/app"
	"pipe/pipeline/practice"
)

// What is not kept goes once it is so wanted; what items have stays, and runs go on.
func TestClean(t *testing.T) {
	t.Parallel()
	day := practice.Options{Vehicles: 2, Missing: 1}
	j := newJob(t, day, append(straight(t),
		"retry:", "refresh: {on: always, keep: versions}\n\nkeep: {runs: 1, evidence: 1, versions: 1}\n\nretry:")...)
	for n := range 4 {
		if n > 0 {
			j.nextDay(day, 2) // or the files would have the same bytes
		}
		j.run(app.ExitFailed, "--retry-failed")
	}
	runs := func() []string {
		all, err := filepath.Glob(filepath.Join(j.out, "evidence", "run-*"))
		j.must(err)
		return all
	}
	before, evidence := j.files(), runs()
	out := j.pipe(app.ExitDone, "clean", "inventory.yaml")
	has(t, out, "would free: ", "version   versions/", "evidence  evidence/run-1/", "--yes does it")
	if !maps.EqualFunc(before, j.files(), slices.Equal) || !slices.Equal(evidence, runs()) || len(evidence) != 4 {
		t.Errorf("something is freed already, or there was no evidence: %v", runs())
	}
	out = j.pipe(app.ExitDone, "clean", "inventory.yaml", "--yes")
	has(t, out, "freed: ")
	kept, versions := j.files(), 0
	for name, content := range before {
		switch _, there := kept[name]; {
		case strings.HasPrefix(name, "versions/"):
			if there {
				versions++
			}
		case !slices.Equal(content, kept[name]):
			t.Errorf("%s is not as it was", name)
		}
	}
	if versions != 2 {
		t.Errorf("%d versions are kept, want one of each vehicle's", versions)
	}
	if left := runs(); len(left) != 1 || filepath.Base(left[0]) != "run-4" {
		t.Errorf("evidence is left of %v", left)
	}
	has(t, j.pipe(app.ExitDone, "clean", "inventory.yaml", "--yes"), "there is nothing to free")
	j.pipe(app.ExitDone, "verify", "inventory.yaml")
	has(t, j.pipe(app.ExitFailed, "status", "inventory.yaml"), totals(3, 2, 1, 0, 0))
	j.run(app.ExitFailed)
}

// Nothing is freed beside a run, and what a clean-up has left that was cut short is
// removed by the next.
func TestCleanBesideARun(t *testing.T) {
	t.Parallel()
	j := newJob(t, practice.Options{Vehicles: 2}, "retry:", "keep: {evidence: 1}\n\nretry:")
	has(t, j.pipe(app.ExitEnvironment, "clean", "inventory.yaml", "--yes"), "nothing has run yet")
	run := j.start()
	run.await("attempt_started", 1)
	has(t, j.pipe(app.ExitEnvironment, "clean", "inventory.yaml", "--yes"), "a run is at work")
	for range run.events { // until it ends
	}
	left := filepath.Join(j.out, "evidence", "run-1", "7")
	j.must(os.MkdirAll(left, 0o755))
	j.pipe(app.ExitDone, "clean", "inventory.yaml", "--yes")
	if _, err := os.Stat(left); err == nil {
		t.Error("a folder that nobody knows is left")
	}
	j.write("inventory.yaml", shipped(t))
	has(t, j.pipe(app.ExitSpec, "clean", "inventory.yaml"), "it has no keep")
}
