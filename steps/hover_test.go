package steps_test

import "testing"

// scrolled is a page that is longer than what is seen of it.
const scrolled = `<div id=menu onmouseover="this.textContent='open'">menu</div><div style="height:5000px"></div><p id=end>end</p>`

func TestHover(t *testing.T) {
	t.Parallel()
	s := show(t, scrolled)
	s.do(`hover: "#menu"`)
	s.is("menu.textContent", "open")
}
