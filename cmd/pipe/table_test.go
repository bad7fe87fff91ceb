package main

import (
	"strings"
	"testing"
	"time"

	"pipe/cmd/pipe/internal/app"
	"pipe/pipeline/practice"
)

// exported is the source of the main job's spec.
const exported = `  export:                             # the list comes from the site itself
    steps:
      - goto: /inventory
      - click: {role: button, name: Export}
      - click: {text: Export All Columns}
      - click: {text: Export to CSV}
    format: csv
`

// The items are the rows of the site's grid, on all its pages, which turn some
// time after the click; and each record holds rows of the vehicle's page.
func TestTableSource(t *testing.T) {
	t.Parallel()
	j := newJob(t, practice.Options{Vehicles: 28, AjaxLatency: latency(0, 300*time.Millisecond)}, exported, `  table:
    goto: /inventory
    rows: "#grid tbody tr"
    fields: {stock_number: {text_of: td.stock}}
    paginate: {next: {role: link, name: Next}}
`, "    pages: ${{ file.pages }}\n", `    facts: {rows_of: {rows: "tr:has(#vin)", fields: {vin: {text_of: "#vin"}}}}
`)
	j.plainly()
	has(t, j.run(app.ExitDone), "inventory: 28 of 28 done", totals(28, 28, 0, 0, 0))
	j.whole()
	j.onceEach()
	row := j.records()[1]
	if !strings.Contains(strings.Join(row, "|"), `|[{"vin":"`) {
		t.Errorf("the record is %q", row)
	}
}

// A list that steps make up counts row by row: what is no item is told and makes
// the exit code 1, and the others go on. Rows that are no list at all stop the run, at their place.
func TestCollectedList(t *testing.T) {
	t.Parallel()
	j := newJob(t, practice.Options{Vehicles: 3}, append(straight(t), exported, `  collect:
    steps:
      - goto: /inventory
      - extract: {name: grid, fields: {rows: {rows_of: {rows: "#grid tbody tr", fields: {stock_number: {text_of: td.stock}}}}}}
    rows: "${{ concat([{'stock_number': steps.grid.rows[0].stock_number, 'price': 12345678}, 'none'], steps.grid.rows[1:]) }}"
`, "    pages: ${{ file.pages }}\n", "    price: ${{ item.price }}\n")...)
	j.plainly()
	has(t, j.run(app.ExitFailed, "--contexts", "1", "--pages", "1"), `number 2 of the list is no JSON object but "\"none\""`, "inventory: 3 of 4 done, 1 bad row")
	j.whole()
	if got := strings.Join(j.records()[1], "|"); !strings.HasSuffix(got, "|12345678") {
		t.Errorf("the record is %q", got)
	}
	j = newJob(t, practice.Options{Vehicles: 1}, append(straight(t), exported, "  collect: {steps: [{goto: /inventory}], rows: \"${{ 'none' }}\"}\n", "pool:", quick)...)
	has(t, j.run(app.ExitSpec), "source.collect.rows (inventory.yaml:", "want a list of items, not none")
}
