package steps

import (
	"context"
	"slices"
	"time"

	"pipe/specs"
)

// A wait is to show that the step before it has had its effect. Where the page met
// the condition already before that step, and is still the same document after it,
// the wait ends at once and has shown nothing: the page may still hold what was there
// for the last item. A try and a dry run look for that.

// IdleWait is a wait that proves nothing: what it waits for was there already before
// the step that it follows.
type IdleWait struct {
	Wait, After *specs.Step
	// Own is true where the condition names a value of the item's.
	Own bool
}

// waitsAhead is what is known of the waits that come after the steps under way.
type waitsAhead struct {
	// after is the last step that acted, nil for none since the last wait.
	after *specs.Step
	// held are those whose condition has held before each step that acted.
	held map[*specs.Step]heldBefore
	// waited is true once one of them has been reached.
	waited bool
}

type heldBefore struct {
	holds bool
	// document is the one that the page showed.
	document string
}

// lookLimit bounds a look at the page that is none of the spec's.
const lookLimit = 2 * time.Second

// watchWaits looks before a step whether the waits ahead hold already, and at a wait
// whether it did. The function that it gives is to be called after the step.
func (s *StepContext) watchWaits(ctx context.Context, step *specs.Step) func() {
	ctx, cancel := context.WithTimeout(ctx, lookLimit)
	defer cancel()
	switch {
	case s.OnIdleWait == nil:
	case awaitsPage(step):
		s.tellIdleWaits(ctx, step)
	case Trigger(step) != nil:
		// What it brings about it waits for itself.
		s.waits = waitsAhead{}
	case s.acts(step):
		now := s.heldNow(ctx, step)
		return func() { s.waits = now }
	}
	return func() {}
}

// acts tells whether a step does what a wait after it may be for. An optional one may
// be passed over, so what comes after it is not for its effect; a capture waits
// itself for what its trigger brings about.
func (s *StepContext) acts(step *specs.Step) bool {
	if step.Optional || IsReadOnly(step) || s.step != nil && Trigger(s.step) == step {
		return false
	}
	switch step.Do.(type) {
	case compositeAction, *Capture, *Dismiss:
		return false
	}
	return true
}

// awaitsPage tells whether a step waits for something that the page shows, or wants
// it to be there.
func awaitsPage(step *specs.Step) bool {
	switch do := step.Do.(type) {
	case *Wait:
		return do.On == nil
	case *Expect:
		return do.Visible.Given() || do.Hidden.Given() || !do.URL.Empty()
	default:
		return false
	}
}

// heldNow looks which of the waits that come next hold now.
func (s *StepContext) heldNow(ctx context.Context, step *specs.Step) waitsAhead {
	known := s.waits
	if known.waited {
		known = waitsAhead{}
	}
	now := waitsAhead{after: step, held: map[*specs.Step]heldBefore{}}
	for _, wait := range s.nextWaits() {
		document, err := s.documentOf(ctx, wait)
		if err != nil {
			continue
		}
		before, seen := known.held[wait]
		if seen && before.document == document && !before.holds {
			now.held[wait] = before
			continue
		}
		if holds, err := s.conditionHolds(ctx, wait); err == nil {
			now.held[wait] = heldBefore{holds, document}
		}
	}
	return now
}

// tellIdleWaits tells of the waits at which the steps have come, when all of them
// held before: one that did not shows what the others do not.
func (s *StepContext) tellIdleWaits(ctx context.Context, first *specs.Step) {
	if s.waits.waited || s.waits.after == nil {
		return
	}
	s.waits.waited = true
	for _, before := range s.waits.held {
		if !before.holds {
			return
		}
	}
	waits := append([]*specs.Step{first}, s.nextWaits()...)
	own := false
	for _, wait := range waits {
		before := s.waits.held[wait]
		if document, err := s.documentOf(ctx, wait); err != nil || !before.holds || document != before.document {
			return
		}
		own = own || namesItem(wait)
	}
	if own && s.nextVaries() {
		return
	}
	for _, wait := range waits {
		s.OnIdleWait(IdleWait{Wait: wait, After: s.waits.after, Own: own})
	}
}

// namesItem tells whether a wait is for something that has a value of the item's in it.
func namesItem(wait *specs.Step) bool {
	switch do := wait.Do.(type) {
	case *Wait:
		return specs.Varies(do.Target) || specs.Varies(do.Text) || specs.Varies(do.Visible) || specs.Varies(do.URL)
	case *Expect:
		return specs.Varies(do.Visible) || specs.Varies(do.URL)
	default:
		return false
	}
}

// nextWaits are the waits that come next, behind what acts before them.
func (s *StepContext) nextWaits() []*specs.Step {
	var waits []*specs.Step
	for _, next := range slices.Backward(s.pending) {
		if next.repeats {
			continue
		}
		var end bool
		if waits, end = appendWaits(waits, next.steps); end {
			break
		}
	}
	return waits
}

// appendWaits adds the waits of a list up to what acts after them, and tells whether
// it has come to that.
func appendWaits(waits []*specs.Step, list []specs.Step) (all []*specs.Step, end bool) {
	for i := range list {
		step := &list[i]
		attempt, tries := step.Do.(*Try)
		switch {
		case awaitsPage(step) && step.If == nil:
			waits = append(waits, step)
		case tries && step.If == nil:
			if waits, end = appendWaits(waits, attempt.Steps); end {
				return waits, true
			}
		case step.Optional || step.If != nil || IsReadOnly(step) && Trigger(step) == nil:
		case len(waits) > 0:
			return waits, true
		case isComposite(step):
			return nil, true
		}
	}
	return waits, false
}

// isComposite tells whether a step has steps inside of it, or waits for a file.
func isComposite(step *specs.Step) bool {
	if _, composite := step.Do.(compositeAction); composite || Trigger(step) != nil {
		return true
	}
	_, captures := step.Do.(*Capture)
	return captures
}

// nextVaries tells whether the step that comes next names what goes with the item, so
// that it takes nothing of another's.
func (s *StepContext) nextVaries() bool {
	for _, next := range slices.Backward(s.pending) {
		for i := range next.steps {
			step := &next.steps[i]
			if awaitsPage(step) || step.Optional {
				continue
			}
			if on := Trigger(step); on != nil {
				step = on
			}
			if t, ok := step.Do.(targetedAction); ok && t.target().Given() {
				return specs.Varies(t.target())
			}
			if !IsReadOnly(step) {
				return specs.Varies(step.Do)
			}
		}
	}
	return false
}
