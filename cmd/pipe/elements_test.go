package main

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"pipe/cmd/pipe/internal/app"
	"pipe/pipeline"
	"pipe/pipeline/ledger"
	"pipe/pipeline/practice"
)

// known is what the ledger has of the elements of a place of the spec.
func (j *job) known() map[string]pipeline.KnownElement {
	j.t.Helper()
	led, err := ledger.OpenReadOnly(j.t.Context(), app.LedgerPath(j.out))
	j.must(err)
	defer func() { _ = led.Close() }()
	all, err := led.KnownElements(j.t.Context())
	j.must(err)
	by := map[string]pipeline.KnownElement{}
	for _, e := range all {
		by[e.Place+" "+e.Target] = e
	}
	return by
}

// A run keeps what its targets led to: of the login, the source, the steps and the
// record, as it was before the step acted, without secrets and without the item's values.
func TestKnownElements(t *testing.T) {
	t.Parallel()
	j := newJob(t, practice.Options{Vehicles: 3}, "pool:", quick)
	j.run(app.ExitDone)
	known := j.known()
	var places []string
	for place := range known {
		places = append(places, place)
	}
	slices.Sort(places)
	want := []string{
		`download[0].click button "Print/Email Reports"`,
		`download[1].capture.on.click button "Create PDF"`,
		`login.steps[1].fill label "User name"`,
		`login.steps[2].fill label "Password"`,
		`login.steps[3].click button "Sign in"`,
		`login.success "#inventory"`,
		`navigate.steps[2].fill "#StockNumber"`,
		`navigate.steps[3].wait "#grid tbody tr:only-child td.stock:text-is('${{ item.stock_number }}')" or "#grid td.empty"`,
		`navigate.steps[5].click "#grid tbody tr:only-child img[title=Bookout]"`,
		`record.fields.vin "#vin"`,
		`source.export.steps[1].click button "Export"`,
		`source.export.steps[2].click text "Export All Columns"`,
		`source.export.steps[3].click text "Export to CSV"`,
	}
	for _, place := range want {
		if !slices.Contains(places, place) {
			t.Errorf("nothing is known of %s, but of\n%s", place, strings.Join(places, "\n"))
		}
	}
	cell, vin := known[want[7]].Element, known[want[9]].Element
	if cell.Text != "${{ item.stock_number }}" || cell.Column != "Stock Number" || vin.Text != "${{ item.VIN }}" || vin.Attributes["id"] != "vin" {
		t.Errorf("%+v\n%+v", cell, vin)
	}
	for place, e := range known {
		if text, _ := json.Marshal(e); e.Run != 1 || strings.Contains(string(text), practice.DefaultPassword) {
			t.Errorf("%s: %s", place, text)
		}
	}
}

// Of an item that fails nothing is kept: what its steps found may be what shows that.
func TestElementsOfFailedSteps(t *testing.T) {
	t.Parallel()
	j := newJob(t, practice.Options{Vehicles: 2}, "pool:", quick, `  - click: {role: button, name: Print/Email Reports}`,
		`  - fill: {selector: "#reference", value: x, timeout: 1s}`, "  attempts: 3", "  attempts: 1")
	j.run(app.ExitFailed, "--limit", "1")
	known := j.known()
	if e, is := known[`download[0].fill "#reference"`]; is {
		t.Errorf("%+v", e)
	}
	if _, is := known[`navigate.steps[2].fill "#StockNumber"`]; is {
		t.Error("what led to a failure is kept")
	}
	if _, is := known[`login.success "#inventory"`]; !is {
		t.Errorf("%+v", known)
	}
}
