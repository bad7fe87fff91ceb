package steps

import (
	"context"
	"time"

	"github.com/playwright-community/playwright-go"

	"pipe/specs"
)

// Ended is a step that is over, as an observer is told of it.
type Ended struct {
	Step *specs.Step
	// Within is the step that it stands in, nil for none.
	Within *specs.Step
	Took   time.Duration
	// Sights are the targets that it has looked for, in order.
	Sights []Sight
	// Value is what it found, for steps.NAME.
	Value any
	// Note says what became of it when it was not done as it stands there.
	Note string
	// Err is nil also for an optional step that failed.
	Err error
}

// Sight is how many elements a target resolved to.
type Sight struct {
	Target   string `json:"target"`
	Elements int    `json:"elements"`
}

// stepObservation gathers what is told of the step under way.
type stepObservation struct {
	targets []Sight
	value   any
	note    string
}

// startObservation begins to gather what is told of a step, until the function that it
// gives is called with the step's own error and with what becomes of it.
func (s *Scene) startObservation(step *specs.Step) func(own, final error) {
	if s.Ended == nil {
		return func(error, error) {}
	}
	began, outer, within := time.Now(), s.observation, s.step
	o := &stepObservation{}
	s.observation = o
	return func(own, final error) {
		s.observation = outer
		if own != nil && final == nil && o.note == "" {
			o.note = "it is optional, and failed: " + own.Error()
		}
		s.Ended(Ended{
			Step: step, Within: within, Took: time.Since(began), Sights: o.targets, Value: o.value, Note: o.note, Err: final,
		})
	}
}

// Note says of the step under way what became of it.
func (s *Scene) Note(text string) {
	if s.observation != nil {
		s.observation.note = text
	}
}

// Sights gives what f, which is no step, has looked for.
func (s *Scene) Sights(f func() error) ([]Sight, error) {
	outer := s.observation
	defer func() { s.observation = outer }()
	o := &stepObservation{}
	s.observation = o
	err := f()
	return o.targets, err
}

// recordTarget counts the elements of a target that was looked for, where anybody
// wants to know.
func (s *Scene) recordTarget(ctx context.Context, t specs.Target, loc playwright.Locator) {
	if s.observation == nil {
		return
	}
	if len(t.Any) > 1 {
		// The locator may be of the first alternative alone.
		if all, err := s.locate(t); err == nil {
			loc = all
		}
	}
	if n, err := Call(ctx, "counting "+t.String(), loc.Count); err == nil {
		s.observation.targets = append(s.observation.targets, Sight{t.String(), n})
	}
}
