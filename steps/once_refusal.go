package steps

import (
	"context"
	"errors"
	"net/http"
)

// RefusalError is what a step that is once asked of the site, and the site has refused, or
// never got. To ask once more, to be sure of it, would be to act again.
type RefusalError struct{ Err error }

func (e *RefusalError) Error() string { return e.Err.Error() }

// Unwrap gives the cause.
func (e *RefusalError) Unwrap() error { return e.Err }

// RedirectedError is the failure of a request that the site had answered before, by
// leading elsewhere: it may have taken it.
type RedirectedError struct{ Err error }

func (e *RedirectedError) Error() string { return e.Err.Error() }

// Unwrap gives the cause.
func (e *RedirectedError) Unwrap() error { return e.Err }

// refusal marks the error of a request that has had no effect for sure: what the site
// itself refuses, for the login that is gone as well, it has not taken. A request that
// was given up may have had one.
func (s *StepContext) refusal(ctx context.Context, err error) error {
	var led *RedirectedError
	if ctx.Err() != nil || errors.As(err, &led) {
		return err
	}
	var status *StatusError
	var named *ClassError
	refused := errors.As(err, &status) && status.Status >= 400 && status.Status < 500 && status.Status != http.StatusRequestTimeout
	return s.markRefusal(err, refused || errors.As(err, &named) || errors.Is(err, ErrSessionLost) || isNotConnected(err) || IsCertificateFault(err))
}

// misuse marks the error of an action that the driver does not do with such an element.
// Whatever else ends an action may have ended it when it was done.
func (s *StepContext) misuse(err error) error {
	var usage *UsageError
	return s.markRefusal(err, errors.As(err, &usage))
}

func (s *StepContext) markRefusal(err error, refused bool) error {
	if !refused || s.once == nil || !Writes(s.step) {
		return err
	}
	return &RefusalError{err}
}

// isRefused tells whether the site has not taken a request.
func isRefused(err error) bool {
	var refused *RefusalError
	return errors.As(err, &refused)
}

// isTold tells whether the spec itself says, by a fail, that the site has not taken it.
func isTold(err error) bool {
	var at *Error
	if !errors.As(err, &at) {
		return false
	}
	var said *ClassError
	_, told := at.Step.Do.(*Fail)
	return told && errors.As(at.Err, &said)
}
