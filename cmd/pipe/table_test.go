package main

import (
	"strings"
	"testing"
	"time"

	"pipe/pipeline/practice"
)

// The items are the rows of the site's grid, on all its pages, which turn some
// time after the click; and each record holds rows of the vehicle's page.
func TestTableSource(t *testing.T) {
	t.Parallel()
	j := newJob(t, practice.Options{Vehicles: 60, AjaxLatency: latency(0, 300*time.Millisecond)}, `  export:                             # the list comes from the site itself
    steps:
      - goto: /inventory
      - click: {role: button, name: Export}
      - click: {text: Export All Columns}
      - click: {text: Export to CSV}
    format: csv
`, `  table:
    goto: /inventory
    rows: "#grid tbody tr"
    fields: {stock_number: {text_of: td.stock}}
    paginate: {next: {role: link, name: Next}}
`, "    pages: ${{ file.pages }}\n", `    facts: {rows_of: {rows: "tr:has(#vin)", fields: {vin: {text_of: "#vin"}}}}
`)
	j.plainly()
	has(t, j.run(ExitDone), "inventory: 60 of 60 done", totals(60, 60, 0, 0, 0))
	j.whole()
	j.onceEach()
	row := j.records()[1]
	if !strings.Contains(strings.Join(row, "|"), `|[{"vin":"`) {
		t.Errorf("the record is %q", row)
	}
}
