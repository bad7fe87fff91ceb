package specs_test

import (
	"strings"
	"testing"

	"pipe/specs"
	"pipe/specs/internal/spectest"
	"pipe/steps"
)

const diffed = `name: x
base_url: ${{ env.SITE }}
key: ${{ item.a }}
vars: {greeting: hello}
blocks:
  open: {params: {on: }, steps: [{click: "${{ params.on }}"}]}
login:
  accounts: [{username: a, password: b}]
  steps:
    - goto: /login
    - fill: {label: User, value: "${{ account.username }}"}
  success: {visible: "#in"}
source: {items: [{a: "1"}]}
navigate:
  home: /
  steps:
    - fill: {selector: "#a", value: "${{ item.a }}"}
    - use: open
      with: {on: "#grid"}
    - click: "#open"
download:
  - capture: {on: {click: "#go"}, as: x.pdf, expect: {contains: [a, b]}}
record:
  fields:
    vin: {text_of: "#vin"}
    pages: ${{ file.pages }}
`

func TestDiff(t *testing.T) {
	for name, c := range map[string]struct {
		was, is string
		want    []string
	}{
		"another order":          {"  home: /\n", "  # why\n  home: '/'\n", nil},
		"the long form":          {`- click: "#open"`, `- click: {selector: "#open", button: left}`, nil},
		"a default that is said": {"record:", "retry: {attempts: 3}\nrecord:", nil},
		"a block in place":       {"- use: open\n      with: {on: \"#grid\"}", `- click: "#grid"`, nil},
		"a target":               {`- click: "#open"`, `- click: [{role: button, name: Open}, "#open"]`, []string{`navigate.steps[2].click: "#open" → [{role: button, name: Open}, "#open"]`}},
		"a target among others":  {`{selector: "#a", value`, `{label: A, value`, []string{`navigate.steps[0].fill: "#a" → {label: A}`}},
		"a value":                {"hello", "bye", []string{"vars.greeting: hello → bye"}},
		"a step between":         {`    - click: "#open"`, "    - wait: \"#x\"\n    - click: \"#open\"", []string{`navigate.steps[2]: added: {wait: "#x"}`}},
		"a step less":            {`    - click: "#open"` + "\n", "", []string{`navigate.steps[2]: taken out: {click: "#open"}`}},
		"a step by another verb": {`- click: "#open"`, `- hover: "#open"`, []string{`navigate.steps[2]: added: {hover: "#open"}`, `navigate.steps[2]: taken out: {click: "#open"}`}},
		"within a step":          {`{click: "#go"}`, `{click: {selector: "#go", timeout: 3s}}`, []string{"download[0].capture.on.timeout: 0s → 3s"}},
		"a list":                 {"[a, b]", "[a]", []string{"download[0].capture.expect.contains: [a, b] → [a]"}},
		"a field":                {"vin: {text_of", "vin: {type: int, text_of", []string{"record.fields.vin.type: added: int"}},
		"a field less":           {"    pages: ${{ file.pages }}\n", "", []string{"record.fields.pages: taken out: ${{ file.pages }}"}},
		"a default":              {"record:", "retry: {attempts: 5}\nrecord:", []string{"retry.attempts: 3 → 5"}},
		"part of a block":        {`click: "${{ params.on }}"`, `click: "#x ${{ params.on }}"`, []string{`navigate.steps[1].open[0].click: "#grid" → "#x ${{ params.on }} (params.on is #grid)"`}},
		"with a block":           {`{on: "#grid"}`, `{on: "#list"}`, []string{"navigate.steps[1].open[0].click: \"#grid\" → \"#list\""}},
		"accounts":               {"password: b", "password: c", []string{"login.accounts[0].password: b → c"}},
		"a profile":              {"record:", "profiles: {night: {pool: {pages: 4}}}\nrecord:", []string{"profiles: added: {night: {pool: {pages: 4}}}"}},
		"a section":              {"record:", "refresh: {on: changed, of: [a]}\nrecord:", []string{"refresh: added: {on: changed, of: [a]}"}},
	} {
		t.Run(name, func(t *testing.T) {
			if !strings.Contains(diffed, c.was) {
				t.Fatalf("%q is not in the spec", c.was)
			}
			other := strings.Replace(diffed, c.was, c.is, 1)
			var got []string
			for _, change := range specs.Diff(given(t, diffed), given(t, other)) {
				got = append(got, change.String())
			}
			if strings.Join(got, "\n") != strings.Join(c.want, "\n") {
				t.Errorf("it is\n%s\nand not\n%s", strings.Join(got, "\n"), strings.Join(c.want, "\n"))
			}
		})
	}
}

func given(t *testing.T, text string) *specs.Spec {
	t.Helper()
	spec, err := specs.Parse("x.yaml", []byte(text), specs.Options{Verbs: steps.Verbs(), Given: true})
	if err != nil {
		t.Fatal(err)
	}
	return spec
}

// A spec is the same as it is in order, and not the same as any other.
func TestDiffOfAllSpecs(t *testing.T) {
	var before *specs.Spec
	for name, src := range spectest.Files(t, "specs/*.yaml") {
		spec := given(t, string(src))
		ordered, err := specs.Format(name, src, steps.Verbs())
		if err != nil {
			t.Fatal(err)
		}
		if changes := specs.Diff(spec, given(t, string(ordered))); len(changes) > 0 {
			t.Errorf("%s is another in order: %v", name, changes)
		}
		if before != nil && len(specs.Diff(before, spec)) < 3 {
			t.Errorf("%s is the one before", name)
		}
		before = spec
	}
}
