package steps

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/playwright-community/playwright-go"

	"pipe/specs"
	"pipe/specs/expr"
)

// Action does what its verb says.
type Action interface {
	Run(ctx context.Context, on *StepContext) error
}

// targetedAction is an action on a target, which an optional step before
// it can wait for.
type targetedAction interface{ target() specs.Target }

// TargetOf gives what a step acts on; it may be none.
func TargetOf(step *specs.Step) specs.Target {
	if t, ok := step.Do.(targetedAction); ok {
		return t.target()
	}
	return specs.Target{}
}

// StepContext is what steps act on: one page, and the values of their expressions.
// It serves one goroutine.
type StepContext struct {
	Page   playwright.Page
	Files  Capturer
	Values expr.Values
	// StepTimeout is the limit of a step that names none of its own, CaptureTimeout
	// that of one file.
	StepTimeout, CaptureTimeout time.Duration
	// Recorded, if set, tells of the requests that a recording answers, which it does at
	// once: how many there were, and whether one has not its whole answer yet. A page that
	// asks for nothing and does not change then is waited for no longer.
	Recorded func() (requests int, underWay bool)
	// Exclusives are those of the page's account; nil excludes nobody.
	Exclusives *Exclusives
	// Turn is the page's, for what acts on it beside these steps; nil for nothing.
	Turn *Turn
	// Once, if set, keeps which steps that are once have acted.
	Once OnceLedger
	// Input is how clicks and fills are done: ScriptInput, or anything else for the
	// browser's own input.
	Input string
	// ScreenshotDir is where screenshots go.
	ScreenshotDir string
	// Patience is how long an expect gives the page before it fails; 0 for not at all.
	Patience time.Duration
	// FailOn is what shows that any of the steps has failed, nil for nothing.
	FailOn *specs.FailOn
	// ExpectedAfter is what shows that the steps have led where they should: an
	// optional last step waits no longer than for that.
	ExpectedAfter specs.Target
	// OnStepStart, if set, is told each step as it starts, OnStepEnd each as it ends.
	// Both are called by the goroutine that runs the steps.
	OnStepStart func(step *specs.Step)
	OnStepEnd   func(StepResult)
	// OnStepOver, if set, is told each step that OnStepStart was, as it is over: unlike
	// OnStepEnd it asks the page nothing.
	OnStepOver func(step *specs.Step)
	// Intercept, if set, is asked before each step, and tells whether it has done
	// another thing in its place.
	Intercept func(ctx context.Context, step *specs.Step) (bool, error)
	// OnIdleWait, if set, is told of waits that prove nothing.
	OnIdleWait func(IdleWait)
	// OnLog, if set, is given what a log step has to say.
	OnLog func(ctx context.Context, step *specs.Step, text string)
	// Classify, if set, names the class of a failure.
	Classify func(error) string

	// Place is where in the spec targets are looked for that are no step's, such as
	// "source". Elements, if set, is told of what targets lead to, and Healer finds what
	// they lead to no longer.
	Place    string
	Elements Elements
	Healer   Healer

	// Look, if set, tells whether a file that has come is the one that a capture
	// wants; see CaptureOptions.Accepts.
	Look func(ctx context.Context, c *CapturedFile, file *os.File, got Receipt) error

	// Captures are the files that the steps captured, on their way, Missing those
	// captures for whose item the site has no file, and which may have none.
	Captures []CapturedFile
	Missing  []MissingFile
	// Abandoned is true when a call was given up that is still under way: it
	// may yet act on the page, so the page must not be used again.
	Abandoned bool

	// OnlyLooks is true where nothing is to be asked of the site, on a [StaticPage], that
	// may change something there. Sent is true once something was.
	OnlyLooks, Sent bool

	taken        map[string]bool      // the hashes of the files that were captured
	shared       *sharedTrigger       // what the captures to come have their files from
	dialogs      dialogTexts          // what dialogs have said
	stopDialogs  func()               // ends what a dismiss step has arranged
	held         *exclusiveHold       // the name that exclusive steps hold
	secretFields []playwright.Locator // fields that hold a secret
	filled       []*filledField       // fields that were filled since something was last done about them
	passedOver   []passedStep         // optional steps that were passed over: what they are for may show later
	results      map[string]any
	// value is the value of the step under way.
	value any
	step  *specs.Step
	// replaced is what a field held before a script filled it.
	replaced string
	// found is an optional step whose target has just been seen.
	found *specs.Step
	// upcoming is what shows that an optional step is to be passed over, behind the
	// lists that come after the one under way, which is inside of theirs.
	upcoming lookahead
	pending  []pendingSteps
	// once is the step that is once and under way, nil for none.
	once *onceStep
	// insideExclusive is true while an exclusive step is under way.
	insideExclusive bool
	// inTab is true for the steps of a tab, tabClosed when the last of them has
	// closed it.
	inTab, tabClosed bool
	// root is the element within which targets are looked for; nil is the page.
	root playwright.Locator
	// tries are those under way that a failure of the page's own can end.
	tries activeTries
	// conditions are the ifs that hold around the step under way, nil for what a
	// step with steps inside of it goes by.
	conditions []*expr.Condition
	// waits are those ahead, where somebody wants to know of idle ones.
	waits waitsAhead
	// seen are those to be told how the step under way ends, kept those how all of them
	// do: see Elements.
	seen, kept []func(error)
	// details are those of the step under way, where an observer wants them.
	details *stepDetails
	// failing is what shows that the steps under way have failed, nil for nothing.
	failing *failWatch
	// began is when the first step did.
	began time.Time
}

// StopDialogs ends what a dismiss step has arranged on the page, and waits for the
// answers under way; what exclusive steps hold is let go too.
func (s *StepContext) StopDialogs() {
	s.stopAnswering()
	s.endExclusive()
}

func (s *StepContext) stopAnswering() {
	if s.stopDialogs != nil {
		s.stopDialogs()
	}
	s.stopDialogs = nil
}

// Run runs the steps in order until one fails. The error is an *Error.
func (s *StepContext) Run(ctx context.Context, list []specs.Step) error {
	if s.began.IsZero() {
		s.began = time.Now()
	}
	for i := range list {
		rest := list[i+1:]
		s.upcoming = s.lookahead(rest)
		s.pending = append(s.pending, pendingSteps{steps: rest, root: s.root})
		err := s.runStep(ctx, &list[i])
		s.pending = s.pending[:len(s.pending)-1]
		if err != nil {
			s.shared.unless(nil)
			return err
		}
	}
	s.shared.unless(nil)
	return nil
}

// readOnlyAction is an action that leaves the page as it is.
type readOnlyAction interface{ readOnly() }

// branchingAction is an action that has something else to run when its if does not hold.
type branchingAction interface{ elseSteps() []specs.Step }

// runStep runs a step with what goes on any step: if, optional, timeout, retry.
func (s *StepContext) runStep(ctx context.Context, step *specs.Step) error {
	if done, err := s.passDone(ctx, step); done || err != nil {
		return err
	}
	holds, err := step.If.Holds(s.Values)
	if err != nil {
		return &Error{Step: step, Err: err}
	}
	other, chooses := step.Do.(branchingAction)
	passed := !holds && !chooses
	if !passed {
		defer s.timeStep(step)()
	}
	ended := s.observeStep(step)
	if passed {
		s.SetNote("passed over: its `if` does not hold")
		ended(nil, nil)
		return nil
	}
	end, err := s.beginExclusive(ctx, step)
	if err != nil {
		final := s.stepError(ctx, step, err)
		ended(err, final)
		return final
	}
	defer end()
	unwatch, err := s.WatchRequests(step.FailOn)
	defer unwatch()
	if err != nil {
		return &Error{Step: step, Err: err}
	}
	s.shared.unless(step)
	defer s.enter(step)()
	captured := s.capturedSoFar()
	s.beginOnce(step)
	for try := 0; ; try++ {
		acted := s.acted()
		if holds {
			err = s.runWhenReady(ctx, step)
		} else {
			err = s.Run(ctx, other.elseSteps())
		}
		if s.heal(ctx, step.Path, err) {
			try--
			continue
		}
		if err == nil || ctx.Err() != nil || try >= step.Retry || isFinal(err) || s.acted() > acted {
			break
		}
		s.giveUpCaptures(captured)
	}
	if !step.Optional {
		err = s.withRequests(ctx, err)
	}
	err = s.endOnce(ctx, step, err)
	final := s.stepError(ctx, step, err)
	ended(err, final)
	return final
}

// runWhenReady tries a step, again when an expression of its has a value only after a
// wait: steps evaluate theirs before they touch the page.
func (s *StepContext) runWhenReady(ctx context.Context, step *specs.Step) error {
	for {
		err := s.runOnce(ctx, step)
		var early *expr.EarlyError
		if !errors.As(err, &early) {
			return err
		}
		if Pause(ctx, early.Wait) != nil {
			return err
		}
	}
}

// unlimitedAction is an action that is made of others, each with a limit of its own: it
// has one itself only where the spec gives it.
type unlimitedAction interface{ unlimited() }

// limit gives the most that one try of a step may take, 0 for no limit.
func (s *StepContext) limit(step *specs.Step) time.Duration {
	if step.Timeout > 0 {
		return step.Timeout.Std()
	}
	switch step.Do.(type) {
	case *Capture:
		return s.CaptureTimeout
	case unlimitedAction:
		return 0
	default:
		return s.StepTimeout
	}
}

func (s *StepContext) runOnce(ctx context.Context, step *specs.Step) error {
	if limit := s.limit(step); limit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, limit)
		defer cancel()
	}
	if s.Intercept != nil {
		if done, err := s.Intercept(ctx, step); done || err != nil {
			return err
		}
	}
	if passed, err := s.passOver(ctx, step); passed || err != nil {
		return err
	}
	action, ok := step.Do.(Action)
	if !ok {
		return fmt.Errorf("the step %q has nothing to run", step.Verb)
	}
	acted := s.watchWaits(ctx, step)
	before, outer := s.value, s.step
	s.value, s.step = nil, step
	tell := s.tellFound()
	err := s.uncertainWithout(ctx, s.runFailing(ctx, action))
	tell(err)
	acted()
	if err == nil && step.Name != "" {
		s.setResult(step.Name, s.value)
	}
	s.value, s.step = before, outer
	return err
}
