package steps_test

import "testing"

func TestDismiss(t *testing.T) {
	t.Parallel()
	s := show(t, `<button id=c onclick="out.textContent = confirm('sure?')">c</button><button id=p onclick="out.textContent = prompt('name?')">p</button><p id=out>`)
	s.do(`click: "#c"`)
	s.is("out.textContent", "false")
	s.do(`dismiss: {accept: true, text: "${{ item.ref }}"}`, `click: "#p"`)
	s.is("out.textContent", "A1")
	s.StopDialogs()
	s.do(`click: "#c"`)
	s.is("out.textContent", "false")
	s.do(`dismiss: true`, `click: "#c"`)
	s.is("out.textContent", "true")
}
