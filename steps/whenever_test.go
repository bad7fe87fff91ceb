package steps_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	conc "github.com/sourcegraph/conc/pool"

	"pipe/specs"
	"pipe/steps"
)

// attended runs the steps of a page beside what a spec has under whenever.
func attended(s *testPage, whenever string, run func()) (times int64, failed error) {
	s.t.Helper()
	spec, err := specs.Parse("stage.yaml", []byte("name: x\nkey: ${{ item.ref }}\nsource: {items: [{ref: A1}]}\nwhenever: "+whenever+"\n"), specs.Options{Verbs: steps.Verbs()})
	if err != nil {
		s.t.Fatal(err)
	}
	beside := &steps.StepContext{Page: s.Page, Files: s.Files, Values: s.Values, StepTimeout: s.StepTimeout, Turn: s.Turn}
	ctx, cancel := context.WithCancel(s.ctx)
	var n atomic.Int64
	done := make(chan error, 1)
	go func() { done <- beside.Attend(ctx, spec.Whenever, func(int) { n.Add(1) }) }()
	run()
	cancel()
	return n.Load(), <-done
}

const survey = `<div id=survey style="display:none;position:fixed;inset:0"><button id=no onclick="survey.style.display = 'none'">No thanks</button></div>
	<button id=b onclick="document.title += 'x'">B</button><input id=i>`

// What may show at any moment is dealt with while steps click, fill and wait.
func TestWhenever(t *testing.T) {
	t.Parallel()
	s := show(t, survey)
	s.quick(func() {
		n, err := attended(s, "{visible: '#survey', do: [{click: '#no'}]}", func() {
			for range 2 {
				s.do(`evaluate: "survey.style.display = 'block'"`, "click: '#b'")
			}
			s.do(`evaluate: "survey.style.display = 'block'"`, "fill: {selector: '#i', value: v}", "wait: {hidden: '#survey'}")
			s.do(`evaluate: "survey.style.display = 'block'"`, "wait: {hidden: '#survey'}", "goto: "+s.url,
				`evaluate: "survey.style.display = 'block'"`, "click: '#b'")
		})
		// It may show again before it is seen to be gone.
		if n == 0 || n > 5 || err != nil {
			t.Errorf("dealt with %d times, %v; want 1 to 5", n, err)
		}
	})
	s.is("document.title", "stagex")
}

// Two that act on a page at the same time lose nothing: of two clicks in one moment the
// driver loses one, and tells that both were done.
func TestTurn(t *testing.T) {
	t.Parallel()
	s := show(t, `<button id=a onclick="document.a = (document.a || 0) + 1">A</button><button id=b onclick="document.b = (document.b || 0) + 1">B</button>`)
	beside := &steps.StepContext{Page: s.Page, Files: s.Files, Values: s.Values, StepTimeout: s.StepTimeout, Turn: s.Turn}
	const times = 40
	click := func(on *steps.StepContext, selector string) error {
		spec, err := read(s.url, slices.Repeat([]string{"click: '" + selector + "'"}, times)...)
		if err != nil {
			return err
		}
		return on.Run(s.ctx, spec.Navigate.Steps)
	}
	both := conc.New().WithErrors()
	both.Go(func() error { return click(s.StepContext, "#a") })
	both.Go(func() error { return click(beside, "#b") })
	if err := both.Wait(); err != nil {
		t.Fatal(err)
	}
	s.is("[document.a, document.b].join()", fmt.Sprintf("%d,%[1]d", times))
}

// What its steps do not make go away ends with a reason, and so do steps that fail and
// what comes back at once, over and over.
func TestWheneverStays(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ body, whenever, want string }{
		"stays":      {`<div id=survey><button id=no>No</button></div>`, "[{visible: '#none', do: [{click: '#no'}]}, {visible: '#survey', do: [{click: '#no'}]}]", `whenever[1]: "#survey" is still to be seen after its steps were tried 3 times`},
		"fails":      {`<div id=survey>x</div>`, "{visible: '#survey', timeout: 500ms, do: [{click: '#no'}]}", `whenever.do[0].click (stage.yaml:`},
		"comes back": {`<div id=survey><button id=no onclick="survey.hidden = true; setTimeout(() => { survey.hidden = false }, 300)">No</button></div>`, "{visible: '#survey', do: [{click: '#no'}]}", "comes back at once"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := show(t, c.body)
			spec, err := specs.Parse("stage.yaml", []byte("name: x\nkey: ${{ item.ref }}\nsource: {items: [{ref: A1}]}\nwhenever: "+c.whenever+"\n"), specs.Options{Verbs: steps.Verbs()})
			if err != nil {
				t.Fatal(err)
			}
			err = s.Attend(s.ctx, spec.Whenever, func(int) {})
			var stays *steps.WheneverError
			if !errors.As(err, &stays) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

// Whenever is beside the items: what is about one has no place there.
func TestWheneverFaults(t *testing.T) {
	t.Parallel()
	for whenever, want := range map[string]string{
		"{visible: '#x', do: [{capture: {url: /x, as: x}}]}": "capture is about an item",
		"{visible: '#x', do: [{skip: no}]}":                  "skip is about an item",
		"{visible: '#x', do: []}":                            "do has no steps",
		"{do: [{click: '#x'}]}":                              "visible",
		"{visible: '#x', do: [{log: '${{ item.ref }}'}]}":    "item",
	} {
		_, err := specs.Parse("stage.yaml", []byte("name: x\nkey: ${{ item.ref }}\nsource: {items: [{ref: A1}]}\nwhenever: "+whenever+"\n"), specs.Options{Verbs: steps.Verbs()})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", whenever, err, want)
		}
	}
}
