package specs_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"testing"

	"pipe/specs"
	"pipe/steps"
)

// All targets of a spec are found, each with the path to its value.
func TestTargets(t *testing.T) {
	t.Parallel()
	for file, want := range map[string][]string{
		"inventory.yaml": {
			`login.steps[1].fill of login.steps[1].fill: label "User name"`,
			`login.success.visible of login.success: "#inventory"`,
			`source.export.steps[1].click of source.export.steps[1].click: button "Export"`,
			`navigate.steps[1].wait.hidden of navigate.steps[1].wait: "#grid td.empty" absent`,
			`navigate.steps[3].wait of navigate.steps[3].wait: "#grid tbody tr:only-child td.stock:text-is('${{ item.stock_number }}')" or "#grid td.empty"`,
			`navigate.steps[4].expect.hidden of navigate.steps[4].expect: "#grid td.empty" absent`,
			`download[1].capture.on.click of download[1].capture.on.click: button "Create PDF"`,
			`record.fields.vin.text_of of record.fields.vin: "#vin"`,
		},
		"table.yaml": {
			`source.table.rows of source: "#grid tbody tr"`,
			`source.table.fields.stock_number.text_of of source: ".stock"`,
			`source.table.fields.link.attribute_of of source: ".stock a"`,
			`source.table.paginate.next of source: link "Next"`,
			`download[0].capture.from of download[0].capture: "#report"`,
		},
	} {
		spec, err := specs.Load(filepath.Join("..", "specs", file), specs.Options{Verbs: steps.Verbs(), Env: func(string) (string, bool) { return "http://x.test", true }})
		if err != nil {
			t.Fatal(err)
		}
		var found []string
		for _, at := range spec.Targets() {
			text := fmt.Sprint(at.Path, " of ", at.Place, ": ", at.Target)
			if at.Absent {
				text += " absent"
			}
			found = append(found, text)
		}
		for _, one := range want {
			if !slices.Contains(found, one) {
				t.Errorf("%s: no %s in %q", file, one, found)
			}
		}
	}
}
