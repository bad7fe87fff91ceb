package preview

import (
	"slices"
	"strings"
	"testing"

	"pipe/pipeline/engine"
	"pipe/specs"
	"pipe/steps"
)

const triedSpec = `name: x
key: ${{ item.a }}
source: {items: [{a: "1"}]}
navigate:
  home: http://127.0.0.1:1/
  steps:
    - fill: {selector: "#a", value: "${{ item.a }}"}
    - wait: "#there"
download:
  - click: "#go"
  - capture: {on: {click: "#file"}, as: x.pdf}
record: {fields: {a: "${{ item.a }}"}, to: x.csv}
`

// A spec that has changed goes on where the page stands when it can be trusted
// to stand there, and says why where it starts anew.
func TestRewrite(t *testing.T) {
	read := func(text string) *specs.Spec {
		spec, err := specs.Parse("x.yaml", []byte(text), specs.Options{Verbs: steps.Verbs()})
		if err != nil {
			t.Fatal(err)
		}
		return spec
	}
	for _, c := range []struct {
		at       int
		lost     bool
		until    string
		old, now string
		want     string
	}{
		{at: 1, old: "#there", now: "#here", want: "from navigate.steps[1].wait on"},
		{at: 1, old: `"#go"`, now: `"#went"`, want: "from navigate.steps[1].wait on"},
		{at: 1, lost: true, old: "#there", now: "#here", want: "from the start: the page does not stand where it was"},
		{at: 2, old: "#there", now: "#here", want: "from the start: navigate.steps[1].wait has changed, and the page is past it"},
		{at: 4, old: "#file", now: "#files", want: "from the start: download[1].capture has changed"},
		{at: 4, old: "x.pdf}\n", now: "x.pdf}\n  - click: \"#close\"\n", want: "from download[2].click on"},
		{at: 4, old: "{fields: {a: ", now: "{fields: {b: ", want: "from the record on"},
		{at: 4, old: "name: x", now: "# as it was\nname: x", want: "from the start: no step has changed"},
		{at: 1, old: "1/\n", now: "1/other\n", want: "from the start: what is around the steps has changed"},
		{at: 1, old: "name: x\n", now: "name: x\nvars: {n: 1}\n", want: "from the start: what is around"},
		{at: 3, until: "download[0]", old: "#file", now: "#files", want: "from the start: the last step is behind the page"},
		{at: 2, until: "download[0]", old: `"#go"`, now: `"#went"`, want: "from download[0].click on"},
	} {
		spec := read(triedSpec)
		tr := &Trial{cfg: engine.Config{Spec: spec}, Until: c.until, at: c.at, trusted: !c.lost, on: &steps.StepContext{}}
		tr.all = slices.Concat(spec.Navigate.Steps, spec.Download.Steps)
		if !strings.Contains(triedSpec, c.old) {
			t.Fatalf("the spec holds no %q", c.old)
		}
		got := tr.Rewrite(read(strings.Replace(triedSpec, c.old, c.now, 1)))
		if !strings.HasPrefix(got, c.want) {
			t.Errorf("%q for %q at step %d: %s, want %s", c.now, c.old, c.at, got, c.want)
		}
		if (tr.on == nil) != strings.HasPrefix(c.want, "from the start") {
			t.Errorf("%s: the page is kept: %v", got, tr.on != nil)
		}
	}
}
