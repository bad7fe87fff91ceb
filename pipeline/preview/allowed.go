package preview

import (
	"pipe/specs"
	"pipe/steps"
)

// Allowed is what a trial may do on the site. It ends before a step that it may not.
type Allowed int

const (
	// AllowAll is what a run does, but for what is once.
	AllowAll Allowed = iota
	// AllowFiles is the taking of files that the spec does not say to change something, and
	// nothing else that may.
	AllowFiles
	// AllowReads is nothing that may change something on the site: sites note who has
	// fetched what, and make files on demand.
	AllowReads
)

func (a Allowed) allows(step *specs.Step) bool {
	on := steps.Trigger(step)
	switch {
	case a == AllowAll:
		return true
	case on != nil && steps.Writes(on):
		return false
	case a == AllowFiles && captures(step):
		return step.Writes == nil || !*step.Writes
	default:
		return !steps.Writes(step)
	}
}
