package steps_test

import (
	"errors"
	"testing"

	"pipe/steps"
)

func TestThenElse(t *testing.T) {
	t.Parallel()
	s := show(t, `<p id=out>`)
	s.do(`{if: 'item.ref == "A1"', then: [{evaluate: "out.append('then ')"}], else: [{evaluate: "out.append('no ')"}]}`,
		`{if: 'item.ref == "B1"', then: {evaluate: "out.append('no ')"}, else: [{evaluate: "out.append('else ')"}]}`,
		`{if: 'item.ref == "B1"', then: [{evaluate: "out.append('no ')"}]}`)
	s.is("out.textContent", "then else ")
	err := s.try(`{if: true, then: [{wait: {state: load}}, {click: {selector: "#no", timeout: 100ms}}]}`)
	var at *steps.Error
	if !errors.As(err, &at) || at.Where() != "navigate.steps[0].then[1].click (stage.yaml:6:49)" {
		t.Errorf("got %v at %s", err, at.Where())
	}
}
