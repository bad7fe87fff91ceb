package main

import (
	"path/filepath"
	"testing"

	"pipe/cmd/pipe/internal/app"
	"pipe/pipeline/practice"
)

// Looking before a run: a dry run and a try tell what the source is, print what log steps
// say, convert and prove the record's values, and take an item that is done; the source
// alone goes step by step, with pictures, and ends where it is told.
func TestLooks(t *testing.T) {
	t.Parallel()
	j := newJob(t, practice.Options{Vehicles: 3}, straight(t)...)
	ref := j.site.Vehicles()[0].Reference
	j.run(app.ExitDone, "--only", ref)
	produced := len(j.site.Counts().Produced)
	right := append(straight(t), "pace: {delay: 1s}", "pace: {delay: 0s}", "download:\n", "download:\n  - log: \"at ${{ item.stock_number }}\"\n")
	j.write("inventory.yaml", shipped(t, right...))
	has(t, j.run(app.ExitDone, "--dry-run", "--item", ref), "source  ", "CSV in UTF-8", "says: at "+ref, "record.fields.vin", "dry run: 3 rows, 1 item walked, 0 failed")
	has(t, j.run(app.ExitSpec, "--dry-run", "--item", "nobody"), `no item has the key "nobody", of the 3 rows of the source`)
	has(t, j.run(app.ExitSpec, "--item", ref), "--item goes with --dry-run")
	has(t, j.pipe(app.ExitDone, "try", "inventory.yaml", "--item", ref, "--headless"), "CSV in UTF-8", "says: at "+ref, "done: 1 file, 2 fields")

	j.write("inventory.yaml", shipped(t, append(right, "pool:", quick, `vin: {text_of: "#vin"}`, `vin: {text_of: "#vin", type: number}`)...))
	const wrong = "record.fields.vin"
	has(t, j.run(app.ExitFailed, "--dry-run", "--item", ref), wrong, "FAILED: ", ", no number")
	has(t, j.pipe(app.ExitFailed, "try", "inventory.yaml", "--item", ref, "--headless"), wrong, ", no number")
	if n := len(j.site.Counts().Produced); n > produced+1 {
		t.Errorf("%d files were produced, %d by the run before", n, produced)
	}

	out := j.pipe(app.ExitDone, "source", "inventory.yaml", "--headless", "--screenshots", "shots", "--samples", "2")
	has(t, out, "source.export.steps[1].click  inventory.yaml:", "CSV in UTF-8", "3 rows: 3 items, 0 duplicates, 0 bad rows", "  stock_number  filled in 3, the first: "+ref, "  stock_number: "+ref)
	if shots, err := filepath.Glob(filepath.Join(j.dir, "shots", "*.png")); err != nil || len(shots) == 0 {
		t.Errorf("%d pictures, %v", len(shots), err)
	}
	out = j.pipe(app.ExitDone, "source", "inventory.yaml", "--headless", "--until", "source.export.steps[0]")
	has(t, out, "source.export.steps[0].goto", "ended before the rows, as --until says")
	has(t, j.pipe(app.ExitSpec, "source", "inventory.yaml", "--headless", "--until", "source.export.steps[9]"), "the source has no step")
}
