package steps

import "pipe/specs"

// compositeAction is an action with steps inside of it.
type compositeAction interface{ nestedSteps() [][]specs.Step }

// triggeredAction is an action that may have another step bring on what it is for.
type triggeredAction interface{ trigger() *specs.Step }

func (c *Capture) trigger() *specs.Step { return c.On }

func (w *Wait) trigger() *specs.Step { return w.On }

func (t *Tab) trigger() *specs.Step { return t.On }

// Trigger gives the step that brings on what another is for, nil for none.
func Trigger(step *specs.Step) *specs.Step {
	if t, ok := step.Do.(triggeredAction); ok {
		return t.trigger()
	}
	return nil
}

// WalkSteps calls f with each step of a list and with those inside of them, in the
// order of the spec.
func WalkSteps(list []specs.Step, f func(*specs.Step)) {
	for i := range list {
		f(&list[i])
		if on := Trigger(&list[i]); on != nil {
			f(on)
		}
		if in, ok := list[i].Do.(compositeAction); ok {
			for _, inner := range in.nestedSteps() {
				WalkSteps(inner, f)
			}
		}
	}
}
