package steps_test

import "testing"

func TestDismiss(t *testing.T) {
	t.Parallel()
	s := show(t, `<button id=c onclick="out.textContent = confirm('sure?')">c</button><button id=p onclick="out.textContent = prompt('name?')">p</button><p id=out>`)
	s.do(`click: "#c"`)
	s.is("out.textContent", "false")
	s.do(`dismiss: {accept: true, text: "${{ item.ref }}"}`, `click: "#p"`)
	s.is("out.textContent", "A1")
	s.StopDialogs()
	s.do(`click: "#c"`)
	s.is("out.textContent", "false")
	s.do(`dismiss: true`, `click: "#c"`)
	s.is("out.textContent", "true")
}

// A page that asks before it is left is left, whatever other dialogs are answered.
func TestLeaveAskingPage(t *testing.T) {
	t.Parallel()
	const asks = `<input id=f><a id=on href="/next">on</a><button id=c onclick="out.textContent = confirm('sure?')">c</button><p id=out><script>
		addEventListener('beforeunload', e => { if (f.value) { e.preventDefault(); e.returnValue = 'unsaved'; } });</script>`
	for name, before := range map[string][]string{"unsaid": nil, "dismiss": {"dismiss: false"}, "accept": {"dismiss: true"}, "text": {"dismiss: {accept: true, text: yes}"}} {
		for way, leave := range map[string]string{"goto": "goto: about:blank", "click": `click: "#on"`, "reload": "evaluate: location.reload()"} {
			t.Run(name+" "+way, func(t *testing.T) {
				t.Parallel()
				s := show(t, asks)
				s.do(append(before, `fill: {selector: "#f", value: x}`, `click: "#c"`)...)
				if name == "dismiss" {
					s.is("out.textContent", "false")
				}
				s.do(leave, `wait: {function: "!globalThis.f || !f.value"}`)
			})
		}
	}
}
