package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pipe/cmd/pipe/internal/app"
	"pipe/pipeline/practice"
)

// The demo brings every vehicle's own file home by the shipped spec, and run
// again fetches nothing.
func TestDemo(t *testing.T) {
	t.Parallel()
	needsBrowser(t)
	j := &job{t: t, dir: t.TempDir()}
	out := j.pipe(app.ExitDone, "demo")
	has(t, out, "inventory: 30 of 30 done", totals(30, 30, 0, 0, 0), "2 logins, 30 PDFs produced, 0 of them twice")
	read := reader(t)
	files, err := filepath.Glob(filepath.Join(j.dir, "out", "demo", "files", "*.pdf"))
	j.must(err)
	for _, f := range files {
		if err := read(f, strings.TrimSuffix(filepath.Base(f), ".pdf")); err != nil {
			t.Errorf("%s: %v", f, err)
		}
	}
	if len(files) != 30 {
		t.Errorf("%d files, want 30", len(files))
	}
	out = j.pipe(app.ExitDone, "demo")
	has(t, out, "inventory: 30 of 30 done", "this run: nothing to do", "0 PDFs produced")
}

// Seven pages share one context and its popups; each takes its own.
func TestSevenPagesInOneContext(t *testing.T) {
	t.Parallel()
	sevenPagesInOneContext(t, 28)
}

func sevenPagesInOneContext(t *testing.T, vehicles int) {
	t.Helper()
	j := newJob(t, practice.Options{
		Vehicles: vehicles, Licence: true, PDFLatency: latency(0, 400*time.Millisecond), OnModal: meet(5), OnReport: meet(2),
	}, straight(t)...)
	j.plainly()
	has(t, j.run(app.ExitDone, "--contexts", "1", "--pages", "7"), fmt.Sprintf("inventory: %[1]d of %[1]d done", vehicles))
	j.whole()
	j.onceEach()
	if c := j.site.Counts(); c.Logins != 1 || c.PDFMax < 2 {
		t.Errorf("%d logins for one context, %d PDFs in the making at once", c.Logins, c.PDFMax)
	}
}

// Five contexts log in on their own and share nothing.
func TestFiveContexts(t *testing.T) {
	t.Parallel()
	fiveContexts(t, 20)
}

func fiveContexts(t *testing.T, vehicles int) {
	t.Helper()
	j := newJob(t, practice.Options{
		Vehicles: vehicles, PDFLatency: latency(0, 400*time.Millisecond), OnModal: meet(5),
	}, straight(t)...)
	j.plainly()
	has(t, j.run(app.ExitDone, "--contexts", "5", "--pages", "1"), fmt.Sprintf("inventory: %[1]d of %[1]d done", vehicles))
	j.whole()
	j.onceEach()
	if c := j.site.Counts(); c.Logins != 5 || c.SessionsMax != 5 {
		t.Errorf("%d logins and %d sessions for five contexts", c.Logins, c.SessionsMax)
	}
}

// While the grid is refreshed the old row stays clickable. Nobody clicks it:
// the site shows each vehicle's page once, and produces no other's PDF.
func TestStaleRow(t *testing.T) {
	t.Parallel()
	j := newJob(t, practice.Options{Vehicles: 8, AjaxLatency: latency(time.Second, 1500*time.Millisecond)})
	j.run(app.ExitDone, "--contexts", "1", "--pages", "4")
	j.whole()
	j.onceEach()
	opened := j.site.Counts().Opened
	for _, v := range j.site.Vehicles() {
		if n := opened[v.Reference]; n != 1 {
			t.Errorf("the page of %s was opened %d times", v.Reference, n)
		}
	}
}

// What the source says of itself: rows that are there twice, references that
// the site does not know.
func TestMissingAndDuplicates(t *testing.T) {
	t.Parallel()
	j := newJob(t, practice.Options{Vehicles: 12, Missing: 3, Duplicates: 4})
	out := j.run(app.ExitFailed)
	has(t, out, "inventory: 12 of 15 done", totals(19, 12, 3, 0, 4), "look again ", "failed 3, not_found: the inventory has no vehicle ", " (seen twice) (so for ", "pipe run inventory.yaml --retry-failed")
	j.whole()
	j.onceEach()
	status := j.pipe(app.ExitFailed, "status", "inventory.yaml")
	has(t, status, totals(19, 12, 3, 0, 4), "files: 12 on the disk as on record, 0 not")
	for _, ref := range j.site.MissingReferences() {
		has(t, status, "failed  "+ref+"  not_found: the inventory has no vehicle "+ref)
	}
	// They stay failed until they are asked for again.
	has(t, j.run(app.ExitFailed), "this run: nothing to do")
	has(t, j.run(app.ExitFailed, "--retry-failed"), "this run: 0 done, 3 failed")
}

// The three files that say where a run stands.
func TestFilesOfTheOutputFolder(t *testing.T) {
	t.Parallel()
	j := newJob(t, practice.Options{Vehicles: 5})
	j.run(app.ExitDone, "--limit", "3")
	read := func(name string) map[string]any {
		text, err := os.ReadFile(filepath.Join(j.out, name))
		j.must(err)
		var v map[string]any
		if err := json.Unmarshal(text, &v); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		return v
	}
	if n := len(read("tracking.json")); n != 3 {
		t.Errorf("tracking.json has %d files, want 3", n)
	}
	if got := read("checkpoint.json")["totals"].(map[string]any)["done"]; got != 3.0 {
		t.Errorf("checkpoint.json has done = %v, want 3", got)
	}
	if got := read("metrics.json")["seconds_per_phase"]; got == nil {
		t.Error("metrics.json has no seconds_per_phase")
	}
	has(t, j.run(app.ExitDone), "this run: 2 done", totals(5, 5, 0, 0, 0))
	if n := len(read("tracking.json")); n != 5 {
		t.Errorf("tracking.json has %d files, want 5", n)
	}
	j.whole()
	j.onceEach()
}
