package steps_test

import "testing"

func TestTypeAndPress(t *testing.T) {
	s := show(t, `<input id=i onkeydown="n.textContent = +n.textContent + 1"><b id=n>0</b><form onsubmit="n.textContent='sent';return false"><input id=f></form>`)
	s.do(`type: {selector: "#i", value: "${{ item.ref }}23"}`)
	s.is("i.value + n.textContent", "A1234")
	s.do(`press: {selector: "#i", key: Control+A}`, `press: Delete`)
	s.is("i.value", "")
	s.do(`press: {selector: "#f", key: Enter}`)
	s.is("n.textContent", "sent")
	s.fails("pressing", `press: NoSuchKey`)
}
