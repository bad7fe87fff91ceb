package steps

import "pipe/specs"

// Writer is an action that may change something on the site, and not only show
// it: one for a dry run to announce and leave.
type Writer interface{ Writes() bool }

// Writes tells whether a step may change something on the site: as the spec
// says of it, else as its verb does. What stands inside of a step speaks for
// itself.
func Writes(step *specs.Step) bool {
	if step.Writes != nil {
		return *step.Writes
	}
	w, ok := step.Do.(Writer)
	return ok && w.Writes()
}

// Writes is true: sites note who has fetched what, and make files on demand.
func (*Capture) Writes() bool { return true }
