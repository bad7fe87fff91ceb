package steps

import (
	"slices"

	"github.com/playwright-community/playwright-go"

	"pipe/specs"
)

// awaitedTarget is something that a page may show: a target, looked for within an
// element where root is one.
type awaitedTarget struct {
	target specs.Target
	root   playwright.Locator
}

// lookahead is what shows that an optional step is to be passed over: the targets of
// the steps behind it. required is the step that must find its own of them.
type lookahead struct {
	targets  []awaitedTarget
	required *specs.Step
}

// pendingSteps is a list of steps that comes after those of a list inside of it, or
// may come when repeats is true: those of a loop's next round.
type pendingSteps struct {
	steps   []specs.Step
	root    playwright.Locator
	repeats bool
}

// reach is how far one can look along a list of steps.
type reach int

const (
	// reachesEnd goes to its end, and what comes after it counts as well.
	reachesEnd reach = iota
	// endsAtRequired goes to a step that must find its target.
	endsAtRequired
	// endsAtChange goes to a step that changes the page by itself, which hides what
	// comes after.
	endsAtChange
)

// samePageAction is an action that runs steps on the same page. firstSteps gives the lists of
// which one comes first, and tells whether one of them must come.
type samePageAction interface {
	firstSteps() (lists [][]specs.Step, sure bool)
}

// lookahead looks along the rest of a list, and on behind the lists that it is
// inside of.
func (s *StepContext) lookahead(rest []specs.Step) lookahead {
	var o lookahead
	all := append(slices.Clone(s.pending), pendingSteps{steps: rest, root: s.root})
	for _, next := range slices.Backward(all) {
		switch before := o.required; o.addList(next.steps, next.root) {
		case endsAtChange:
			return lookahead{}
		case endsAtRequired:
			if !next.repeats {
				return o
			}
			o.required = before
		}
	}
	if !s.ExpectedAfter.Given() {
		return lookahead{}
	}
	o.targets = append(o.targets, awaitedTarget{target: s.ExpectedAfter})
	return o
}

// addList adds what shows that a list of steps is what comes next.
func (o *lookahead) addList(list []specs.Step, root playwright.Locator) reach {
	for i := range list {
		step := &list[i]
		sure := !step.Optional && step.If == nil
		if t, ok := step.Do.(targetedAction); ok && t.target().Given() {
			o.targets = append(o.targets, awaitedTarget{t.target(), root})
			if each, ok := step.Do.(*Each); sure && (!ok || each.Absent != "empty") {
				o.required = step
				return endsAtRequired
			}
			continue
		}
		in, ok := step.Do.(samePageAction)
		if c, isCapture := step.Do.(*Capture); isCapture && c.On != nil {
			in, ok = triggerStep{c.On}, true
		}
		if ok {
			switch o.addNested(in, root, sure) {
			case endsAtChange:
				return endsAtChange
			case endsAtRequired:
				return endsAtRequired
			}
			continue
		}
		if _, ok := step.Do.(readOnlyAction); !ok {
			return endsAtChange
		}
	}
	return reachesEnd
}

// addNested adds what shows that one of the lists inside of an action comes next.
func (o *lookahead) addNested(in samePageAction, root playwright.Locator, sure bool) reach {
	lists, must := in.firstSteps()
	if _, branches := in.(*Then); branches {
		sure = true // its if chooses between them
	}
	all, before := endsAtRequired, o.required
	for _, list := range lists {
		switch o.addList(list, root) {
		case endsAtChange:
			return endsAtChange
		case reachesEnd:
			all = reachesEnd
		}
	}
	if !sure || !must {
		all = reachesEnd
	}
	if all == reachesEnd || len(lists) > 1 {
		o.required = before
	}
	return all
}

// runNested runs steps that stand inside of the one under way; again is true for
// those that may come again after themselves.
func (s *StepContext) runNested(list []specs.Step, again bool, run func([]specs.Step) error) error {
	if !again {
		return run(list)
	}
	s.pending = append(s.pending, pendingSteps{steps: list, root: s.root, repeats: true})
	defer func() { s.pending = s.pending[:len(s.pending)-1] }()
	return run(list)
}

// triggerStep is a capture's step that makes the site deliver the file.
type triggerStep struct{ step *specs.Step }

func (t triggerStep) firstSteps() ([][]specs.Step, bool) { return [][]specs.Step{{*t.step}}, true }
