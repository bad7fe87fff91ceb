package steps_test

import "testing"

func TestClick(t *testing.T) {
	t.Parallel()
	s := show(t, `<button id=b onclick="log.append('1 ')" ondblclick="log.append('double ')" oncontextmenu="log.append('right ');return false">Press me</button>
		<div style="position:relative"><button id=covered onclick="log.append('covered ')">Covered</button>
			<div style="position:absolute;inset:0;background:white"></div></div>
		<button class=two>first</button><button class=two>second</button>
		<iframe srcdoc="<button onclick='parent.log.append(&quot;framed &quot;)'>Inside</button>"></iframe><p id=log></p>`)
	s.do(`click: "#b"`, `click: {role: button, name: Press me}`, `click: {text: Press me}`)
	s.is("log.textContent", "1 1 1 ")
	s.is("log.textContent = ''", "")
	s.do(`click: {selector: "#b", count: 2}`, `click: {selector: "#b", button: right}`)
	s.is("log.textContent", "1 1 double right ")
	s.is("log.textContent = ''", "")
	s.do(`click: {role: button, name: Inside, frame: iframe}`)
	s.is("log.textContent", "framed ")
	s.fails("no element matches", `click: {selector: "#nowhere", timeout: 300ms}`)
	s.fails("it is covered by <div style=", `click: {selector: "#covered", timeout: 1s}`)
	s.fails("strict mode violation", `click: .two`)
	s.do(`click: {selector: .two, nth: 1}`, `click: ["#nowhere", "#b"]`)
	if s.Abandoned {
		t.Error("a call was given up")
	}
}

// What is there only later is waited for.
func TestClickWaits(t *testing.T) {
	t.Parallel()
	s := show(t, `<script>setTimeout(() => document.body.insertAdjacentHTML('beforeend', '<button id=late onclick="this.textContent=\'done\'">later</button>'), 300)</script>`)
	s.do(`click: "#late"`)
	s.is("late.textContent", "done")
}

func TestFrameWithinFrame(t *testing.T) {
	t.Parallel()
	s := show(t, `<iframe id=a src=/outer></iframe><p id=log></p>`, "/outer", `<iframe name=b src=/inner></iframe>`, "/inner", `<button onclick="top.log.append('deep')">Inside</button>`)
	s.do(`set: {f: b}`, `click: {role: button, name: Inside, frame: ["#a", "[name=${{ vars.f }}]"]}`)
	s.is("log.textContent", "deep")
}
