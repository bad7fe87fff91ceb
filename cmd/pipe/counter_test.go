package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pipe/pipeline/practice"
)

// Papers that come by a window which is used again, by a page that waits because
// its header says so, and by scripts that save and print are all there, each made
// once.
func TestEveryWay(t *testing.T) {
	t.Parallel()
	whole := shipped(t, "pace: {delay: 1s}", "pace: {delay: 0s}")
	begin := whole[indexOf(t, whole, "navigate:"):indexOf(t, whole, "record:")]
	j := newJob(t, practice.Options{Vehicles: 4}, append(strict, begin, `navigate:
  steps:
    - goto: "/counter/${{ item.stock_number }}"

download:
  - capture:
      on: {click: "#print"}
      as: "${{ item.stock_number }}.pdf"
      expect: {type: pdf, contains: "${{ item.stock_number }}"}
  - capture:
      on: {click: "#sticker"}
      as: "${{ item.stock_number }}-sticker.pdf"
      expect: {type: pdf, contains: "${{ item.stock_number }}"}
  - capture:
      on: {click: "#export"}
      as: "${{ item.stock_number }}.csv"
      expect: {type: csv, contains: "${{ item.stock_number }}"}
  - capture:
      on: {click: "#save"}
      as: "${{ item.stock_number }}.txt"
      expect: {contains: "${{ item.stock_number }}"}
  - capture:
      on: {click: "#sheet"}
      print: letter
      as: "${{ item.stock_number }}-sheet.pdf"
      expect: {type: pdf, contains: "Sheet of ${{ item.stock_number }}"}

`)...)
	out := j.run(0)
	has(t, out, totals(4, 4, 0, 0, 0))
	for _, v := range j.site.Vehicles() {
		j.hasFiles(j.out, v, ".pdf", "-sticker.pdf", "-sheet.pdf")
		j.producedOnce(v, "", " sticker")
		for name, end := range map[string]string{".csv": "12.5% of list\n" + v.Reference + ";M\xfcller;0%", ".txt": "12.5% of list"} {
			text, err := os.ReadFile(filepath.Join(j.out, "files", v.Reference+name))
			if err != nil || !strings.HasSuffix(string(text), end) {
				t.Errorf("%s%s: %q, %v", v.Reference, name, text, err)
			}
		}
	}
}
