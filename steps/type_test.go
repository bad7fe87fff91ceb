package steps_test

import "testing"

func TestType(t *testing.T) {
	t.Parallel()
	s := show(t, `<input id=i onkeydown="n.textContent = +n.textContent + 1"><b id=n>0</b>`)
	s.do(`type: {selector: "#i", value: "${{ item.ref }}23"}`)
	s.is("i.value + n.textContent", "A1234")
}
