package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pipe/cmd/pipe/internal/app"
	"pipe/pipeline"
	"pipe/pipeline/practice"
)

// recordedAt is where the recordings of testdata/import were made.
const recordedAt = "http://practice.test:8080"

// importedItems are the items of the recordings that were not made with the usual one.
var importedItems = map[string]string{
	"documents.jsonl": "25L5281", "documents_async.py": "25L5281", "documents.har": "25L5281",
	"frames.jsonl": "25L5281", "frames.js": "25L5281", "service-desk.side": "25L5281", "service-desk.iim": "25L5281",
}

// Each recording of another program, imported as a user would do it, brings every vehicle's own
// file home, with no change by hand.
func TestImportedSpecs(t *testing.T) {
	t.Parallel()
	needsBrowser(t)
	root := filepath.Join("..", "..", "testdata", "import")
	recordings, err := filepath.Glob(filepath.Join(root, "*", "*"))
	if err != nil || len(recordings) < 3*len(app.ImportFormats()) {
		t.Fatalf("%d recordings, %v", len(recordings), err)
	}
	site, err := practice.Start(t.Context(), practice.Options{Vehicles: 4})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = site.Close() })
	list, err := os.ReadFile(filepath.Join(root, "vehicles.csv"))
	if err != nil {
		t.Fatal(err)
	}
	slots := make(chan struct{}, 2) // each has a browser of its own
	for _, path := range recordings {
		format, name := filepath.Base(filepath.Dir(path)), filepath.Base(path)
		t.Run(format+"/"+name, func(t *testing.T) {
			t.Parallel()
			slots <- struct{}{}
			defer func() { <-slots }()
			src, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			j := &job{t: t, site: site, dir: t.TempDir(), env: []string{"SITE_USERNAME=" + practice.DefaultUser, "SITE_PASSWORD=" + practice.DefaultPassword}}
			j.plainly()
			j.write(name, strings.ReplaceAll(string(src), recordedAt, site.URL()))
			j.write("vehicles.csv", string(list))
			item := importedItems[name]
			if item == "" {
				item = "24G6047"
			}
			j.pipe(app.ExitDone, "import", name, "-o", "site.yaml", "--item", item, "--list", "vehicles.csv")
			has(t, j.pipe(app.ExitDone, "run", "site.yaml"), "site: 4 of 4 done")
			j.imported()
		})
	}
}

// imported wants a file of its own for each vehicle, at least, and none that is another's.
func (j *job) imported() {
	j.t.Helper()
	store, err := proofs()
	j.must(err)
	files := below(j.t, filepath.Join(j.dir, "out", "site", "files"))
	for _, v := range j.site.Vehicles() {
		own := 0
		for _, name := range files {
			if !strings.HasPrefix(name, v.Reference) {
				continue
			}
			own++
			path := filepath.Join(j.dir, "out", "site", "files", name)
			body, err := os.ReadFile(path)
			j.must(err)
			staged, err := store.Create(j.t.Context())
			j.must(err)
			_, err = staged.Write(body)
			j.must(err)
			j.must(staged.Close())
			if _, err := store.Prove(j.t.Context(), staged, pipeline.Expectation{Type: strings.TrimPrefix(filepath.Ext(name), "."), Contains: []string{v.Reference, v.VIN}}); err != nil {
				j.t.Errorf("%s: %v", name, err)
			}
			staged.Discard()
		}
		if own == 0 {
			j.t.Errorf("%s has no file: %q", v.Reference, files)
		}
	}
}
