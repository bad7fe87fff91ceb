package steps_test

import "testing"

func TestCheck(t *testing.T) {
	t.Parallel()
	s := show(t, `<label><input type=checkbox id=c>Agree</label><input type=radio id=r>`)
	s.do(`check: {label: Agree}`, `check: "#c"`, `check: "#r"`)
	s.is("c.checked && r.checked", true)
	s.do(`check: {selector: "#c", checked: false}`)
	s.is("c.checked", false)
}
