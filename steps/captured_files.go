package steps

import "maps"

// capturedSoFar is what was captured when steps began that others may replace.
type capturedSoFar struct {
	files, missing int
	taken          map[string]bool
}

func (s *StepContext) capturedSoFar() capturedSoFar {
	return capturedSoFar{len(s.Captures), len(s.Missing), maps.Clone(s.taken)}
}

// giveUpCaptures gives up what was captured since, for the steps that come in
// place of those which failed. What they bring may be the very same files.
func (s *StepContext) giveUpCaptures(since capturedSoFar) {
	// An observer may have taken some over already.
	files, missing := min(since.files, len(s.Captures)), min(since.missing, len(s.Missing))
	for _, c := range s.Captures[files:] {
		c.Delivery.Discard()
	}
	s.Captures, s.Missing, s.taken = s.Captures[:files], s.Missing[:missing], since.taken
}
