package specs_test

import (
	"strings"
	"testing"

	"pipe/specs"
	"pipe/specs/internal/spectest"
)

// one is the selector, or the text, of the new target.
var (
	bySelector = []specs.LocatorText{{Selector: "#new"}}
	byRole     = []specs.LocatorText{{Role: "button", Name: "Go, now"}}
	byText     = []specs.LocatorText{{Text: "Go"}}
	several    = []specs.LocatorText{{TestID: "go"}, {Selector: "#new"}}
)

func TestReplaceTarget(t *testing.T) {
	for name, c := range map[string]struct {
		step, field string
		with        []specs.LocatorText
		want        string
	}{
		"a short form":             {`click: "#old" # why`, "", byRole, `click: {role: button, name: 'Go, now'} # why`},
		"by alternatives":          {`click: "#old" # why`, "", several, `click: [{test_id: go}, "#new"] # why`},
		"alternatives":             {"click: # why\n    - \"#old\"\n    - {text: Go}\n    # below", "", bySelector, "click: # why\n      \"#new\"\n    # below"},
		"a mapping":                {"click: {role: button, name: Old, exact: true} # why", "", bySelector, `click: "#new" # why`},
		"among others":             {`fill: {label: A, value: v} # why`, "", byRole, `fill: {role: button, name: 'Go, now', value: v} # why`},
		"the last of others":       {`fill: {value: v, role: textbox, name: Old, nth: 2}`, "", bySelector, `fill: {value: v, selector: "#new"}`},
		"alternatives among them":  {`fill: {selector: "#a", value: v}`, "", several, `fill: {selector: [{test_id: go}, "#new"], value: v}`},
		"with what goes on any":    {`click: {selector: "#a", optional: true, timeout: 3s}`, "", byRole, `click: {role: button, name: 'Go, now', optional: true, timeout: 3s}`},
		"on lines":                 {"fill:\n      # who\n      role: textbox # one\n      # what\n      value: v\n      name: Old # two\n      exact: true\n      timeout: 2s", "", byText, "fill:\n      # who\n      text: Go # one\n      # what\n      value: v\n      # two\n      timeout: 2s"},
		"on lines, by two fields":  {"fill:\n      label: A\n      value: v", "", byRole, "fill:\n      role: button\n      name: Go, now\n      value: v"},
		"in braces, on lines":      {"fill: {label: A, # one\n    value: v} # two", "", byRole, "fill: {role: button, name: 'Go, now', # one\n    value: v} # two"},
		"where text is the verb's": {`wait: {selector: "#a", text: Ready}`, "", byText, `wait: {selector: [{text: Go}], text: Ready}`},
		"a field":                  {`wait: {visible: "#a", timeout: 3s}`, "visible", byRole, `wait: {visible: {role: button, name: 'Go, now'}, timeout: 3s}`},
		"one of two":               {`drag: {from: "#a", to: "#b"}`, "to", bySelector, `drag: {from: "#a", to: "#new"}`},
		"beside the step's":        {"click: \"#old\"\n    name: it\n    optional: true", "", byRole, "click: {role: button, name: 'Go, now'}\n    name: it\n    optional: true"},
	} {
		t.Run(name, func(t *testing.T) {
			spec := func(step string) string {
				return spectest.Head + "# above\ndownload:\n  # first\n  - " + step + "\n  - goto: /x\n"
			}
			src := spec(c.step)
			got, err := specs.ReplaceTarget([]byte(src), stepOf(t, src), c.field, c.with)
			if err != nil || string(got) != spec(c.want) {
				t.Fatalf("it is\n%s\nand not\n%s\n%v", got, spec(c.want), err)
			}
			after := stepOf(t, string(got))
			if fields := specs.TargetFields(after); len(fields) == 0 {
				t.Error("it has no target any more")
			}
		})
	}
}

func stepOf(t *testing.T, src string) *specs.Step {
	t.Helper()
	spec, err := specs.Parse("x.yaml", []byte(src), spectest.Options())
	if err != nil {
		t.Fatal(err)
	}
	return &spec.Download.Steps[0]
}

// A step of a block, or within another, is changed where it stands.
func TestReplaceTargetWhereItStands(t *testing.T) {
	src := spectest.Head + "blocks:\n  open: {steps: [{click: \"#a\"}]} # once\ndownload:\n  - use: open\n  - capture: {on: {click: \"#pdf\"}, as: x.pdf}\n"
	spec, err := specs.Parse("x.yaml", []byte(src), spectest.Options())
	if err != nil {
		t.Fatal(err)
	}
	all := specs.StepsIn(spec.Download.Steps)
	for i, want := range map[int]string{
		0: strings.Replace(src, `{click: "#a"}`, `{click: {text: Go}}`, 1),
		2: strings.Replace(src, `{click: "#pdf"}`, `{click: {text: Go}}`, 1),
	} {
		got, err := specs.ReplaceTarget([]byte(src), all[i], "", byText)
		if err != nil || string(got) != want {
			t.Errorf("step %d: %v\n%s", i, err, got)
		}
	}
}

func TestReplaceTargetRefuses(t *testing.T) {
	for step, want := range map[string]string{
		`press: Enter`: "the step has no target there",
		"click: &it {selector: \"#a\", button: right}\n  - click: *it": "its anchor &it is used in other places, which would change too",
		"click: {<<: {selector: \"#a\"}, button: right}":               "has none of",
	} {
		src := spectest.Head + "download:\n  - " + step + "\n"
		got, err := specs.ReplaceTarget([]byte(src), stepOf(t, src), "", bySelector)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v\n%s", step, err, got)
		}
	}
}
