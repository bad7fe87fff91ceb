package steps_test

import (
	"strings"
	"testing"
	"time"
)

func TestEach(t *testing.T) {
	t.Parallel()
	s := show(t, `<table id=t><tr><td>a</td><td><button onclick="out.append('A')">go</button></td></tr>
		<tr><td>b</td><td><button onclick="out.append('B')">go</button></td></tr></table><p id=out></p><a class=l onclick="out.append('l')">l</a>`)
	s.do(`each: {in: [x, "${{ item.ref }}"], as: v, index: n, do: [{evaluate: {script: "x => out.append(x)", arg: "${{ vars.n }}${{ vars.v }} "}}]}`,
		`each: {in: "${{ 1..9 }}", as: v, most: 2, do: [{evaluate: {script: "x => out.append(x)", arg: "${{ vars.v }} "}}]}`)
	s.is("out.textContent", "1x 2A1 1 2 ")
	s.is("out.textContent = ''", "")
	s.do(`{each: {element: "#t tr", do: [{click: {role: button, name: go}}, {extract: {name: cell, fields: {text: {text_of: td}}}}, {evaluate: {script: "x => out.append(x)", arg: "${{ steps.cell.text }}"}}]}, name: rows}`,
		`expect: steps.rows == 2`, `each: {element: a.l, do: [{click: ":scope"}]}`)
	s.is("out.textContent", "AaBbl")
	s.do(`each: {element: "#none", absent: empty, do: [{fail: "a round"}]}`)
	s.StepTimeout = 300 * time.Millisecond
	s.fails(`waiting for "#none"`, `each: {element: "#none", do: [{fail: "a round"}]}`)
	s.fails("want a list", `each: {in: "${{ item.ref }}", as: v, do: [dismiss]}`)
}

// Rounds change the list: those done go, others come before, and one that has gone
// before its round is told.
func TestEachOfListThatChanges(t *testing.T) {
	t.Parallel()
	list := func(onclick string) string {
		return `<ul id=l>` + strings.ReplaceAll(`<li do>a</li><li do>b</li><li do>c</li>`, "do", `onclick="out.append(this.textContent); `+onclick+`"`) + `</ul><p id=out></p>`
	}
	s := show(t, list("this.remove()"))
	s.do(`each: {element: "#l li", do: [{click: ":scope"}]}`)
	s.is("out.textContent", "abc")
	s = show(t, list("l.prepend(Object.assign(document.createElement('li'), {textContent: 'x'}))"))
	s.do(`each: {element: "#l li", do: [{click: ":scope"}]}`)
	s.is("out.textContent", "abc")
	s = show(t, list("this.nextElementSibling.remove()"))
	s.fails(`2 of the 3 elements "#l li" were left before round 2, and its own is not among them`, `each: {element: "#l li", do: [{click: ":scope"}]}`)
}
