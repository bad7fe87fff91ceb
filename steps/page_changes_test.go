package steps_test

import (
	"testing"
	"time"
)

// Where a recording answers, a wait ends once the page asks for nothing and does not change:
// not by a clock, but by the page's own time.
func TestWaitOnRecordedPage(t *testing.T) {
	t.Parallel()
	const late = "setTimeout(() => document.body.append(Object.assign(document.createElement('p'), {id: 'late', textContent: 'late'})), 3500)"
	for name, c := range map[string]struct {
		script, wait string
		underWay     bool
		each         int
	}{
		"a request is under way": {late, `wait: "#late"`, true, 0},
		"one after the other":    {late, `wait: "#late"`, false, 1},
		"the page changes":       {"setInterval(() => document.title += '.', 400);" + late, `wait: "#late"`, false, 0},
		"a time-out of its own":  {late, `wait: {selector: "#late", timeout: 20s}`, false, 0},
		"the page is busy": {
			"setTimeout(() => { const end = performance.now() + 4000; while (performance.now() < end); " +
				"document.body.append(Object.assign(document.createElement('p'), {id: 'late', textContent: 'late'})) }, 100)",
			`wait: "#late"`, false, 0,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := show(t, "<p>here</p>")
			requests := 3
			s.Recorded = func() (int, bool) {
				requests += c.each
				return requests, c.underWay
			}
			s.is("void ("+"() => {"+c.script+"})()", "<nil>")
			s.do(c.wait)
		})
	}
	t.Run("nothing more comes", func(t *testing.T) {
		t.Parallel()
		s := show(t, "<p id=shown>shown</p>")
		s.StepTimeout = 2 * time.Minute
		s.Recorded = func() (int, bool) { return 3, false }
		s.quick(func() {
			s.fails(`nothing within the time-out, and nothing more is to come (no element matches)`, `click: "#none"`)
			s.fails(`waiting until "#shown" is gone: nothing within the time-out, and nothing more is to come`, `wait: {hidden: "#shown"}`)
		})
	})
}
