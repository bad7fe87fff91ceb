package steps_test

import (
	"errors"
	"testing"

	"pipe/pipeline"
	"pipe/steps"
)

// Several elements where one is wanted are told, each with a target that finds it.
func TestStrictModeViolation(t *testing.T) {
	t.Parallel()
	s := show(t, `<button id=a>Save</button><button data-testid=b>Save all</button><p>x</p><p>x</p>`)
	s.fails(`<button id="a">Save</button>, which is {role: "button", name: "Save", exact: true}`, `click: button`)
	s.fails(`which is {test_id: "b"}`, `click: button`)
	s.fails(`nth: 1}`, `click: p`)
}

// What the spec gets wrong is its fault each time, and not of the moment.
func TestSpecFaultsAtRunTime(t *testing.T) {
	t.Parallel()
	s := show(t, `<p id=p>x</p><input id=c type=checkbox><input id=d type=date>`)
	for _, line := range []string{
		`click: "${{ '[[[' + item.ref }}"`, `wait: "${{ 'no=such >> engine' }}"`, `fill: {selector: "#p", value: x}`, `fill: {selector: "#c", value: x}`,
		`fill: {selector: "#d", value: "${{ item.ref }}"}`, `check: "#p"`, `press: "No${{ item.ref }}"`, `evaluate: "1 +"`, `wait: {function: "1 +"}`,
	} {
		err := s.try(line)
		var fault *steps.UsageError
		if class, _ := pipeline.Classify(err); !errors.As(err, &fault) || class != pipeline.Spec {
			t.Errorf("%s: got %v, of the class %s", line, err, class)
		}
	}
}
