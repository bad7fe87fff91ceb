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

func TestIf(t *testing.T) {
	s := show(t, `<p id=out>`)
	s.do(`{evaluate: "out.append('yes ')", if: 'item.ref == "A1"'}`, `{evaluate: "out.append('no ')", if: 'item.ref == "B1"'}`)
	s.is("out.textContent", "yes ")
}

func TestRetry(t *testing.T) {
	s := show(t, `<script>window.n = 0</script>`)
	s.fails("throws", `{evaluate: "n++; throw new Error('throws')", retry: 2}`)
	s.is("n", 3)
	s.do(`{evaluate: "if (++n < 5) throw new Error('throws')", retry: 3}`)
	s.is("n", 5)
}

// An optional step costs no time when what comes after it is there.
func TestOptional(t *testing.T) {
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

func TestNamesAndPlaces(t *testing.T) {
	s := show(t, "")
	err := s.try(`wait: {state: load}`, `{click: "#no", name: the save button, timeout: 100ms}`)
	var at *steps.Error
	if !errors.As(err, &at) {
		t.Fatalf("got %v", err)
	}
	if got, want := at.Where(), `navigate.steps[1].click "the save button" (stage.yaml:7:8)`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	told := ""
	s.OnStepStart = func(step *specs.Step) { told += step.Verb + " " }
	s.do(`wait: {state: load}`, `evaluate: "1"`)
	if told != "wait evaluate " {
		t.Errorf("told %q", told)
	}
}

// A step ends when its run does, and says why.
func TestCancelled(t *testing.T) {
	s := show(t, "")
	ctx, cancel := context.WithCancelCause(s.ctx)
	s.ctx = ctx
	time.AfterFunc(200*time.Millisecond, func() { cancel(steps.ErrSessionLost) })
	s.quick(func() {
		if err := s.try(`wait: "#never"`); !errors.Is(err, steps.ErrSessionLost) {
			t.Errorf("got %v", err)
		}
	})
}

// An action that is given up may strike later: the page is not to be used
// again.
func TestAbandoned(t *testing.T) {
	s := show(t, `<div style="position:relative"><button id=b>b</button><div style="position:absolute;inset:0"></div></div>`)
	ctx, cancel := context.WithCancel(s.ctx)
	s.ctx = ctx
	s.OnStepStart = func(*specs.Step) { time.AfterFunc(time.Second, cancel) } // the click has begun
	if err := s.try(`click: "#b"`); !errors.Is(err, context.Canceled) || strings.Contains(err.Error(), "time-out") {
		t.Errorf("got %v", err)
	}
	if !s.Abandoned {
		t.Error("nobody knows that a click is under way")
	}
}

// A page that is gone ends its step at once.
func TestPageGone(t *testing.T) {
	s := show(t, "")
	time.AfterFunc(200*time.Millisecond, func() { _ = s.Page.Close() })
	s.quick(func() {
		if err := s.try(`wait: "#never"`); !errors.Is(err, steps.ErrClosed) {
			t.Errorf("got %v", err)
		}
	})
}
