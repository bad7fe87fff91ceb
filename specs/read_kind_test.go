package specs_test

import (
	"testing"

	"pipe/specs"
	"pipe/specs/internal/spectest"
)

// Tables and workbooks learn of which kind a field is.
func TestKindsOfFields(t *testing.T) {
	t.Parallel()
	for how, want := range map[string]string{
		`{text_of: "#a"}`:                            "text",
		`{text_of: "#a", type: money}`:               "money",
		`{count_of: "#a"}`:                           "int",
		`"${{ vars.v }}"`:                            "",
		`{value: "${{ file.pages }}", match: "(.)"}`: "text",
		`"${{ file.pages }}"`:                        "int",
		`"${{ file.pages }} pages"`:                  "text",
		`"${{ file.pages / 2 }}"`:                    "number",
		`"${{ file.pages > 2 }}"`:                    "bool",
		`"${{ file.name }}"`:                         "text",
		`{value: "${{ item.d }}", type: date}`:       "date",
		`{value: "${{ item.d }}", type: date, format: "YYYY-MM-DD HH:mm"}`: "time",
	} {
		spec, err := specs.Parse("x.yaml", []byte("name: x\nvars: {v: 1}\nkey: ${{ item.d }}\nsource: {items: [{d: x}]}\nrecord: {fields: {f: "+how+"}}\n"), spectest.Options())
		if err != nil {
			t.Errorf("%s: %v", how, err)
			continue
		}
		if got := spec.Record.Fields[0].Read.Kind(); got != want {
			t.Errorf("%s is %q, want %q", how, got, want)
		}
	}
}
