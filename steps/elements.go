package steps

import (
	"context"
	"errors"

	"github.com/playwright-community/playwright-go"

	"pipe/specs"
)

// Elements is told of what targets lead to, before anything is done to it.
type Elements interface {
	// Found is told of a target that was found, at a place of the spec: a step's path, or
	// that of what is no step, as "record.fields.vin". What it gives, if not nil, is
	// called with how the step has ended if it has failed, and else with how all the steps
	// have: see EndFound. It may ask the page about the locator.
	Found(ctx context.Context, on *StepContext, place string, t specs.Target, loc playwright.Locator) func(error)
}

// Healer finds elements by what is known of them, where their targets lead to nothing.
type Healer interface {
	// Replacement gives the target that stands for one by now, which may be itself.
	Replacement(t specs.Target) specs.Target
	// Heal looks on the page for the element of a target at a place of the spec, and
	// tells whether Replacement gives another target now. The place is "" where it is not
	// known; one that is optional may well not be there.
	Heal(ctx context.Context, on *StepContext, place string, t specs.Target, optional bool) bool
}

// place is where in the spec targets are being looked for.
func (s *StepContext) place() string {
	if s.step != nil {
		return s.step.Path
	}
	return s.Place
}

// foundElement tells of a target that has been found. A page without a browser has no
// such elements.
func (s *StepContext) foundElement(ctx context.Context, t specs.Target, loc playwright.Locator) {
	if s.Elements == nil || s.static() != nil {
		return
	}
	if ended := s.Elements.Found(ctx, s, s.place(), t, loc); ended != nil {
		s.seen = append(s.seen, ended)
	}
}

// tellFound gathers whom to tell how what comes next has ended, until the function that
// it gives is called.
func (s *StepContext) tellFound() func(error) {
	outer := s.seen
	s.seen = nil
	return func(err error) {
		if err == nil {
			s.kept = append(s.kept, s.seen...)
			s.seen = outer
			return
		}
		for _, ended := range s.seen {
			ended(err)
		}
		s.seen = outer
	}
}

// EndFound tells how the steps have ended as a whole: what they found on the way to a
// failure may have been what shows that.
func (s *StepContext) EndFound(err error) {
	for _, ended := range s.kept {
		ended(err)
	}
	s.kept = nil
}

// foundField tells of the target that a value was read from by a script.
func (s *StepContext) foundField(ctx context.Context, r specs.Read) {
	t := r.TextOf
	switch {
	case r.ValueOf.Given():
		t = r.ValueOf
	case r.AttrOf != nil:
		t = r.AttrOf.Target
	}
	if s.Elements == nil || !t.Given() {
		return
	}
	if loc, err := s.locate(t); err == nil {
		if n, err := Call(ctx, "counting "+t.With(s.Values), loc.Count); err == nil && n > 0 {
			s.foundElement(ctx, t, loc)
		}
	}
}

// foundColumns tells of what the fields of the first row are read from.
func (s *StepContext) foundColumns(ctx context.Context, rows playwright.Locator, of *specs.RowsOf) {
	if s.Elements == nil {
		return
	}
	outer := s.root
	defer func() { s.root = outer }()
	s.root = rows.First()
	for _, f := range of.Fields {
		s.foundField(ctx, f.Read)
	}
}

// At runs f, which looks for targets at a place of the spec that is no step. What leads
// to nothing may be healed, and f is run again then.
func (s *StepContext) At(ctx context.Context, place string, f func() error) error {
	outer, step := s.Place, s.step
	defer func() { s.Place, s.step = outer, step }()
	s.Place, s.step = place, nil
	for {
		tell := s.tellFound()
		err := f()
		tell(err)
		if !s.heal(ctx, place, err) {
			return err
		}
	}
}

// heal has the target healed that an error is about, if it is, and tells whether to try
// again. What a step within has failed of, that has been tried for.
func (s *StepContext) heal(ctx context.Context, place string, err error) bool {
	var absent *AbsentError
	var nested *Error
	if s.Healer == nil || ctx.Err() != nil || s.Abandoned || errors.As(err, &nested) || !errors.As(err, &absent) {
		return false
	}
	for _, t := range absent.Passed {
		if s.Healer.Heal(ctx, s, "", t, true) {
			return true
		}
	}
	if absent.Step != nil {
		place = absent.Step.Path
	} else if len(absent.Passed) > 0 {
		place = ""
	}
	return s.Healer.Heal(ctx, s, place, absent.Target, false)
}
