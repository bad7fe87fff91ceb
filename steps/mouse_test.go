package steps_test

import "testing"

func TestMouse(t *testing.T) {
	t.Parallel()
	s := show(t, `<style>body{margin:0;height:5000px}</style><canvas id=c width=200 height=100 style="position:absolute;left:50px;top:30px"></canvas><p id=out></p><script>
		for (const kind of ['mousedown', 'mouseup', 'click', 'dblclick']) c.addEventListener(kind, e => out.append(kind + e.offsetX + ',' + e.offsetY + ' '))</script>`)
	s.do(`mouse: {click: {x: 60, y: 40}}`)
	s.is("out.textContent", "mousedown10,10 mouseup10,10 click10,10 ")
	s.is("out.textContent = ''", "")
	s.do(`mouse: {move: {x: 5, y: 6, of: "#c"}, down: left}`, `mouse: {move: {x: 20, y: 30, of: "#c"}, up: left}`)
	s.is("out.textContent", "mousedown5,6 mouseup20,30 click20,30 ")
	s.do(`mouse: {wheel: 300}`, `wait: {function: "window.scrollY === 300"}`)
}
