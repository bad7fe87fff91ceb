package heal

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/playwright-community/playwright-go"

	"pipe/pipeline"
	"pipe/specs"
	"pipe/specs/document"
	"pipe/steps"
)

// Drift is what is not as it was when the spec last worked, and fails nothing yet.
type Drift struct {
	Path   string       `json:"path"`
	Pos    document.Pos `json:"-"`
	At     string       `json:"at,omitempty"`
	Target string       `json:"target,omitempty"`
	What   string       `json:"what"`
}

// Watch compares what targets lead to with what was known, while steps run.
type Watch struct {
	Spec   *specs.Spec
	Known  []pipeline.KnownElement
	Redact func(string) string

	mu     sync.Mutex
	drifts []Drift
	// compared counts the targets of which something was known.
	compared map[string]bool
}

// Drifts gives what has been found.
func (w *Watch) Drifts() []Drift {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.drifts)
}

// Compared counts the targets that could be compared with what was known.
func (w *Watch) Compared() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.compared)
}

// Found implements steps.Elements.
func (w *Watch) Found(ctx context.Context, on *steps.StepContext, place string, t specs.Target, loc playwright.Locator) func(error) {
	known, is := knownOf(w.Known, place, t, w.Redact)
	if !is {
		return nil
	}
	element, err := steps.DescribeElement(ctx, loc)
	if err != nil {
		return nil // the step will tell
	}
	now := element.Map(func(text string) string { return w.Redact(on.AsExpressions(text)) })
	what := changes(known.Element, now)
	if later := w.laterAlternative(ctx, on, t, known.Element); later != "" {
		what = append([]string{later}, what...)
	}
	w.note(place, t, what)
	return nil
}

func (w *Watch) note(place string, t specs.Target, what []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.compared == nil {
		w.compared = map[string]bool{}
	}
	key := place + " " + t.String()
	if w.compared[key] {
		return
	}
	w.compared[key] = true
	if len(what) == 0 {
		return
	}
	d := Drift{Path: place, Pos: w.Spec.PlaceOf(place), Target: w.Redact(t.String()), What: strings.Join(what, "; ")}
	for _, at := range w.Spec.Targets() {
		if at.Place == place && at.Step != nil {
			d.Pos = at.Step.Pos
		}
	}
	d.At = d.Pos.String()
	w.drifts = append(w.drifts, d)
}

// laterAlternative tells of alternatives of which one leads to something that comes later
// than the one that did.
func (w *Watch) laterAlternative(ctx context.Context, on *steps.StepContext, t specs.Target, known steps.Element) string {
	was := slices.IndexFunc(t.Any, func(l specs.Locator) bool { return fits(l, known) })
	if len(t.Any) < 2 || was < 0 {
		return ""
	}
	for i := range t.Any {
		loc, err := on.Locate(specs.Target{Any: t.Any[i : i+1]})
		if err != nil {
			return ""
		}
		if n, err := steps.Call(ctx, "counting", loc.Count); err != nil || n > 0 {
			if err == nil && i > was {
				return fmt.Sprintf("alternative %d leads to it now, and %d of them no longer", i+1, i)
			}
			return ""
		}
	}
	return ""
}

// changes tells in what an element is not as it was. What rows and values say is the data's.
func changes(known, now steps.Element) (what []string) {
	differs := func(of, was, is string) {
		if was != is {
			what = append(what, fmt.Sprintf("its %s was %q and is %q", of, was, is))
		}
	}
	differs("role", known.Role, now.Role)
	if known.Row == "" && (slices.Contains(pressed, known.Role) || isField(known)) {
		differs("name", known.Name, now.Name)
		differs("label", known.Label, now.Label)
	}
	if isField(known) {
		differs("type", known.Attributes["type"], now.Attributes["type"])
	}
	return what
}
