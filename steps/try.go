package steps

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"pipe/specs"
)

func init() {
	register[Try](240, "try", "runs steps and, when one of them fails, those in rescue",
		`{try: [{click: "#new"}], rescue: [{click: "#old"}]}`)
}

// Try runs steps and, when one of them fails, others in their place. A lost
// session, a closed page, a full disk and the end of a limit around it are no such
// failures, nor is a page on which a call is still under way.
type Try struct {
	Steps  []specs.Step `yaml:",body" required:"true" doc:"the steps that may fail"`
	Rescue []specs.Step `yaml:"rescue" beside:"true" scope:"+error" doc:"the steps to run when they do, which know error.message, .class, .step, .status and .url: what the others captured is given up then, as what these capture comes in its place; without it, nothing is done, and what was captured counts"`
}

func (*Try) unlimited() {}

func (t *Try) nestedSteps() [][]specs.Step { return [][]specs.Step{t.Steps, t.Rescue} }

func (t *Try) firstSteps() ([][]specs.Step, bool) { return [][]specs.Step{t.Steps}, true }

func (*Try) withoutPage() string { return "" }

// Run runs the steps, and rescues them.
func (t *Try) Run(ctx context.Context, on *StepContext) error {
	trying, fail := context.WithCancelCause(ctx)
	defer fail(nil)
	before := on.capturedSoFar()
	on.tries.push(fail)
	err := on.Run(trying, t.Steps)
	on.tries.pop()
	// What the page itself told is the failure, whichever step it cut short.
	if cause := context.Cause(trying); err != nil && cause != nil && ctx.Err() == nil && !errors.Is(err, cause) {
		err = fmt.Errorf("%w (%w)", cause, err)
	}
	if err == nil || ctx.Err() != nil || on.Abandoned || isFinal(err) || errors.Is(err, ErrSessionLost) || errors.Is(err, ErrClosed) {
		return err
	}
	if len(t.Rescue) > 0 {
		on.giveUpCaptures(before)
	}
	outer, had := on.Values["error"]
	on.Values = on.Values.With("error", on.errorValues(err))
	err = on.Run(ctx, t.Rescue)
	on.Values = on.Values.With("error", outer)
	if !had {
		delete(on.Values, "error")
	}
	return err
}

// errorValues is what the steps of a rescue know of an error.
func (s *StepContext) errorValues(err error) map[string]any {
	class := ""
	if s.Classify != nil {
		class = s.Classify(err)
	}
	out := map[string]any{"message": err.Error(), "class": class, "step": "", "status": 0, "url": ""}
	if s.Page != nil {
		out["url"] = ShortURL(s.Page.URL())
	}
	var at *Error
	if errors.As(err, &at) {
		out["step"] = at.Where()
	}
	var status *StatusError
	if errors.As(err, &status) {
		out["status"] = status.Status
	}
	return out
}

// activeTries are the tries under way, innermost last. Pages tell their errors from
// other goroutines.
type activeTries struct {
	mu      sync.Mutex
	cancels []context.CancelCauseFunc
}

func (t *activeTries) push(fail context.CancelCauseFunc) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.cancels = append(t.cancels, fail)
}

func (t *activeTries) pop() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.cancels = t.cancels[:len(t.cancels)-1]
}

// FailTry is told what the page itself says went wrong, from any goroutine, and
// tells whether that only ends a try under way, and not all that is under way: a
// page of the site that is an error.
func (s *StepContext) FailTry(err error) bool {
	var status *StatusError
	if !errors.As(err, &status) || errors.Is(err, ErrSessionLost) || errors.Is(err, ErrClosed) {
		return false
	}
	s.tries.mu.Lock()
	defer s.tries.mu.Unlock()
	if len(s.tries.cancels) == 0 {
		return false
	}
	s.tries.cancels[len(s.tries.cancels)-1](err)
	return true
}
