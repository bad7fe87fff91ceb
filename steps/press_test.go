package steps_test

import "testing"

func TestPress(t *testing.T) {
	t.Parallel()
	s := show(t, `<input id=i value=A123><b id=n>0</b><form onsubmit="n.textContent='sent';return false"><input id=f></form>`)
	s.do(`press: {selector: "#i", key: Control+A}`, `press: Delete`)
	s.is("i.value", "")
	s.do(`press: {selector: "#f", key: Enter}`)
	s.is("n.textContent", "sent")
	s.fails("pressing", `press: NoSuchKey`)
}
