package steps

import "pipe/specs"

// composed is an action with steps inside of it.
type composed interface{ inner() [][]specs.Step }

// Walk calls f with each step of a list and with those inside of them, in the
// order of the spec.
func Walk(list []specs.Step, f func(*specs.Step)) {
	for i := range list {
		f(&list[i])
		switch in := list[i].Do.(type) {
		case *Tab:
			walkOne(in.On, f)
			Walk(in.Do, f)
		case composed:
			for _, inner := range in.inner() {
				Walk(inner, f)
			}
		case *Capture:
			walkOne(in.On, f)
		case *Wait:
			walkOne(in.On, f)
		}
	}
}

func walkOne(step *specs.Step, f func(*specs.Step)) {
	if step != nil {
		f(step)
	}
}
