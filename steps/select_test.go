package steps_test

import "testing"

func TestSelect(t *testing.T) {
	t.Parallel()
	s := show(t, `<select id=one><option value=n>North<option value=s>South</select><select id=many multiple><option>a<option>b<option>c</select>`)
	s.do(`select: {selector: "#one", option: South}`)
	s.is("one.value", "s")
	s.do(`select: {selector: "#one", option: n}`, `select: {selector: "#many", option: [a, c]}`)
	s.is("one.value + [...many.selectedOptions].map(o => o.value)", "na,c")
	s.fails("selecting in", `select: {selector: "#one", option: West, timeout: 500ms}`)
}
