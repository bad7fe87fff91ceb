package specs_test

import (
	"strings"
	"testing"

	"pipe/specs"
	"pipe/steps"
)

// Two specs say the same when they do, wherever it stands, and every word that
// a step has makes a difference.
func TestFingerprint(t *testing.T) {
	const text = `name: x
key: ${{ item.a }}
source: {items: [{a: "1"}]}
navigate:
  steps:
    - fill: {selector: "#a", value: "${{ item.a }}", if: item.a == "1"}
download:
  - capture: {on: {click: "#go"}, as: x.pdf, expect: {contains: [a, b]}}
`
	of := func(text string) string {
		spec, err := specs.Parse("x.yaml", []byte(text), specs.Options{Verbs: steps.Verbs()})
		if err != nil {
			t.Fatal(err)
		}
		if n := len(specs.StepsIn(spec.Download.Steps)); n != 2 {
			t.Fatalf("%d steps in download, want 2", n)
		}
		before, _, _ := strings.Cut(text, "- capture")
		if at := spec.PlaceOf("download[0].capture"); at.Line != strings.Count(before, "\n")+1 {
			t.Errorf("the capture is at %s", at)
		}
		return specs.Fingerprint(spec.Navigate.Steps) + specs.Fingerprint(spec.Download.Steps)
	}
	was := of(text)
	if got := of("# a line more\n" + strings.Replace(text, `{on: {click: "#go"}, as: x.pdf,`, `{as: x.pdf, on: {click: {selector: "#go"}},`, 1)); got != was {
		t.Errorf("another place:\n%s\n%s", was, got)
	}
	for _, change := range [][2]string{
		{`"#a"`, `"#b"`}, {`"${{ item.a }}", if`, `"${{ item.a + 'x' }}", if`}, {`== "1"`, `== "2"`}, {"#go", "#went"}, {"[a, b]", "[a]"}, {"x.pdf", "y.pdf"},
	} {
		if of(strings.Replace(text, change[0], change[1], 1)) == was {
			t.Errorf("%s for %s makes no difference", change[1], change[0])
		}
	}
}
