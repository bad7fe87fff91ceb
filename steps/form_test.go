package steps_test

import "testing"

func TestSelect(t *testing.T) {
	s := show(t, `<select id=one><option value=n>North<option value=s>South</select><select id=many multiple><option>a<option>b<option>c</select>`)
	s.do(`select: {selector: "#one", option: South}`)
	s.is("one.value", "s")
	s.do(`select: {selector: "#one", option: n}`, `select: {selector: "#many", option: [a, c]}`)
	s.is("one.value + [...many.selectedOptions].map(o => o.value)", "na,c")
	s.fails("selecting in", `select: {selector: "#one", option: West, timeout: 500ms}`)
}

func TestCheck(t *testing.T) {
	s := show(t, `<label><input type=checkbox id=c>Agree</label><input type=radio id=r>`)
	s.do(`check: {label: Agree}`, `check: "#c"`, `check: "#r"`)
	s.is("c.checked && r.checked", true)
	s.do(`check: {selector: "#c", checked: false}`)
	s.is("c.checked", false)
}

func TestHoverAndScroll(t *testing.T) {
	s := show(t, `<div id=menu onmouseover="this.textContent='open'">menu</div><div style="height:5000px"></div><p id=end>end</p>`)
	s.do(`hover: "#menu"`)
	s.is("menu.textContent", "open")
	s.do(`scroll: "#end"`)
	s.is("scrollY > 3000", true)
	s.do(`scroll: {by: -500}`, `wait: {function: "scrollY < 4600"}`)
	s.fails("give a target or by", `scroll: {}`)
}
