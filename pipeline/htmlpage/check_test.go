package htmlpage_test

import (
	"strings"
	"testing"

	"pipe/pipeline/htmlpage"
	"pipe/specs"
	"pipe/steps"
)

// A spec that goes without a page is told of each step and each field that needs one, and
// of nothing else.
func TestNeeds(t *testing.T) {
	t.Parallel()
	const spec = `name: x
key: ${{ item.a }}
source: {items: [{a: "1"}]}
navigate:
  via: http
  home: /x
  steps:
    - click: "tr:has-text('${{ item.a }}') >> text=Open"
    - fill: {label: Number, value: "${{ item.a }}"}
    - click: {selector: "a", count: 2}
    - evaluate: 1 + 1
    - press: Tab
    - wait: {function: "true"}
    - then: [{hover: "#x"}]
      if: item.a == "1"
download:
  via: http
  steps:
    - capture: {on: {click: "a:near(b)"}, as: x.pdf}
    - click: {selector: "#x", frame: iframe}
record:
  fields:
    a: {text_of: "#a"}
    b: {text_of: "div:right-of(b)"}
`
	_, err := specs.Parse("x.yaml", []byte(spec), specs.Options{Verbs: steps.Verbs(), WithoutPage: htmlpage.Needs})
	if err == nil {
		t.Fatal("the spec is taken")
	}
	var places []string
	for line := range strings.SplitSeq(err.Error(), "\n") {
		if strings.HasPrefix(line, "x.yaml:") {
			places = append(places, strings.Split(line, ": ")[1])
		}
	}
	const want = "navigate.steps[2].click navigate.steps[3].evaluate navigate.steps[4].press navigate.steps[5].wait navigate.steps[6].then[0].hover " +
		"download.steps[0].capture.on.click download.steps[1].click record.fields.b"
	if got := strings.Join(places, " "); got != want {
		t.Errorf("got  %s\nwant %s\n%v", got, want, err)
	}
}
