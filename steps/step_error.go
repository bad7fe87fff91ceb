package steps

import (
	"context"
	"errors"
	"fmt"

	"pipe/specs"
)

// Error is a step that failed.
type Error struct {
	Step *specs.Step
	Err  error
}

func (e *Error) Error() string { return e.Err.Error() }

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// Where names the step and its place in the file.
func (e *Error) Where() string {
	name := e.Step.Path
	if e.Step.Name != "" {
		name += fmt.Sprintf(" %q", e.Step.Name)
	}
	return fmt.Sprintf("%s (%s)", name, e.Step.Pos)
}

// stepError is what an error of a step comes to.
func (s *StepContext) stepError(ctx context.Context, step *specs.Step, err error) error {
	var nested *Error
	switch {
	case err == nil || step.Optional && ctx.Err() == nil && !errors.Is(err, errNothingCame) && !isFinal(err):
		return nil
	case errors.As(err, &nested):
		return err
	default:
		return &Error{Step: step, Err: err}
	}
}
