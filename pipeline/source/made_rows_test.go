package source

import (
	"fmt"
	"slices"
	"testing"

	"pipe/pipeline"
	"pipe/specs"
	"pipe/steps"
)

// The fields of a site's table are made what they say; a row with a value that is
// not that is bad, with its number, the field's place and the value.
func TestMadeRows(t *testing.T) {
	t.Parallel()
	spec, err := specs.Parse("x.yaml", []byte(`name: x
key: ${{ item.no }}
browser: {context: {locale: fr-FR}}
source:
  table:
    goto: /list
    rows: tr
    fields:
      no: {text_of: td.no, match: "N° ([0-9]+)", required: true}
      total: {text_of: td.total, type: money}
      day: {text_of: td.day, type: date}
      paid: {text_of: td.paid, type: bool}
`), specs.Options{Verbs: steps.Verbs()})
	if err != nil {
		t.Fatal(err)
	}
	rows := []pipeline.Row{
		{Fields: map[string]any{"no": "N° 7", "total": "1 234,50 €", "day": "1er janv. 2024", "paid": "yes"}},
		{Fields: map[string]any{"no": "N° 8", "total": "n/a", "day": "", "paid": ""}},
		{Fields: map[string]any{"no": "", "total": "1", "day": "", "paid": ""}},
		{Fields: map[string]any{"no": "N° 9", "total": "2", "day": "", "paid": ""}},
	}
	var got []string
	s := &Source{Spec: spec}
	for one, err := range s.counted(made(each(t.Context(), rows), spec.Source.Table.Fields)) {
		if err != nil {
			t.Fatal(err)
		}
		if one.bad != nil {
			got = append(got, one.bad.Error())
			continue
		}
		f := one.row.Fields
		got = append(got, fmt.Sprintf("%q %q %q %q", f["no"], f["total"], f["day"], f["paid"]))
	}
	want := []string{
		`"7" "1234.5" "2024-01-01" "true"`,
		`row 2: total is "n/a", no amount of money (x.yaml:10:7)`,
		`row 3: no is empty, and required (x.yaml:9:7)`,
		`"9" "2" "" ""`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
}
