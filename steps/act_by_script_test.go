package steps_test

import (
	"strings"
	"testing"
	"time"

	"pipe/steps"
)

// Events that are made in the page do what the browser's own input does, as far as a
// site can be told by them, and wait for what they lead to.
func TestScriptInput(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		body, is, want string
		do             []string
	}{
		"a button": {
			body: `<button onclick="document.title = event.isTrusted + ' ' + (document.activeElement === this)">Go</button>`,
			do:   []string{`click: {role: button, name: Go}`}, is: `document.title`, want: "false true",
		},
		"what listens for the pointer": {
			body: `<b id=x>x</b><script>for (const e of ['pointerdown', 'mousedown', 'pointerup', 'mouseup', 'click']) x.addEventListener(e, () => { document.title += ' ' + e; });</script>`,
			do:   []string{`click: "#x"`}, is: `document.title`, want: "stage pointerdown mousedown pointerup mouseup click",
		},
		"a field with a script of its own": {
			body: `<input id=in><script>let kept = ''; Object.defineProperty(document.querySelector('#in'), 'value', {get() { return kept; }, set(v) { kept = v; }, configurable: true});
				document.querySelector('#in').addEventListener('input', e => { document.title = e.inputType; });</script>`,
			do: []string{`fill: {selector: "#in", value: typed}`}, is: `document.title`, want: "insertText",
		},
		"a box": {
			body: `<label><input type=checkbox id=box>Agree</label>`, do: []string{`click: {text: Agree}`}, is: `document.querySelector('#box').checked`, want: "true",
		},
		"a link is followed": {body: `<a href=/next>next</a>`, do: []string{`click: {text: next}`}, is: `document.body.innerText`, want: "there"},
		"a form is sent": {
			body: `<form action=/next><input id=in name=q><button>Send</button></form>`,
			do:   []string{`fill: {selector: "#in", value: "a b"}`, `click: {role: button, name: Send}`}, is: `location.search + document.body.innerText`, want: "?q=a+bthere",
		},
		"an address that a script goes to": {body: `<button onclick="setTimeout(() => { location = '/next' })">Go</button>`, do: []string{`click: {role: button, name: Go}`}, is: `document.body.innerText`, want: "there"},
		"a button whose script comes later": {
			body: `<a href=/late>On</a>`, do: []string{`click: {role: link, name: On}`, `click: {role: button, name: Go}`}, is: `document.title`, want: "done",
		},
		"a button whose script is deferred": {
			body: `<a href=/deferred>On</a>`, do: []string{`click: {role: link, name: On}`, `click: {role: button, name: Go}`}, is: `document.title`, want: "done",
		},
		"what is covered for a moment": {
			body: `<button onclick="document.title = 'done'">Go</button><div id=over style="position: fixed; inset: 0"></div><script>setTimeout(() => document.querySelector('#over').remove(), 300)</script>`,
			do:   []string{`click: {role: button, name: Go}`}, is: `document.title`, want: "done",
		},
		"what is disabled for a moment": {
			body: `<button disabled onclick="document.title = 'done'">Go</button><script>setTimeout(() => { document.querySelector('button').disabled = false; }, 300)</script>`,
			do:   []string{`click: {role: button, name: Go}`}, is: `document.title`, want: "done",
		},
		"within a frame": {
			body: `<iframe srcdoc="<button onclick='parent.document.title = event.isTrusted'>Go</button>"></iframe>`,
			do:   []string{`click: {role: button, name: Go, frame: iframe}`}, is: `document.title`, want: "true",
		},
		"two clicks":  {body: `<b id=x ondblclick="document.title = event.isTrusted">x</b>`, do: []string{`click: {selector: "#x", count: 2}`}, is: `document.title`, want: "true"},
		"a day field": {body: `<input type=date id=in>`, do: []string{`fill: {selector: "#in", value: "2026-11-29"}`}, is: `document.querySelector('#in').value`, want: "2026-11-29"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := show(t, c.body, "/next", "<!doctype html><body>there",
				"/late", `<!doctype html><body><button>Go</button><script src=/slow></script><script>document.querySelector('button').onclick = () => { document.title = 'done'; };</script>`,
				"/deferred", `<!doctype html><body><button>Go</button><script defer src=/slow></script><script type=module>document.querySelector('button').onclick = () => { document.title = 'done'; };</script>`)
			s.Input = steps.ScriptInput
			s.do(c.do...)
			s.is(c.is, c.want)
		})
	}
}

// Strictness, and what is in the way, is told as with the browser's own input.
func TestScriptInputFails(t *testing.T) {
	t.Parallel()
	s := show(t, `<button>One</button><button>Two</button><p id=covered>x</p><div style="position: fixed; inset: 0"></div><script>let clicks = 0; addEventListener('click', () => { clicks++; }, true);</script>`)
	s.Input, s.StepTimeout = steps.ScriptInput, time.Second
	for _, step := range []string{`click: "button"`, `click: "#covered"`} {
		err := s.try(step)
		s.Input = ""
		own := s.try(step)
		s.Input = steps.ScriptInput
		first := func(err error) string { text, _, _ := strings.Cut(err.Error(), "("); return text }
		if err == nil || own == nil || first(err) != first(own) {
			t.Errorf("%s: by a script %v, by the browser's own input %v", step, err, own)
		}
	}
	s.is("clicks", 0)
}
