package steps_test

import "testing"

func TestKeyboard(t *testing.T) {
	t.Parallel()
	s := show(t, `<input id=in autofocus><p id=out></p><script>document.body.onkeydown = e => out.append((e.shiftKey ? 's' : '') + e.key + ' ')</script>`)
	s.do(`click: "#in"`, `keyboard: {type: "${{ item.ref }}"}`)
	s.is("document.getElementById('in').value", "A1")
	s.is("out.textContent = ''", "")
	s.do(`keyboard: {down: Shift, press: [ArrowLeft, Enter], up: Shift}`)
	s.is("out.textContent", "sShift sArrowLeft sEnter ")
}
