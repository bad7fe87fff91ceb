package steps_test

import (
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
