package capture

import "pipe/steps"

// assignment says which file is for which of those that are wanted.
type assignment struct {
	// files are those that came, by what they are for; nil where none has come.
	files []*fittingFile
	// given is how many of them are given away, and stay as they are.
	given int
}

// fittingFile is a file with all that it may be for, the likeliest first.
type fittingFile struct {
	steps.Delivery
	fits []int
}

func newAssignment(n int) assignment { return assignment{files: make([]*fittingFile, n)} }

// add finds a place for a file, and tells whether there is one: those that have
// theirs move where they can.
func (a *assignment) add(f *fittingFile) bool { return a.place(f, make([]bool, len(a.files))) }

func (a *assignment) place(f *fittingFile, tried []bool) bool {
	for _, at := range f.fits {
		if tried[at] || at < a.given {
			continue
		}
		tried[at] = true
		if a.files[at] == nil || a.place(a.files[at], tried) {
			a.files[at] = f
			return true
		}
	}
	return false
}

// full tells whether all have come that are not given yet.
func (a *assignment) full() bool {
	for _, f := range a.files[a.given:] {
		if f == nil {
			return false
		}
	}
	return true
}

// next gives the file of the next of those that are wanted, or nil.
func (a *assignment) next() steps.Delivery {
	f := a.files[a.given]
	a.given++
	if f == nil {
		return nil
	}
	return f.Delivery
}

// left are the files that nobody was given.
func (a *assignment) left() []*fittingFile {
	var left []*fittingFile
	for _, f := range a.files[a.given:] {
		if f != nil {
			left = append(left, f)
		}
	}
	return left
}
