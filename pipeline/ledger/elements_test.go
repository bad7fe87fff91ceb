package ledger_test

import (
	"testing"
	"time"

	"pipe/pipeline"
	"pipe/steps"
)

// What is known of an element takes the place of what was known before.
func TestElements(t *testing.T) {
	t.Parallel()
	led := newLedger(t)
	first := beginRun(t, led, false)
	keep := func(run int64, place, target, name string, at time.Time) {
		t.Helper()
		check(t, led.KeepElement(t.Context(), pipeline.KnownElement{
			Place: place, Target: target, Run: run, Seen: at, Element: steps.Element{Tag: "button", Name: name, Attributes: map[string]string{"id": "go"}, Ancestors: []string{"div#a"}},
		}))
	}
	keep(first, "download[0].click", `"#go"`, "Go", noon)
	keep(first, "download[1].click", `"#go"`, "Go on", noon.Add(time.Second))
	endRun(t, led, first, "finished")
	second := beginRun(t, led, false)
	keep(second, "download[0].click", `"#go"`, "Start", noon.Add(time.Minute))
	all := must[[]pipeline.KnownElement](t)(led.KnownElements(t.Context()))
	if len(all) != 2 || all[0].Place != "download[0].click" || all[0].Run != second || all[0].Element.Name != "Start" || !all[0].Seen.Equal(noon.Add(time.Minute)) {
		t.Fatalf("%+v", all)
	}
	if all[1].Element.Name != "Go on" || all[1].Element.Attributes["id"] != "go" || all[1].Element.Ancestors[0] != "div#a" {
		t.Errorf("%+v", all[1])
	}
}
