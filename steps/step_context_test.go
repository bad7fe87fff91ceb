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
	t.Parallel()
	s := show(t, `<p id=out>`)
	s.do(`{evaluate: "out.append('yes ')", if: 'item.ref == "A1"'}`, `{evaluate: "out.append('no ')", if: 'item.ref == "B1"'}`)
	s.is("out.textContent", "yes ")
}

func TestRetry(t *testing.T) {
	t.Parallel()
	s := show(t, `<script>window.n = 0</script>`)
	s.fails("throws", `{evaluate: "n++; throw new Error('throws')", retry: 2}`)
	s.is("n", 3)
	s.do(`{evaluate: "if (++n < 5) throw new Error('throws')", retry: 3}`)
	s.is("n", 5)
}

func TestNamesAndPlaces(t *testing.T) {
	t.Parallel()
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
	t.Parallel()
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
	t.Parallel()
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
	t.Parallel()
	s := show(t, "")
	time.AfterFunc(200*time.Millisecond, func() { _ = s.Page.Close() })
	s.quick(func() {
		if err := s.try(`wait: "#never"`); !errors.Is(err, steps.ErrClosed) {
			t.Errorf("got %v", err)
		}
	})
}

// A step whose one-time code would run out while it is typed waits for the
// next one, longer than its own limit if need be.
func TestOneTimeCode(t *testing.T) {
	t.Parallel()
	s := show(t, `<input id=code><input id=again>`)
	began := time.Now()
	spec, err := specs.Parse("stage.yaml", []byte(`
name: x
key: ${{ item.ref }}
source: {items: [{ref: A1}]}
navigate:
  steps:
    - fill: {selector: "#code", value: "${{ totp('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ') }}", timeout: 3s}
`), specs.Options{Verbs: steps.Verbs(), Now: func() time.Time {
		return time.Unix(1111111106, 0).Add(time.Since(began)) // 4 s before the period's end
	}})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Run(s.ctx, spec.Navigate.Steps); err != nil {
		t.Fatal(err)
	}
	s.is("code.value", "050471")
	if took := time.Since(began); took < 4*time.Second || took > 30*time.Second {
		t.Errorf("it took %v", took)
	}
}
