package steps

import (
	"slices"

	"github.com/playwright-community/playwright-go"

	"pipe/specs"
)

// sign is something that a page may show: a target, looked for within an
// element where root is one.
type sign struct {
	target specs.Target
	root   playwright.Locator
}

// outlook is what shows that an optional step is to be passed over: the signs of
// the steps behind it. awaits is the one that must find its own of them.
type outlook struct {
	signs  []sign
	awaits *specs.Step
}

// stretch is a list of steps that comes after those of a list inside of it, or
// may come when again is true: those of a loop's next round.
type stretch struct {
	list  []specs.Step
	root  playwright.Locator
	again bool
}

// sight is how far one can look along a list of steps.
type sight int

const (
	// open: to its end, and what comes after it counts as well.
	open sight = iota
	// certain: to a step that must find its target.
	certain
	// blind: to a step that changes the page by itself, which hides what comes
	// after.
	blind
)

// nester is an action that runs steps on the same page. ahead gives the lists of
// which one comes first, and tells whether one of them must come.
type nester interface {
	ahead() (lists [][]specs.Step, sure bool)
}

// outlook looks along the rest of a list, and on behind the lists that it is
// inside of.
func (s *Scene) outlook(rest []specs.Step) outlook {
	var o outlook
	all := append(slices.Clone(s.behind), stretch{list: rest, root: s.root})
	for _, next := range slices.Backward(all) {
		switch before := o.awaits; o.see(next.list, next.root) {
		case blind:
			return outlook{}
		case certain:
			if !next.again {
				return o
			}
			o.awaits = before
		}
	}
	if !s.After.Given() {
		return outlook{}
	}
	o.signs = append(o.signs, sign{target: s.After})
	return o
}

// see adds what shows that a list of steps has its time.
func (o *outlook) see(list []specs.Step, root playwright.Locator) sight {
	for i := range list {
		step := &list[i]
		sure := !step.Optional && step.If == nil
		if t, ok := step.Do.(targeted); ok && t.target().Given() {
			o.signs = append(o.signs, sign{t.target(), root})
			if each, ok := step.Do.(*Each); sure && (!ok || each.Absent != "empty") {
				o.awaits = step
				return certain
			}
			continue
		}
		in, ok := step.Do.(nester)
		if c, isCapture := step.Do.(*Capture); isCapture && c.On != nil {
			in, ok = trigger{c.On}, true
		}
		if ok {
			switch o.inside(in, root, sure) {
			case blind:
				return blind
			case certain:
				return certain
			}
			continue
		}
		if _, ok := step.Do.(passive); !ok {
			return blind
		}
	}
	return open
}

// inside adds what shows that one of the lists inside of an action has its time.
func (o *outlook) inside(in nester, root playwright.Locator, sure bool) sight {
	lists, must := in.ahead()
	if _, branches := in.(*Then); branches {
		sure = true // its if chooses between them
	}
	all, before := certain, o.awaits
	for _, list := range lists {
		switch o.see(list, root) {
		case blind:
			return blind
		case open:
			all = open
		}
	}
	if !sure || !must {
		all = open
	}
	if all == open || len(lists) > 1 {
		o.awaits = before
	}
	return all
}

// nest runs steps that stand inside of the one under way; again is true for
// those that may come again after themselves.
func (s *Scene) nest(list []specs.Step, again bool, run func([]specs.Step) error) error {
	if !again {
		return run(list)
	}
	s.behind = append(s.behind, stretch{list: list, root: s.root, again: true})
	defer func() { s.behind = s.behind[:len(s.behind)-1] }()
	return run(list)
}

// trigger is a capture's step that makes the site deliver the file.
type trigger struct{ step *specs.Step }

func (t trigger) ahead() ([][]specs.Step, bool) { return [][]specs.Step{{*t.step}}, true }
