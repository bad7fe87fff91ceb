package expr_test

import (
	"strings"
	"testing"

	"pipe/specs"
	"pipe/specs/expr"
	"pipe/steps"
)

// What a condition goes by is told by its values.
func TestConditionParts(t *testing.T) {
	values := expr.Values{
		"item":  map[string]any{"state": "sold\x1b[2J", "none": nil},
		"steps": map[string]any{"found": map[string]any{"count": 4.5, "n": 3, "list": []any{"a", 2}, "long": strings.Repeat("x", 300)}},
	}
	for code, want := range map[string]string{
		`item.state == "new"`:                                    `item.state is "sold\x1b[2J"`,
		`steps.found.n > 5 && steps.found.count == 1`:            `steps.found.n is 3, steps.found.count is 4.5`,
		`len(steps.found.list) == 3 or steps.found.list[1] == 3`: `steps.found.list is a list of 2, steps.found.list[1] is 2`,
		`(item.gone ?? "") != "" and item.none == "x"`:           `item.gone is not there, item.none is empty`,
		`steps.found.long == "x" or steps.found.long == ""`:      `steps.found.long is a text of 300 characters`,
		`any(steps.found.list, # == steps.found.n) and 1 == 2`:   `steps.found.list is a list of 2, steps.found.n is 3`,
		`1 == 2`: ``,
	} {
		spec, err := specs.Parse("x.yaml", []byte("name: x\nkey: ${{ item.state }}\nsource: {items: [{state: a, list: b, gone: c, none: d, n: e}]}\n"+
			"navigate: {steps: [{name: found, evaluate: 1}, {expect: {that: '"+code+"'}}]}\n"), specs.Options{Verbs: steps.Verbs()})
		if err != nil {
			t.Errorf("%s: %v", code, err)
			continue
		}
		if got := spec.Navigate.Steps[1].Do.(*steps.Expect).That.Parts(values); got != want {
			t.Errorf("%s: got %s, want %s", code, got, want)
		}
	}
}
