package preview

import (
	"fmt"
	"slices"

	"pipe/pipeline"
	"pipe/specs/document"
	"pipe/steps"
)

// idleWait tells of a wait that proves nothing, as a warning at its place.
func (r *stepReports) idleWait(key string) func(steps.IdleWait) {
	return func(w steps.IdleWait) {
		told := r.spec.FaultAt(w.Wait.Pos, w.Wait.Path, r.redact(r.whyIdle(w)))
		if slices.ContainsFunc(r.warnings, func(f document.Fault) bool { return f.Pos == told.Pos && f.Path == told.Path }) {
			return
		}
		r.warnings = append(r.warnings, told)
		r.tell(StepReport{Item: key, Step: w.Wait.Path, Name: w.Wait.Name, At: w.Wait.Pos.String(), Warning: told.Message})
	}
}

// whyIdle says what is wrong with such a wait, and what to wait for.
func (r *stepReports) whyIdle(w steps.IdleWait) string {
	why, instead := "the page may still show what it did for another item", "what only this item brings, such as a text with "+r.spec.Key.Raw()
	if w.Own {
		why, instead = "it names the item's own value, which the page showed elsewhere by then", "that value where only that step puts it"
	}
	return fmt.Sprintf("this proves nothing, for it held already before %s: %s; wait for %s, or for the site's answer (wait: {response: …, on: {%s: …}})",
		pipeline.PlaceOfStep(w.After), why, instead, w.After.Verb)
}
