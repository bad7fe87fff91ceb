package steps_test

import "testing"

func TestDrag(t *testing.T) {
	t.Parallel()
	s := show(t, `<p id=a draggable=true ondragstart="event.dataTransfer.setData('text', 'a')">drag me</p>
		<p id=b ondragover="event.preventDefault()" ondrop="out.textContent = event.dataTransfer.getData('text')">here</p><p id=out>`)
	s.do(`drag: {from: "#a", to: {text: here}}`)
	s.is("out.textContent", "a")
	s.fails(`waiting for "#no"`, `drag: {from: "#a", to: "#no", timeout: 200ms}`)
}
