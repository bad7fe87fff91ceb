package steps_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"pipe/steps"
)

func TestTryRescue(t *testing.T) {
	t.Parallel()
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
	t.Parallel()
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

// What the steps of a try have captured is given up when others come in its
// place, which may bring the very same file; without a rescue it counts.
func TestTryGivesUpCaptures(t *testing.T) {
	t.Parallel()
	const save = `const a = document.createElement('a'); a.download = 'b.txt'; a.href = window.URL.createObjectURL(new Blob(['the file'])); a.click()`
	s := show(t, `<button id=b onclick="`+save+`">b</button>`)
	s.do(`set: {tries: "${{ 0 }}"}`)
	for name, step := range map[string]string{
		"rescue": `{try: [{capture: {on: {click: "#b"}, as: old.txt}}, {fail: no}], rescue: [{capture: {on: {click: "#b"}, as: new.txt}}]}`,
		"retry":  `{try: [{set: {tries: "${{ vars.tries + 1 }}"}}, {capture: {on: {click: "#b"}, as: "${{ vars.tries == 1 ? 'old' : 'new' }}.txt"}}, {expect: vars.tries > 1}], rescue: [{fail: again}], retry: 1}`,
		"nested": `{try: [{try: [{capture: {on: {click: "#b"}, as: old.txt}}, {fail: no}], rescue: [{capture: {on: {click: "#b"}, as: old2.txt}}]}, {fail: no}], rescue: [{capture: {on: {click: "#b"}, as: new.txt}}]}`,
		"alone":  `{try: [{capture: {on: {click: "#b"}, as: new.txt}}, {fail: no}]}`,
	} {
		before := len(s.Captures)
		s.do(step)
		if got := s.Captures[before:]; len(got) != 1 || got[0].Name != "new.txt" {
			t.Errorf("%s: captured %+v, want new.txt alone", name, got)
		}
	}
}
