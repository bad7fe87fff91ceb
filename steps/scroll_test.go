package steps_test

import "testing"

func TestScroll(t *testing.T) {
	t.Parallel()
	s := show(t, scrolled)
	s.do(`scroll: "#end"`)
	s.is("scrollY > 3000", true)
	s.do(`scroll: {by: -500}`, `wait: {function: "scrollY < 4600"}`)
	s.fails("give a target or by", `scroll: {}`)
}
