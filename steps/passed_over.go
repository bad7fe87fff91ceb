package steps

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/playwright-community/playwright-go"

	"pipe/specs"
)

// passedStep is an optional step that was passed over, as its target was not there.
type passedStep struct {
	step *specs.Step
	root playwright.Locator
}

// passOver waits for the target of an optional step, or for what comes after it, and
// tells whether the step is to be passed over.
func (s *StepContext) passOver(ctx context.Context, step *specs.Step) (bool, error) {
	t, ok := step.Do.(targetedAction)
	if !ok || !step.Optional || !t.target().Given() {
		return false, nil
	}
	there, err := s.awaitOptional(ctx, t.target())
	if there {
		s.found = step
	}
	if there || err != nil && !errors.Is(err, ErrTimeout) {
		return false, err
	}
	// A loop comes to it in each round.
	s.passedOver = slices.DeleteFunc(s.passedOver, func(p passedStep) bool { return p.step == step })
	s.passedOver = append(s.passedOver, passedStep{step, s.root})
	if err == nil {
		if s.Healer != nil && s.Healer.Heal(ctx, s, step.Path, t.target(), true) {
			return s.passOver(ctx, step)
		}
		s.SetNote("passed over: it is optional, and not there")
	}
	return true, err
}

// coverEvery is how often it is looked whether an element is covered that is acted on.
const coverEvery = 250 * time.Millisecond

// act acts on an element. While that is covered, optional steps that were passed over
// before are done as soon as what they are for is there: a survey that comes later than
// the spec has it is the one that covers the page.
func (s *StepContext) act(ctx context.Context, what string, loc playwright.Locator, f func(playwright.Locator) error) error {
	if len(s.passedOver) == 0 {
		return callActionOn(ctx, s, what, loc, func() error { return f(loc) })
	}
	if err := s.beforeActing(ctx); err != nil {
		return err
	}
	for s.makeWay(ctx, loc) {
	}
	defer s.Turn.take(ctx, loc)()
	acting := start(func() (struct{}, error) { return struct{}{}, callPage(ctx, what, func() error { return f(loc) }) })
	for {
		select {
		case r := <-acting:
			var abandoned *abandonedError
			s.Abandoned = s.Abandoned || errors.As(r.err, &abandoned)
			return r.err
		case <-time.After(coverEvery):
		}
		if ctx.Err() == nil { // the call ends with it
			s.makeWay(ctx, loc)
		}
	}
}

// makeWay does the first of the steps that were passed over whose target is there now and
// lies open, if an element is covered, and tells whether it has tried one. What is still
// in the way then, the action tells.
func (s *StepContext) makeWay(ctx context.Context, loc playwright.Locator) bool {
	looking, cancel := context.WithTimeout(ctx, obstacleLimit)
	defer cancel()
	if !isCovered(looking, loc) {
		return false
	}
	for i, passed := range s.passedOver {
		there, err := s.liesOpen(looking, passed)
		if err != nil || !there {
			continue
		}
		// What covered the element may have gone by itself, and what it was over lie open.
		if !isCovered(looking, loc) {
			return false
		}
		// Once: what it does not help against is not tried over and over.
		rest := s.passedOver[i+1:]
		s.passedOver = append(s.passedOver[:i:i], rest...)
		s.runPassed(ctx, passed)
		return true
	}
	return false
}

// liesOpen tells whether the target of a step that was passed over is to be seen, and is
// not covered itself: what lies under it is no part of what covers the page.
func (s *StepContext) liesOpen(ctx context.Context, passed passedStep) (bool, error) {
	outer := s.root
	defer func() { s.root = outer }()
	s.root = passed.root
	loc, err := s.locate(passed.step.Do.(targetedAction).target())
	if err != nil {
		return false, err
	}
	loc = loc.First()
	if there, err := Call(ctx, "looking", func() (bool, error) { return loc.IsVisible() }); err != nil || !there {
		return false, err
	}
	text, err := obstacleOf(ctx, "looking", loc)
	return text == "", err
}

// passedLimit bounds a step that was passed over: what it is for is there, and lies open.
// It is not cut off when the action has ended: what is given up may strike later.
const passedLimit = 5 * time.Second

// runPassed does a step that was passed over, in the midst of another.
func (s *StepContext) runPassed(ctx context.Context, passed passedStep) {
	root, upcoming, details, filled, others, once := s.root, s.upcoming, s.details, s.filled, s.passedOver, s.once
	defer func() {
		s.root, s.upcoming, s.details, s.filled, s.passedOver, s.once = root, upcoming, details, filled, others, once
	}()
	s.root, s.upcoming, s.details, s.filled, s.passedOver, s.once = passed.root, lookahead{}, nil, nil, nil, nil
	ctx, cancel := context.WithTimeout(ctx, passedLimit)
	defer cancel()
	if err := s.runOnce(ctx, passed.step); err == nil && s.OnLog != nil {
		s.OnLog(ctx, passed.step, "done later than it stands there: what it is for has come since, and covered the page")
	}
}
