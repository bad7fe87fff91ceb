package main

import (
	"bytes"
	"encoding/csv"
	"os"
	"path/filepath"
	"testing"

	"pipe/cmd/pipe/internal/app"
	"pipe/pipeline"
	"pipe/pipeline/ledger"
	"pipe/pipeline/practice"
)

// What a run has brought home: files, records, and what the ledger and the site
// say of them.

// whole asks the files, the ledger and the records whether each vehicle has its
// own file and nothing else is there.
func (j *job) whole() {
	j.t.Helper()
	stock := j.site.Vehicles()
	read := reader(j.t)
	vins := map[string]string{}
	for _, v := range stock {
		vins[v.Reference] = v.VIN
		path := filepath.Join(j.out, "files", v.Reference+".pdf")
		own, err := practice.Report(v)
		j.must(err)
		if got, err := os.ReadFile(path); err == nil && bytes.Equal(got, own) {
			continue
		}
		// Printed, or not what it should be.
		if err := read(path, v.Reference, v.VIN); err != nil {
			j.t.Errorf("%s: %v", v.Reference, err)
		}
	}
	names, err := os.ReadDir(filepath.Join(j.out, "files"))
	j.must(err)
	if len(names) != len(stock) {
		j.t.Errorf("%d files for %d vehicles", len(names), len(stock))
	}
	for _, row := range j.records()[1:] {
		if want := vins[row[0]]; row[1] != want || row[2] == "0" {
			j.t.Errorf("the record of %s is %q, want the VIN %s", row[0], row, want)
		}
		delete(vins, row[0])
	}
	if len(vins) > 0 {
		j.t.Errorf("no record of %v", vins)
	}
	staged, err := filepath.Glob(filepath.Join(j.out, ".staging", "*"))
	j.must(err)
	if len(staged) > 0 {
		j.t.Errorf("left behind: %v", staged)
	}
}

func (j *job) records() [][]string {
	j.t.Helper()
	f, err := os.Open(filepath.Join(j.out, "vehicles.csv"))
	j.must(err)
	defer func() { _ = f.Close() }()
	rows, err := csv.NewReader(f).ReadAll()
	j.must(err)
	return rows
}

// onceEach asks the site whether it produced each PDF just once.
func (j *job) onceEach() {
	j.t.Helper()
	counts := j.site.Counts()
	for _, v := range j.site.Vehicles() {
		if n := counts.Produced[v.Reference]; n != 1 {
			j.t.Errorf("the site produced the PDF of %s %d times", v.Reference, n)
		}
	}
}

// done gives the keys that the ledger has as done.
func (j *job) done() map[string]bool {
	j.t.Helper()
	led, err := ledger.OpenReadOnly(j.t.Context(), app.LedgerPath(j.out))
	j.must(err)
	defer func() { _ = led.Close() }()
	keys := map[string]bool{}
	for row, err := range led.Files(j.t.Context()) {
		j.must(err)
		keys[row.Key] = true
	}
	return keys
}

// reader gives what reads a file, apart from any run, and fails unless it is a
// whole PDF that holds the texts.
func reader(t *testing.T) func(path string, texts ...string) error {
	store, err := proofs()
	if err != nil {
		t.Fatal(err)
	}
	return func(path string, texts ...string) error {
		body, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		staged, err := store.Create(t.Context())
		if err != nil {
			return err
		}
		defer staged.Discard()
		if _, err := staged.Write(body); err != nil {
			return err
		}
		if err := staged.Close(); err != nil {
			return err
		}
		_, err = store.Prove(t.Context(), staged, pipeline.Expectation{Type: "pdf", Contains: texts, MinPages: 2})
		return err
	}
}
