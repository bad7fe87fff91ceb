package steps

import (
	"slices"

	"pipe/specs"
	"pipe/specs/expr"
)

// enter notes what a step, and those inside of it, are run by, until the function that
// it gives is called.
func (s *StepContext) enter(step *specs.Step) (leave func()) {
	before := s.conditions
	if step.If != nil {
		s.conditions = append(slices.Clip(s.conditions), step.If)
	}
	if _, chooses := step.Do.(branchingAction); !chooses {
		if _, composite := step.Do.(compositeAction); composite {
			s.conditions = append(slices.Clip(s.conditions), nil)
		}
	}
	return func() { s.conditions = before }
}

// ofPage are the names whose values may come from the page.
var ofPage = []string{"steps", "vars", "params", "error"}

// onlyOfItem tells whether it is the item's row alone by which the step under way is
// run, and by which more conditions hold or not.
func (s *StepContext) onlyOfItem(more ...*expr.Condition) bool {
	all := append(slices.Clip(s.conditions), more...)
	return len(all) > 0 && !slices.ContainsFunc(all, func(c *expr.Condition) bool {
		return c == nil || slices.ContainsFunc(ofPage, func(name string) bool { return c.Names(name, "") })
	})
}
