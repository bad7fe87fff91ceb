package steps_test

import "testing"

func TestRowsOf(t *testing.T) {
	t.Parallel()
	s := show(t, `<table><tr><td>a<td>1<tr><td>b<td></table>`)
	s.do(`extract: {name: t, fields: {rows: {rows_of: {rows: tr, fields: {name: {text_of: "td >> nth=0"}, n: {text_of: "td:nth-child(2)"}}}}, none: {absent: empty, rows_of: {rows: .x, fields: {a: {text_of: b}}}}}}`,
		`expect: len(steps.t.rows) == 2 && steps.t.rows[0].name == "a" && steps.t.rows[0].n == "1" && steps.t.rows[1].n == "" && len(steps.t.none) == 0`)
}
