package main

import (
	"testing"

	"pipe/pipeline/practice"
)

// Where the site gives a login's pages the report of the vehicle that any of them has
// opened last, steps that exclude one another bring each item its own.
func TestSharedVehicle(t *testing.T) {
	t.Parallel()
	whole := shipped(t, "pace: {delay: 1s}", "pace: {delay: 0s}")
	way := whole[indexOf(t, whole, "navigate:"):indexOf(t, whole, "record:")]
	j := newJob(t, practice.Options{Vehicles: 8}, append(strict, way, `navigate:
  steps:
    - goto: /bench
    - {fill: {label: Stock number, value: "${{ item.stock_number }}"}, exclusive: bench}
    - {click: {role: button, name: Open}, exclusive: bench}
    - {wait: {selector: "#stock", text: "${{ item.stock_number }}"}, exclusive: bench}

download:
  - capture:
      on: {click: {role: link, name: Bench report}}
      as: "${{ item.stock_number }}.pdf"
      expect: {type: pdf, contains: "${{ item.stock_number }}"}
    exclusive: bench

`)...)
	has(t, j.run(0), totals(8, 8, 0, 0, 0))
	for _, v := range j.site.Vehicles() {
		j.hasFiles(j.out, v, ".pdf")
	}
	if n := j.site.Counts().Mixed; n != 0 {
		t.Errorf("%d reports are another vehicle's", n)
	}
}
