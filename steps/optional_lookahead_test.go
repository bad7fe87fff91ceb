package steps_test

import (
	"strings"
	"testing"
)

// An optional step costs no time when what comes after it is there.
func TestOptional(t *testing.T) {
	t.Parallel()
	s := show(t, `<p id=out></p><button id=next onclick="out.append('next ')">next</button>`)
	s.quick(func() { s.do(`click: {selector: "#licence", optional: true}`, `click: "#next"`) })
	s.is("out.textContent", "next ")
	// It is waited for while neither is there, and taken when it comes first.
	s = show(t, `<p id=out></p><script>
		const add = (id, then) => { const b = document.createElement('button'); b.id = b.textContent = id; b.onclick = () => { out.append(id + ' '); b.remove(); then && then() }; document.body.append(b) };
		setTimeout(() => add('licence', () => setTimeout(() => add('next'), 200)), 200)</script>`)
	s.do(`click: {selector: "#licence", optional: true}`, `click: {selector: "#other", optional: true}`, `click: "#next"`)
	s.is("out.textContent", "licence next ")
	// Two in a row, in the other order on the page.
	s.fails(`neither "#a" nor what comes after it, "#b", is to be seen`, `click: {selector: "#a", optional: true, timeout: 300ms}`, `click: "#b"`)
	// A failure of what is there fails nothing.
	s.do(`{evaluate: "throw new Error('x')", optional: true}`)
}

// What comes after an optional step is seen from within lists of steps.
func TestOptionalWithin(t *testing.T) {
	t.Parallel()
	s := show(t, `<p id=out></p><button id=next onclick="out.append('next ')">next</button>`)
	s.quick(func() {
		s.do(`{if: true, then: [{click: {selector: "#licence", optional: true}}]}`, `click: "#next"`)
		s.do(`click: {selector: "#licence", optional: true}`, `{if: true, then: [{click: "#next"}], else: [{click: "#other"}]}`)
		s.do(`each: {in: [a, b], as: v, do: [{click: "#next"}, {click: {selector: "#licence", optional: true}}]}`, `click: "#next"`)
		s.do(`click: {selector: "#licence", optional: true}`, `{try: [{click: "#next"}]}`)
	})
	s.is("out.textContent", strings.Repeat("next ", 6))
}
