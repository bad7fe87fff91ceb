package steps_test

import (
	"testing"

	"pipe/steps"
)

func TestWrites(t *testing.T) {
	for line, want := range map[string]bool{
		`click: "#save"`: false,
		`click: {selector: "#save", writes: true}`:       true,
		`capture: {url: /x.pdf, as: a.pdf}`:              true,
		`{capture: {url: /x, as: a.pdf}, writes: false}`: false,
		`expect: {hidden: "#x"}`:                         false,
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
