package specs_test

import (
	"testing"

	"pipe/specs"
	"pipe/specs/expr"
	"pipe/specs/internal/spectest"
)

func TestParseTarget(t *testing.T) {
	for text, want := range map[string]string{
		"#go":                            `"#go"`,
		"[title=Bookout]":                `"[title=Bookout]"`,
		"text=Go: now":                   `"text=Go: now"`,
		`"#go"`:                          `"#go"`,
		"{role: button, name: Go}":       `{role: button, name: Go}`,
		`[{label: A, nth: 1}, "#b"]`:     `[{label: A, nth: 1}, "#b"]`,
		"#row-${{ item.a }} >> td.stock": `"#row-${{ item.a }} >> td.stock"`,
		`{selector: "#a", frame: "#f"}`:  `{selector: '#a', frame: '#f'}`,
		"{role: buton}":                  `error: there is no role "buton" (did you mean "button"?)`,
		"{nome: Go}":                     `error: unknown field "nome" (did you mean "name"?); no target: give selector, role, label, text, placeholder or test_id`,
		"{role: button":                  `error: it does not parse as YAML: want a selector, or a target such as {role: button, name: Save}`,
		"${{ nome }}":                    `error: unknown name nome`,
	} {
		target, texts, err := specs.ParseTarget(text)
		var got string
		switch {
		case err != nil:
			got = "error: " + err.Error()
		case len(texts) > 1:
			got = "[" + texts[0].String() + ", " + texts[1].String() + "]"
		default:
			got = texts[0].String()
		}
		if got != want || err == nil && len(target.Any) != len(texts) {
			t.Errorf("%s is %s and not %s", text, got, want)
		}
	}
}

func TestParseExpression(t *testing.T) {
	values := expr.Values{"item": map[string]string{"a": "x"}, "vars": map[string]any{"n": 2}}
	for text, want := range map[string]string{
		`item.a + "y"`: "xy", "${{ vars.n * 2 }}": "4", "len(item.a)": "1", "item.": "error", "nonsense(1)": "error",
	} {
		got := "error"
		if e, err := specs.ParseExpression(text); err == nil {
			got, _ = e.Text(values)
		}
		if got != want {
			t.Errorf("%s is %q and not %q", text, got, want)
		}
	}
}

// A step is told with the values that there are.
func TestTold(t *testing.T) {
	src := spectest.Head + "download:\n  - capture: {on: {click: {text: \"${{ item.a }}\"}}, as: \"${{ file.site_name }}\", timeout: 3s}\n"
	got := stepOf(t, src).Told(expr.Values{"item": map[string]string{"a": "24 K"}})
	if want := `{capture: {on: {click: {text: 24 K}}, as: '${{ file.site_name }}'}, timeout: 3s}`; got != want {
		t.Errorf("it is %s and not %s", got, want)
	}
}
