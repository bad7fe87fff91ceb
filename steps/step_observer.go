package steps

import (
	"context"
	"time"

	"github.com/playwright-community/playwright-go"

	"pipe/specs"
)

// StepResult is a step that is over, as an observer is told of it.
type StepResult struct {
	Step *specs.Step
	// Parent is the step that it stands in, nil for none.
	Parent   *specs.Step
	Duration time.Duration
	// Targets are the targets that it has looked for, in order.
	Targets []TargetMatch
	// Value is what it found, for steps.NAME.
	Value any
	// Note says what became of it when it was not done as it stands there.
	Note string
	// Err is nil also for an optional step that failed.
	Err error
}

// TargetMatch is how many elements a target resolved to.
type TargetMatch struct {
	Target   string `json:"target"`
	Elements int    `json:"elements"`
}

// stepDetails gathers what is told of the step under way.
type stepDetails struct {
	targets []TargetMatch
	value   any
	note    string
}

// observeStep begins to gather what is told of a step, until the function that it
// gives is called with the step's own error and with what becomes of it.
func (s *StepContext) observeStep(step *specs.Step) func(own, final error) {
	if s.OnStepEnd == nil {
		return func(error, error) {}
	}
	began, outer, within := time.Now(), s.details, s.step
	o := &stepDetails{}
	s.details = o
	return func(own, final error) {
		s.details = outer
		if own != nil && final == nil && o.note == "" {
			o.note = "it is optional, and failed: " + own.Error()
		}
		s.OnStepEnd(StepResult{
			Step: step, Parent: within, Duration: time.Since(began), Targets: o.targets, Value: o.value, Note: o.note, Err: final,
		})
	}
}

// timeStep tells of a step's start, and of its end once the function that it gives is
// called.
func (s *StepContext) timeStep(step *specs.Step) (over func()) {
	if s.OnStepStart != nil {
		s.OnStepStart(step)
	}
	return func() {
		if s.OnStepOver != nil {
			s.OnStepOver(step)
		}
	}
}

// SetNote says of the step under way what became of it.
func (s *StepContext) SetNote(text string) {
	if s.details != nil {
		s.details.note = text
	}
}

// RecordTargets gives what f, which is no step, has looked for.
func (s *StepContext) RecordTargets(f func() error) ([]TargetMatch, error) {
	outer := s.details
	defer func() { s.details = outer }()
	o := &stepDetails{}
	s.details = o
	err := f()
	return o.targets, err
}

// recordTarget counts the elements of a target that was looked for, where anybody
// wants to know.
func (s *StepContext) recordTarget(ctx context.Context, t specs.Target, loc playwright.Locator) {
	if s.details == nil {
		return
	}
	if len(t.Any) > 1 {
		// The locator may be of the first alternative alone.
		if all, err := s.locate(t); err == nil {
			loc = all
		}
	}
	if n, err := Call(ctx, "counting "+t.With(s.Values), loc.Count); err == nil {
		s.details.targets = append(s.details.targets, TargetMatch{t.With(s.Values), n})
	}
}
