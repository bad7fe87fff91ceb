package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"pipe/cmd/pipe/internal/app"
	"pipe/pipeline"
	"pipe/pipeline/practice"
)

// nextDay puts the same dealership in the place of the job's site, with other
// prices for its first vehicles.
func (j *job) nextDay(o practice.Options, repriced int) (changed map[string]bool) {
	j.t.Helper()
	changed, o.Prices = map[string]bool{}, map[string]int{}
	for i, v := range j.site.Vehicles() {
		o.Prices[v.Reference] = v.Price
		if i < repriced {
			o.Prices[v.Reference], changed[v.Reference] = v.Price+111, true
		}
	}
	site, err := practice.Start(j.t.Context(), o)
	j.must(err)
	j.t.Cleanup(func() { _ = site.Close() })
	j.site = site
	j.env = append(j.env, "INVENTORY_URL="+site.URL())
	return changed
}

// files reads what is in place, by name.
func (j *job) files() map[string][]byte {
	j.t.Helper()
	all := map[string][]byte{}
	dir := filepath.Join(j.out, "files")
	j.must(filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err == nil {
			all[filepath.ToSlash(name)], err = os.ReadFile(path)
		}
		return err
	}))
	return all
}

// An item is done again when its row has changed, and no other is. The old file
// is kept; it stands when its item cannot be done again.
func TestRefresh(t *testing.T) {
	t.Parallel()
	day := practice.Options{Vehicles: 6}
	j := newJob(t, day, append(straight(t), "retry:", "refresh: {on: changed, of: [price], keep: versions}\n\nretry:", "initial: 3s", "initial: 50ms")...)
	j.run(app.ExitDone)
	first := j.files()

	changed := j.nextDay(day, 2)
	has(t, j.run(app.ExitDone), "2 of those done are due again", "again      ", "this run: 2 done", totals(6, 6, 0, 0, 0))
	produced := j.site.Counts().Produced
	for _, v := range j.site.Vehicles() {
		if want := map[bool]int{true: 1}[changed[v.Reference]]; produced[v.Reference] != want {
			t.Errorf("the site produced the PDF of %s %d times, want %d", v.Reference, produced[v.Reference], want)
		}
	}
	second := j.files()
	for ref := range changed {
		name := ref + ".pdf"
		if bytes.Equal(first[name], second[name]) {
			t.Errorf("%s is the old one", name)
		}
		kept := 0
		for other, body := range second {
			if strings.HasPrefix(other, "versions/"+ref+".") && strings.HasSuffix(other, "Z.pdf") && bytes.Equal(body, first[name]) {
				kept++
			}
		}
		if kept != 1 {
			t.Errorf("%d versions of %s are kept", kept, name)
		}
	}
	has(t, j.pipe(app.ExitDone, "status", "inventory.yaml"), "files: 8 on the disk as on record, 0 not")
	has(t, j.pipe(app.ExitDone, "verify", "inventory.yaml"), "files: 8 on record = good 8 ", "orphaned 0")
	has(t, j.run(app.ExitDone), "this run: nothing to do")

	// A day on which it goes wrong.
	spec, err := os.ReadFile(filepath.Join(j.dir, "inventory.yaml"))
	j.must(err)
	j.write("inventory.yaml", strings.Replace(string(spec), "expect: {type: pdf, contains:", "expect: {type: pdf, min_size: 1GB, contains:", 1))
	records := j.records()
	j.nextDay(day, 1)
	has(t, j.run(app.ExitFailed), "NOT AGAIN", "done before and not again, their old files and records stand: 1, proof_failed", totals(6, 6, 0, 0, 0), "tries them again")
	if now := j.files(); !reflect.DeepEqual(now, second) {
		t.Error("a refresh that failed changed the files")
	}
	if now := j.records(); !reflect.DeepEqual(now, records) {
		t.Errorf("a refresh that failed changed the records: %q", now)
	}
	j.write("inventory.yaml", string(spec))
	has(t, j.pipe(app.ExitFailed, "status", "inventory.yaml"), "0 due again, 1 could not be done again", "stale   ", "files: 8 on the disk as on record, 0 not")
	j.pipe(app.ExitDone, "verify", "inventory.yaml")
	has(t, j.run(app.ExitDone), "this run: 1 done")
	has(t, j.pipe(app.ExitDone, "verify", "inventory.yaml"), "files: 9 on record = good 9 ", "orphaned 0")
}

// A file that gets another name takes the place of the old one all the same, and
// a run that is killed on the way leaves nothing that the next does not put right.
func TestRefreshReplaces(t *testing.T) {
	t.Parallel()
	day := practice.Options{Vehicles: 12, PDFLatency: latency(100*time.Millisecond, 300*time.Millisecond)}
	j := newJob(t, day, append(straight(t), "retry:", "refresh: changed\n\nretry:", `as: "${{ item.stock_number }}.pdf"`, `as: "${{ item.stock_number }}-${{ item.price }}.pdf"`)...)
	j.run(app.ExitDone)
	j.nextDay(day, 12)
	s := j.start()
	s.await(pipeline.ItemDone, 3)
	j.must(s.cmd.Process.Kill())
	s.ended(-1)
	has(t, j.run(app.ExitDone), totals(12, 12, 0, 0, 0))
	files := j.files()
	for _, v := range j.site.Vehicles() {
		name := fmt.Sprintf("%s-%d.pdf", v.Reference, v.Price)
		if files[name] == nil {
			t.Errorf("there is no %s", name)
		}
		delete(files, name)
	}
	for name := range files {
		t.Errorf("%s is still there", name)
	}
	has(t, j.pipe(app.ExitDone, "verify", "inventory.yaml"), "files: 12 on record = good 12 ", "orphaned 0")
}
