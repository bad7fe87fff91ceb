package steps

import (
	"strings"

	"pipe/specs"
)

// Writer is an action that may change something on the site, and not only show
// it: one for a dry run to announce and leave.
type Writer interface{ Writes() bool }

// Writes tells whether a step may change something on the site: as the spec
// says of it, else as its verb does, and within a step that is once as a form does:
// what fields hold is not the site's before something is pressed. What stands inside
// of a step speaks for itself.
func Writes(step *specs.Step) bool {
	if step.Writes != nil {
		return *step.Writes
	}
	if _, composite := step.Do.(compositeAction); step.Once && !composite {
		return true
	}
	if w, ok := step.Do.(Writer); ok && w.Writes() {
		return true
	}
	p, ok := step.Do.(pressingAction)
	return step.WithinOnce && ok && p.presses()
}

// Writes is true: sites note who has fetched what, and make files on demand.
func (*Capture) Writes() bool { return true }

// pressingAction is an action that may send off what a page holds.
type pressingAction interface{ presses() bool }

func (*Click) presses() bool    { return true }
func (*Press) presses() bool    { return true }
func (*Keyboard) presses() bool { return true }
func (*Mouse) presses() bool    { return true }
func (*Drag) presses() bool     { return true }
func (*Evaluate) presses() bool { return true }

// A text that ends with Enter sends what it is typed into.
func (t *Type) presses() bool { return strings.Contains(t.Value.Raw(), "\n") }

// OnlyReads is true where no step brings about what is waited for.
func (w *Wait) OnlyReads() bool { return w.On == nil }

// OnlyReads is true for what only asks.
func (r *Request) OnlyReads() bool { return !r.Writes() }

// OnlyReads is true.
func (*Extract) OnlyReads() bool { return true }

// OnlyReads is true.
func (*Expect) OnlyReads() bool { return true }

// OnlyReads is true.
func (*Screenshot) OnlyReads() bool { return true }

// OnlyReads is true.
func (*Set) OnlyReads() bool { return true }

// OnlyReads is true.
func (*Log) OnlyReads() bool { return true }

// OnlyReads is true.
func (*Fail) OnlyReads() bool { return true }

// OnlyReads is true.
func (*Skip) OnlyReads() bool { return true }

// Repeats is true of loops: their steps come again.
func (*Each) Repeats() {}

// Repeats is true of loops.
func (*While) Repeats() {}

// Repeats is true of loops.
func (*Paginate) Repeats() {}
