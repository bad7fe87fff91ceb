package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pipe/pipeline/practice"
)

// Of files as older systems leave them each whole one is brought home under the
// name that people see, and one that is cut off is a failure.
func TestArchive(t *testing.T) {
	t.Parallel()
	j := newJob(t, practice.Options{Vehicles: 7})
	whole := shipped(t)
	login := whole[strings.Index(whole, "login:"):strings.Index(whole, "source:")]
	var items []string
	for _, v := range j.site.Vehicles() {
		items = append(items, fmt.Sprintf("{no: %s}", v.Reference))
	}
	j.write("archive.yaml", `
name: archive
base_url: ${{ env.INVENTORY_URL }}
key: ${{ item.no }}
`+login+`
source: {items: [`+strings.Join(items, ", ")+`]}
download:
  - capture: {url: "/archive/${{ item.no }}/papers", many: true, as: "${{ item.no }}/${{ file.name }}", expect: {contains: "${{ item.no }}"}}
  - capture: {url: "/archive/${{ item.no }}/report", as: "${{ item.no }}/${{ file.site_name }}", expect: {type: pdf, contains: "${{ item.no }}"}}
retry: {attempts: 1}
`)
	out := j.pipe(1, "run", "archive.yaml", "--out", "out")
	has(t, out, "is cut off: a PDF")
	for _, v := range j.site.Vehicles() {
		names := append([]string{"Übersicht.pdf"}, practice.PaperNames(v)...)
		for _, name := range names {
			_, err := os.Stat(filepath.Join(j.dir, "out", "files", v.Reference, name))
			if there := err == nil; there != practice.ArchiveHolds(v) {
				t.Errorf("%s of %s is there: %v", name, v.Reference, there)
			}
		}
	}
}
