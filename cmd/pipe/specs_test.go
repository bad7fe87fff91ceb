package main

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pipe/cmd/pipe/internal/app"
	"pipe/pipeline"
	"pipe/pipeline/practice"
	"pipe/specs"
)

// brings says of each shipped spec which files it brings home of a vehicle,
// NAME standing for its reference, and under which names the site counts them.
var brings = map[string]map[string]string{
	"api":       {"NAME.pdf": "NAME"},
	"app":       {"NAME.pdf": "NAME"},
	"blobs":     {"NAME.pdf": "NAME"},
	"documents": {"NAME/bookout.pdf": "NAME", "NAME/sticker.pdf": "NAME sticker", "NAME/equipment.csv": "NAME equipment"},
	"feed":      {"NAME.pdf": "NAME"},
	"forms":     {"NAME.pdf": "NAME"},
	"frames":    {"NAME.pdf": "NAME"},
	"inventory": {"NAME.pdf": "NAME"},
	"post":      {"NAME.pdf": "NAME"},
	"shadow":    {"NAME.pdf": "NAME"},
	"table":     {"NAME.pdf": "NAME"},
	"totp":      {"NAME.pdf": "NAME"},
}

// Each shipped spec brings every vehicle's own files and record home from the
// pages that it is for, at the first attempt, and has the site make each of them
// once.
func TestShippedSpecs(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob(filepath.Join("..", "..", "specs", "*.yaml"))
	if err != nil || len(paths) != len(brings) || len(paths) < 12 {
		t.Errorf("%d specs are shipped, %d are tested: %v", len(paths), len(brings), err)
	}
	for _, path := range paths {
		name := strings.TrimSuffix(filepath.Base(path), ".yaml")
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			files := brings[name]
			if files == nil {
				t.Fatal("nothing here says what this spec brings home")
			}
			j := newShippedJob(t, name, practice.Options{
				Vehicles: 4, AjaxLatency: latency(0, 60*time.Millisecond), PageLatency: latency(0, 30*time.Millisecond), PDFLatency: latency(0, 150*time.Millisecond),
			})
			out := j.pipe(app.ExitDone, "run", name+".yaml")
			has(t, out, name+": 4 of 4 done", totals(4, 4, 0, 0, 0))
			j.brought(t, files)
			for _, v := range j.site.Vehicles() {
				if reasons := j.reasons(v.Reference); len(reasons) > 0 {
					t.Errorf("%s failed before: %q", v.Reference, reasons)
				}
			}
			if c := j.site.Counts(); c.Logins != j.contexts(t, name) {
				t.Errorf("%d logins", c.Logins)
			}
		})
	}
}

// The demo runs any of them, each in a folder of its own.
func TestDemoByName(t *testing.T) {
	t.Parallel()
	needsBrowser(t)
	j := &job{t: t, dir: t.TempDir()}
	j.plainly()
	has(t, j.pipe(app.ExitDone, "demo", "totp", "--vehicles", "3"), "totp: 3 of 3 done", "1 login, 3 PDFs produced, 0 of them twice")
	if got := below(t, filepath.Join(j.dir, "out", "demo-totp", "files")); len(got) != 3 {
		t.Errorf("the files are %q", got)
	}
	has(t, j.pipe(app.ExitDone, "demo", "--help"), "  totp       A report behind a login that asks for a one-time code.\n")
	has(t, j.pipe(app.ExitSpec, "demo", "totpp"), `no shipped spec is called "totpp": there are api, app, blobs, `)
}

// newShippedJob is a job of a shipped spec, without its pause between vehicles.
func newShippedJob(t *testing.T, name string, o practice.Options) *job {
	t.Helper()
	j := newJob(t, o)
	j.plainly()
	src, is := specs.ReadShipped(specs.ShippedPath(name))
	if !is {
		t.Fatalf("%s is not built in", name)
	}
	j.write(name+".yaml", strings.ReplaceAll(string(src), "pace: {delay: 1s}", "pace: {delay: 0s}"))
	j.out = filepath.Join(j.dir, "out", name)
	j.env = append(j.env, "DEALER_OTP="+practice.DefaultSeed)
	return j
}

// contexts is how many contexts a shipped spec asks for.
func (j *job) contexts(t *testing.T, name string) int {
	t.Helper()
	src, _ := specs.ReadShipped(specs.ShippedPath(name))
	_, rest, _ := strings.Cut(string(src), "\n  contexts: ")
	var n int
	if _, err := fmt.Sscan(rest, &n); err != nil {
		t.Fatal(err)
	}
	return n
}

// brought makes sure that each vehicle's files and its record are its own and
// there, nothing else is, and the site has made each of them once.
func (j *job) brought(t *testing.T, files map[string]string) {
	t.Helper()
	store, err := proofs()
	j.must(err)
	var want []string
	produced := map[string]int{}
	vins := map[string]string{}
	for _, v := range j.site.Vehicles() {
		vins[v.Reference] = v.VIN
		for file, count := range files {
			file = strings.ReplaceAll(file, "NAME", v.Reference)
			want = append(want, filepath.FromSlash(file))
			produced[strings.ReplaceAll(count, "NAME", v.Reference)] = 1
			body, err := os.ReadFile(filepath.Join(j.out, "files", file))
			j.must(err)
			staged, err := store.Create(t.Context())
			j.must(err)
			_, err = staged.Write(body)
			j.must(err)
			j.must(staged.Close())
			_, err = store.Prove(t.Context(), staged, pipeline.Expectation{Type: strings.TrimPrefix(filepath.Ext(file), "."), Contains: []string{v.Reference, v.VIN}})
			staged.Discard()
			if err != nil {
				t.Errorf("%s: %v", file, err)
			}
		}
	}
	if got := below(t, filepath.Join(j.out, "files")); !slices.Equal(got, sorted(want)) {
		t.Errorf("the files are %q, want %q", got, sorted(want))
	}
	if got := j.site.Counts().Produced; fmt.Sprint(got) != fmt.Sprint(produced) {
		t.Errorf("the site has made %v, want %v", got, produced)
	}
	j.recorded(t, vins)
}

// recorded wants one record of each vehicle, with its VIN.
func (j *job) recorded(t *testing.T, vins map[string]string) {
	t.Helper()
	f, err := os.Open(filepath.Join(j.out, "vehicles.csv"))
	j.must(err)
	defer func() { _ = f.Close() }()
	rows, err := csv.NewReader(f).ReadAll()
	j.must(err)
	column := slices.Index(rows[0], "vin")
	if column < 0 || len(rows) != len(vins)+1 {
		t.Fatalf("%d records with the columns %q", len(rows)-1, rows[0])
	}
	for _, row := range rows[1:] {
		if row[column] != vins[row[0]] || slices.Contains(row, "") || slices.Contains(row, "0") {
			t.Errorf("the record of %s is %q, want the VIN %s", row[0], row, vins[row[0]])
		}
		delete(vins, row[0])
	}
	if len(vins) > 0 {
		t.Errorf("no record of %v", vins)
	}
}

// below lists the files of a folder and of those in it, in order.
func below(t *testing.T, dir string) []string {
	t.Helper()
	var names []string
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		names = append(names, name)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return sorted(names)
}

func sorted(names []string) []string { return slices.Sorted(slices.Values(names)) }
