package steps_test

import (
	"errors"
	"testing"

	"pipe/steps"
)

const later = `<script>
	const soon = f => setTimeout(f, 250);
</script><p id=gone>gone soon</p><p id=row>old</p><p class=hidden hidden>hidden</p>`

func TestWait(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ trigger, wait, check string }{
		"visible":  {"soon(() => document.body.append(Object.assign(document.createElement('p'), {id: 'new', textContent: 'new'})))", `wait: "#new"`, "document.querySelector('#new') != null"},
		"shown":    {"soon(() => document.querySelector('.hidden').hidden = false)", `wait: .hidden`, "!document.querySelector('.hidden').hidden"},
		"hidden":   {"soon(() => gone.remove())", `wait: {hidden: "#gone"}`, "document.querySelector('#gone') == null"},
		"styled":   {"soon(() => gone.style.display = 'none')", `wait: {hidden: "#gone"}`, "gone.style.display == 'none'"},
		"text":     {"soon(() => row.textContent = 'ref A1')", `wait: {selector: "#row", text: "${{ item.ref }}"}`, "row.textContent == 'ref A1'"},
		"any text": {"soon(() => row.textContent = 'ref A1')", `wait: {text: "ref ${{ item.ref }}"}`, "row.textContent == 'ref A1'"},
		"url":      {"soon(() => history.pushState(null, '', '/vehicle/1'))", `wait: {url: "**/vehicle/*"}`, "location.pathname == '/vehicle/1'"},
		"function": {"soon(() => window.ready = true)", `wait: {function: window.ready}`, "window.ready"},
		"page":     {"soon(() => location = '/next')", `wait: "#arrived"`, "location.pathname == '/next'"},
		"several":  {"soon(() => row.className = 'b')", `wait: ["p.a", "p.b"]`, "row.className == 'b'"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := show(t, later, "/next", "<p id=arrived>here</p>")
			s.is("void ("+c.trigger+")", "<nil>")
			s.quick(func() { s.do(c.wait) })
			s.is(c.check, true)
		})
	}
}

func TestWaitForResponse(t *testing.T) {
	t.Parallel()
	s := show(t, `<button id=b onclick="fetch('/slow').then(r => r.text()).then(t => out.textContent = t)">load</button><button id=bad onclick="fetch('/broken')">bad</button><p id=out>`)
	s.do(`wait: {response: "**/slow", on: {click: "#b"}}`, `wait: {state: networkidle}`, `wait: {selector: "#out", text: slow}`)
	s.is("out.textContent", "slow")
	err := s.try(`wait: {response: "**/broken", on: {click: "#bad"}}`)
	var status *steps.StatusError
	if !errors.As(err, &status) || status.Status != 502 {
		t.Errorf("got %v", err)
	}
	s.fails("no element matches", `wait: {response: "**/slow", on: {click: {selector: "#nowhere", timeout: 200ms}}}`)
}

func TestWaitSaysWhatIsThere(t *testing.T) {
	t.Parallel()
	s := show(t, later)
	for line, want := range map[string]string{
		`wait: {selector: "#no", timeout: 200ms}`:                            `waiting for "#no": nothing within the time-out (no element matches)`,
		`wait: {selector: .hidden, timeout: 200ms}`:                          "one element matches and is hidden",
		`wait: {selector: "#row", text: new, timeout: 200ms}`:                "no element matches",
		`wait: {hidden: "#gone", timeout: 200ms}`:                            `waiting until "#gone" is gone: nothing within the time-out (still there "gone soon")`,
		`wait: {selector: "p#row", text: "${{ item.ref }}", timeout: 200ms}`: `(waited for "A1", there is "old")`,
		`wait: {selector: "#no-${{ item.ref }}", timeout: 200ms}`:            `waiting for "#no-A1"`,
		`wait: {text: "x${{ item.ref }}", timeout: 200ms}`:                   `waiting for the text "xA1": nothing within the time-out (there is "gone soon`,
		`wait: {url: "**/other", timeout: 200ms}`:                            `(the address is `,
		`wait: {function: "1 > 2", timeout: 200ms}`:                          `(it is false)`,
		`wait: {url: "**/elsewhere", timeout: 200ms}`:                        `waiting for the address "**/elsewhere"`,
		`wait: {function: "window.never", timeout: 200ms}`:                   "waiting for window.never",
	} {
		s.fails(want, line)
	}
	s.fails(`neither "#no-A1" nor what comes after it, "#nor-A1", is to be seen`, `{click: "#no-${{ item.ref }}", optional: true, timeout: 200ms}`, `click: "#nor-${{ item.ref }}"`)
	var found []steps.TargetMatch
	s.OnStepEnd = func(r steps.StepResult) { found = append(found, r.Targets...) }
	s.do(`wait: {selector: "p:not(#no-${{ item.ref }})"}`)
	if len(found) != 1 || found[0].Target != `"p:not(#no-A1)"` {
		t.Errorf("found %v", found)
	}
	if err := s.try(`wait: {selector: "#no", timeout: 100ms}`); !errors.Is(err, steps.ErrTimeout) {
		t.Errorf("got %v, want ErrTimeout", err)
	}
}
