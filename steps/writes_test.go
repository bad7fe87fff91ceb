package steps_test

import (
	"testing"

	"pipe/specs"
	"pipe/steps"
)

func TestWrites(t *testing.T) {
	for line, want := range map[string]bool{
		`click: "#save"`: false,
		`click: {selector: "#save", writes: true}`:                true,
		`capture: {url: /x.pdf, as: a.pdf}`:                       true,
		`{capture: {url: /x, as: a.pdf}, writes: false}`:          false,
		`expect: {hidden: "#x"}`:                                  false,
		`{name: x, once: true, click: "#save"}`:                   true,
		`{name: x, once: true, fill: {selector: "#x", value: a}}`: true,
		`{name: x, once: true, do: [{click: "#save"}]}`:           false,
	} {
		spec, err := read("http://127.0.0.1:1", line)
		if err != nil {
			t.Fatal(err)
		}
		if got := steps.Writes(&spec.Navigate.Steps[0]); got != want {
			t.Errorf("%s writes: %v", line, got)
		}
	}
}

// Within a step that is once, what may send a form off writes, and what fills it does
// not, unless the spec says otherwise.
func TestWritesWithinOnce(t *testing.T) {
	for line, want := range map[string]bool{
		`{click: "#save"}`: true,
		`{click: {selector: "#open", writes: false}}`: false,
		`{press: Enter}`:                                   true,
		`{keyboard: {press: [Enter]}}`:                     true,
		`{evaluate: "document.forms[0].submit()"}`:         true,
		`{mouse: {click: {x: 1, y: 1}}}`:                   true,
		`{drag: {from: "#a", to: "#b"}}`:                   true,
		`{request: {url: /a, method: POST}}`:               true,
		`{upload: {selector: "#a", files: a.pdf}}`:         true,
		`{fill: {selector: "#x", value: a}}`:               false,
		`{fill: {selector: "#x", value: a, writes: true}}`: true,
		`{type: {selector: "#x", value: a}}`:               false,
		`{select: {selector: "#x", option: a}}`:            false,
		`{type: {selector: "#x", value: "a\n"}}`:           true,
		`{check: "#x"}`:                                    false,
		`{goto: /form}`:                                    false,
		`{request: /a}`:                                    false,
		`{wait: "#receipt"}`:                               false,
		`{extract: {fields: {a: {text_of: "#a"}}}}`:        false,
		`{if: "true", then: [{click: "#save"}]}`:           false,
	} {
		spec, err := read("http://127.0.0.1:1", "{name: x, once: true, do: ["+line+"]}")
		if err != nil {
			t.Fatal(err)
		}
		if got := steps.Writes(specs.StepsIn(spec.Navigate.Steps)[1]); got != want {
			t.Errorf("%s writes: %v", line, got)
		}
	}
}
