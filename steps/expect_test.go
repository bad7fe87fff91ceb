package steps_test

import (
	"errors"
	"testing"

	"pipe/steps"
)

func TestExpect(t *testing.T) {
	t.Parallel()
	s := show(t, `<p id=there>there</p><p id=hidden hidden>x</p>`)
	s.do(`expect: {visible: "#there"}`, `expect: {hidden: "#hidden"}`, `expect: {url: "**/"}`, `expect: ${{ item.ref == "A1" }}`)
	s.fails("not there", `expect: {visible: "#hidden"}`)
	s.fails("is there", `expect: {hidden: "#there"}`)
	s.fails("**/x", `expect: {url: "**/x"}`)
	s.fails(`item.ref == "B" does not hold: item.ref is "A1"`, `expect: item.ref == "B"`)
	err := s.try(`expect: {hidden: "#there", class: not_found, reason: "no vehicle ${{ item.ref }}"}`)
	var class *steps.ClassError
	if !errors.As(err, &class) || class.Class != "not_found" || err.Error() != "no vehicle A1" {
		t.Errorf("got %v", err)
	}
}
