package pipeline

import (
	"context"
	"errors"
	"fmt"

	"pipe/specs"
	"pipe/specs/expr"
	"pipe/steps"
)

// NewStepContext sets a page up for steps; dir is where screenshots go.
func NewStepContext(spec *specs.Spec, page Page, values expr.Values, dir string) *steps.StepContext {
	return &steps.StepContext{
		Page: page.Playwright(), Files: page.Files(), Exclusives: page.Exclusives(), Turn: page.Turn(), Values: values, ScreenshotDir: dir,
		StepTimeout: spec.Timeouts.Step.Std(), CaptureTimeout: spec.Timeouts.Capture.Std(), Recorded: spec.Recorded,
		Classify: func(err error) string {
			class, _ := Classify(err)
			return string(class)
		},
	}
}

// WhileWatched runs f while the page is watched: what the browser sees go wrong
// ends f's waits at once, and is the error.
func WhileWatched(ctx context.Context, page Page, on *steps.StepContext, f func(context.Context) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	stop := page.Watch(func(err error) {
		if !on.FailTry(err) {
			cancel(err)
		}
	})
	defer stop()
	err := watchFailing(ctx, on, f)
	if cause := context.Cause(ctx); err != nil && cause != nil && !errors.Is(err, cause) && !errors.Is(cause, context.Canceled) {
		err = fmt.Errorf("%w (%w)", cause, err)
	}
	return err
}

// watchFailing runs f while the page's requests are noted, where the spec has its
// steps fail by them.
func watchFailing(ctx context.Context, on *steps.StepContext, f func(context.Context) error) error {
	stop, err := on.WatchRequests(on.FailOn)
	defer stop()
	if err != nil {
		return err
	}
	return f(ctx)
}

// AsSessionLost gives a step's error the name that counts: whatever the step
// says, a lost session is a lost session.
func AsSessionLost(page Page, err error) error {
	if page.Lost() && !errors.Is(err, steps.ErrSessionLost) {
		return fmt.Errorf("%w (%w)", steps.ErrSessionLost, err)
	}
	return err
}

// PlaceError is an error at a place of the spec that is no step.
type PlaceError struct {
	// At is the place's path, as "navigate.home", and where it has one its
	// position: "record.fields.vin (specs/x.yaml:40:7)".
	At  string
	Err error
}

func (e *PlaceError) Error() string { return e.Err.Error() }

// Unwrap gives the cause.
func (e *PlaceError) Unwrap() error { return e.Err }

// FieldError is an error at a field of the record.
func FieldError(field specs.Field, err error) error {
	return &PlaceError{fmt.Sprintf("record.fields.%s (%s)", field.Name, field.Pos), err}
}

// PlaceOf names the place of the spec where something failed, "" for none.
func PlaceOf(err error) string {
	var step *steps.Error
	if errors.As(err, &step) {
		return step.Where()
	}
	var at *PlaceError
	if errors.As(err, &at) {
		return at.At
	}
	return ""
}

// PlaceOfStep names a step and its position; "" for nil.
func PlaceOfStep(s *specs.Step) string {
	if s == nil {
		return ""
	}
	return (&steps.Error{Step: s}).Where()
}

// Located puts a step's place before its error.
func Located(err error) error {
	var at *steps.Error
	if errors.As(err, &at) {
		return fmt.Errorf("%s: %w", at.Where(), err)
	}
	return err
}
