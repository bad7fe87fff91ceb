package steps_test

import (
	"errors"
	"testing"
	"time"

	"pipe/steps"
)

func TestExpect(t *testing.T) {
	t.Parallel()
	s := show(t, `<p id=there>there</p><p id=hidden hidden>x</p>`)
	s.do(`expect: {visible: "#there"}`, `expect: {hidden: "#hidden"}`, `expect: {url: "**/"}`, `expect: ${{ item.ref == "A1" }}`)
	s.fails("not there", `expect: {visible: "#hidden"}`)
	s.fails("is there", `expect: {hidden: "#there"}`)
	s.fails("**/x", `expect: {url: "**/x"}`)
	s.fails(`item.ref == "B" does not hold: item.ref is "A1"`, `expect: item.ref == "B"`)
	err := s.try(`expect: {hidden: "#there", class: not_found, reason: "no vehicle ${{ item.ref }}"}`)
	var class *steps.ClassError
	if !errors.As(err, &class) || class.Class != "not_found" || err.Error() != "no vehicle A1" {
		t.Errorf("got %v", err)
	}
}

// Any element that is to be seen counts: the first may be a hidden template.
func TestExpectBehindTemplate(t *testing.T) {
	t.Parallel()
	s := show(t, `<p class=error hidden>template</p><p class=error>no</p>`)
	s.do(`expect: {visible: .error}`)
	s.fails("is there", `expect: {hidden: .error}`)
	if shown, err := s.IsShown(s.ctx, steps.PageSign{Target: target(`.error`)}); err != nil || !shown {
		t.Errorf("got %v, %v", shown, err)
	}
}

// With patience, as a second look has it, what is about to come or to go is waited for.
func TestExpectWithPatience(t *testing.T) {
	t.Parallel()
	s := show(t, `<p id=none>nothing found</p><p id=row hidden>row</p><p id=stays>stays</p>`)
	later := `evaluate: "setTimeout(() => { none.hidden = true; row.hidden = false; }, 300)"`
	s.fails("is there", later, `expect: {hidden: "#none"}`)
	s.do(`wait: "#row"`, `evaluate: "none.hidden = false; row.hidden = true"`)
	s.Patience = s.StepTimeout
	s.quick(func() { s.do(later, `expect: {hidden: "#none", visible: "#row"}`) })
	s.Patience = 100 * time.Millisecond
	s.fails("there is none", `expect: {hidden: "#stays", class: not_found, reason: there is none}`)
}
