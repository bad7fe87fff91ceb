package steps_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"pipe/specs"
	"pipe/steps"
)

func TestThenElse(t *testing.T) {
	s := show(t, `<p id=out>`)
	s.do(`{if: 'item.ref == "A1"', then: [{evaluate: "out.append('then ')"}], else: [{evaluate: "out.append('no ')"}]}`,
		`{if: 'item.ref == "B1"', then: {evaluate: "out.append('no ')"}, else: [{evaluate: "out.append('else ')"}]}`,
		`{if: 'item.ref == "B1"', then: [{evaluate: "out.append('no ')"}]}`)
	s.is("out.textContent", "then else ")
	err := s.try(`{if: true, then: [{wait: {state: load}}, {click: {selector: "#no", timeout: 100ms}}]}`)
	var at *steps.Error
	if !errors.As(err, &at) || at.Where() != "navigate.steps[0].then[1].click (stage.yaml:6:49)" {
		t.Errorf("got %v at %s", err, at.Where())
	}
}

func TestSet(t *testing.T) {
	s := show(t, `<p id=out>`)
	s.do(`set: {n: "${{ 1 + 1 }}", twice: "${{ vars.n * 2 }}", text: "n is ${{ vars.n }}"}`,
		`expect: vars.twice == 4 && vars.text == "n is 2"`, `set: {n: "${{ vars.n + 1 }}"}`, `expect: vars.n == 3 && vars.twice == 4`)
}

func TestTryRescue(t *testing.T) {
	s := show(t, `<p id=out>`)
	s.Classify = func(error) string { return "transient" }
	s.do(`{try: [{click: {selector: "#no", timeout: 100ms}}, {evaluate: "out.append('no ')"}], rescue: [{evaluate: {script: "x => out.append(x)", arg: "${{ error.class }} ${{ error.step }}"}}]}`)
	s.is("out.textContent", "transient navigate.steps[0].try[0].click (stage.yaml:6:15)")
	s.do(`try: [{click: {selector: "#no", timeout: 100ms}}]`)
	if _, known := s.Values["error"]; known {
		t.Error("error is known after its rescue")
	}
	s.fails("not now", `{try: [{fail: one}], rescue: [{fail: not now}]}`)
	// A skip is no failure.
	var skip *steps.SkipError
	if err := s.try(`{try: [{skip: "gone"}], rescue: [{evaluate: "out.append('x')"}]}`); !errors.As(err, &skip) || skip.Reason != "gone" {
		t.Errorf("got %v", err)
	}
	// Neither is a lost session one to rescue.
	ctx, cancel := context.WithCancelCause(s.ctx)
	s.ctx = ctx
	time.AfterFunc(200*time.Millisecond, func() { cancel(steps.ErrSessionLost) })
	if err := s.try(`{try: [{wait: "#never"}], rescue: [{evaluate: "out.append('x')"}]}`); !errors.Is(err, steps.ErrSessionLost) {
		t.Errorf("got %v", err)
	}
}

// A page of the site that is an error ends the try, and not the item.
func TestTryRescuesAnErrorOfThePage(t *testing.T) {
	s := show(t, `<p id=out>`)
	ctx, cancel := context.WithCancelCause(s.ctx)
	s.ctx = ctx
	time.AfterFunc(200*time.Millisecond, func() {
		if err := (&steps.StatusError{Status: 502, URL: "x"}); !s.FailTry(err) {
			cancel(err)
		}
	})
	s.quick(func() {
		s.do(`{try: [{wait: "#never"}], rescue: [{evaluate: {script: "x => out.append(x)", arg: "${{ error.status }}"}}]}`)
	})
	s.is("out.textContent", "502")
}

func TestEach(t *testing.T) {
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

func TestWhile(t *testing.T) {
	s := show(t, `<i class=u>1</i><i class=u>2</i><p id=out></p>`)
	s.do(`{while: {visible: .u, index: n, do: [{evaluate: {script: "n => { document.querySelector('.u').remove(); out.append(n) }", arg: "${{ vars.n }}"}}]}, name: rounds}`,
		`expect: steps.rounds == 2`)
	s.is("out.textContent", "12")
	s.fails("still holds after 3 rounds", `while: {if: true, most: 3, do: [{evaluate: "out.append('.')"}]}`)
	s.is("out.textContent", "12...")
}

// What comes after an optional step is seen from within lists of steps.
func TestOptionalWithin(t *testing.T) {
	s := show(t, `<p id=out></p><button id=next onclick="out.append('next ')">next</button>`)
	s.quick(func() {
		s.do(`{if: true, then: [{click: {selector: "#licence", optional: true}}]}`, `click: "#next"`)
		s.do(`click: {selector: "#licence", optional: true}`, `{if: true, then: [{click: "#next"}], else: [{click: "#other"}]}`)
		s.do(`each: {in: [a, b], as: v, do: [{click: "#next"}, {click: {selector: "#licence", optional: true}}]}`, `click: "#next"`)
		s.do(`click: {selector: "#licence", optional: true}`, `{try: [{click: "#next"}]}`)
	})
	s.is("out.textContent", strings.Repeat("next ", 6))
}

func TestFailAndLog(t *testing.T) {
	s := show(t, "")
	var class *steps.ClassError
	if err := s.try(`fail: {class: not_found, reason: "no ${{ item.ref }}"}`); !errors.As(err, &class) || class.Class != "not_found" || err.Error() != "no A1" {
		t.Errorf("got %v", err)
	}
	said := ""
	s.OnLog = func(_ context.Context, step *specs.Step, text string) { said = step.Path + ": " + text }
	s.do(`log: "at ${{ item.ref }}"`)
	if said != "navigate.steps[0].log: at A1" {
		t.Errorf("said %q", said)
	}
}

func TestWalk(t *testing.T) {
	spec, err := read("x", `{if: true, then: [{each: {in: [a], as: v, do: [{capture: {on: {click: a}, as: "${{ vars.v }}"}}]}}], else: [{wait: {response: x, on: {click: b}}}]}`)
	if err != nil {
		t.Fatal(err)
	}
	var verbs []string
	steps.WalkSteps(spec.Navigate.Steps, func(s *specs.Step) { verbs = append(verbs, s.Verb) })
	if got := strings.Join(verbs, " "); got != "then each capture click wait click" {
		t.Error(got)
	}
}
