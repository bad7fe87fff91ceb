package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pipe/cmd/pipe/internal/app"
	"pipe/pipeline/practice"
)

// withoutPage are the edits by which a spec goes its way, and takes its files, without a
// page.
func withoutPage(t *testing.T, edits []string) []string {
	t.Helper()
	all := slices.Clone(edits)
	for i := 1; i < len(all); i += 2 {
		all[i] = strings.Replace(all[i], "navigate:\n", "navigate:\n  via: http\n", 1)
		from, to := strings.Index(all[i], "download:\n"), strings.LastIndex(all[i], "\n\n")
		if from < 0 {
			continue
		}
		list := all[i][from+len("download:\n") : to]
		all[i] = all[i][:from] + "download:\n  via: http\n  steps:\n  " + strings.ReplaceAll(list, "\n", "\n  ") + all[i][to:]
	}
	return all
}

// forms are the edits by which the shipped spec works at the title office: a page after
// the other, without a script.
func forms(t *testing.T) []string {
	t.Helper()
	whole := shipped(t)
	return []string{whole[indexOf(t, whole, "navigate:"):indexOf(t, whole, "record:")], `navigate:
  home: /forms
  steps:
    - fill: {label: Stock number, value: "${{ item.stock_number }}"}
    - select: {label: Branch, option: Main Street}
    - click: {role: button, name: Search}
    - extract: {name: result, fields: {found: {text_of: "#grid td.stock"}}}
    - click: {role: link, name: Request a document}
    - select: {label: Document, exact: true, option: Bookout report}
    - check: {label: Internal audit}
    - check: {label: I am entitled to this document}
    - click: {role: button, name: Continue, writes: false}
    - wait: "#content .notice"

download:
  - capture:
      on: {click: {role: button, name: Download document}}
      as: "${{ item.stock_number }}.pdf"
      expect: {type: pdf, contains: "${{ item.stock_number }}", matches: "steps.result.found == item.stock_number"}

`}
}

// A site that needs no script is asked without a page, but for the first items, which go
// both ways. Each document is made once, and is the right one.
func TestFormsWithoutPage(t *testing.T) {
	t.Parallel()
	j := newJob(t, practice.Options{Vehicles: 12}, withoutPage(t, forms(t))...)
	out := j.run(app.ExitDone)
	has(t, out, totals(12, 12, 0, 0, 0))
	if strings.Contains(out, "by a page") {
		t.Errorf("items needed a page:\n%s", out)
	}
	for _, v := range j.site.Vehicles() {
		j.hasFiles(j.out, v, ".pdf")
		j.producedOnce(v, "")
	}
	if n := j.site.Counts().WithoutBrowser; n < 12*5 {
		t.Errorf("%d pages were asked for without a browser, want 5 for each of 12 vehicles at least", n)
	}
}

// Where guests are shown a poorer page without a word, and the way home leads over a page
// whose script sends a form, what needs a page goes by one: every vehicle is a member's in
// the end, and none has cost a try.
func TestGuestsOfTheClubWithoutPage(t *testing.T) {
	t.Parallel()
	j := newJob(t, practice.Options{Vehicles: 10, SessionRequests: 5, SessionPath: "/club/vehicle/*"}, withoutPage(t, club(t))...)
	has(t, j.run(app.ExitDone), totals(10, 10, 0, 0, 0))
	rows := j.records()
	price := slices.Index(rows[0], "price")
	for _, v := range j.site.Vehicles() {
		if !slices.ContainsFunc(rows, func(row []string) bool { return slices.Contains(row, v.VIN) && row[price] == fmt.Sprint(v.Price) }) {
			t.Errorf("%s has no record with its price %d: %v", v.Reference, v.Price, rows)
		}
	}
	if c := j.site.Counts(); c.Guests == 0 || c.WithoutBrowser == 0 {
		t.Errorf("%d pages for guests, %d without a browser", c.Guests, c.WithoutBrowser)
	}
}

// A site that needs scripts is done by pages, all of it right, and told.
func TestScriptsWithoutPage(t *testing.T) {
	t.Parallel()
	edits := append(straight(t), "navigate:\n  steps:", "navigate:\n  via: http\n  steps:")
	j := newJob(t, practice.Options{Vehicles: 8}, edits...)
	out := j.run(app.ExitDone)
	has(t, out, totals(8, 8, 0, 0, 0))
	for _, v := range j.site.Vehicles() {
		j.producedOnce(v, "")
	}
}
