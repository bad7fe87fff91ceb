package main

import (
	"fmt"
	"strings"
	"testing"

	"pipe/pipeline/practice"
)

// On pages that poll, show previews, fetch the next item's file ahead, bring two
// files for one click, and have no certificate for each item, every item gets its
// own files at the first attempt.
func TestRightOneOfSeveral(t *testing.T) {
	t.Parallel()
	whole := shipped(t, "pace: {delay: 1s}", "pace: {delay: 0s}")
	begin := whole[indexOf(t, whole, "navigate:"):indexOf(t, whole, "record:")]
	j := newJob(t, practice.Options{Vehicles: 4}, append(strict, begin, `navigate:
  steps:
    - goto: "/mailroom/${{ item.stock_number }}"

download:
  - capture:
      on: {click: "#show"}
      as: "${{ item.stock_number }}.pdf"
      expect: {type: pdf, contains: "${{ item.stock_number }}"}
  - capture:
      on: {click: "#both"}
      as: "${{ item.stock_number }}-sticker.pdf"
      expect: {type: pdf, contains: "${{ item.stock_number }}"}
  - capture:
      on: {click: "#both"}
      as: "${{ item.stock_number }}-equipment.csv"
      expect: {type: csv, contains: "${{ item.stock_number }}"}
  - capture:
      on: {click: "#certificate"}
      as: "${{ item.stock_number }}-certificate.pdf"
      expect: {type: pdf, contains: "Certificate of ${{ item.stock_number }}"}
      if_none: skip

`)...)
	out := j.run(0)
	for _, v := range j.site.Vehicles() {
		files := []string{".pdf", "-sticker.pdf", "-equipment.csv"}
		if practice.HasCertificate(v) {
			files = append(files, "-certificate.pdf")
		} else {
			has(t, out, "without download[3].capture: the site answered 404")
		}
		j.hasFiles(j.out, v, files...)
		j.producedOnce(v, "", " sticker", " equipment")
	}
	has(t, out, fmt.Sprintf("passed by the answer of %s/mailroom/thumbnail", j.site.URL()), totals(4, 4, 0, 0, 0))
	has(t, j.pipe(0, "status", "inventory.yaml"), "without")
}

func indexOf(t *testing.T, text, part string) int {
	t.Helper()
	at := strings.Index(text, part)
	if at < 0 {
		t.Fatalf("no %q", part)
	}
	return at
}
