package app

import (
	"errors"

	"pipe/pipeline"
	"pipe/pipeline/engine"
	"pipe/specs/document"
	"pipe/specs/expr"
)

// The exit codes of every command.
const (
	// ExitDone: everything is done.
	ExitDone = 0
	// ExitFailed: some items failed; their reasons are in the report.
	ExitFailed = 1
	// ExitSpec: the spec, or the command line, is wrong.
	ExitSpec = 2
	// ExitEnvironment: something around the spec is missing or refuses: no
	// browser, a full disk, a login that does not work.
	ExitEnvironment = 3
	// ExitInterrupted: stopped by a signal; the same command goes on.
	ExitInterrupted = 130
)

// exitError is an error with the exit code that it leads to.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string { return e.err.Error() }

func (e *exitError) Unwrap() error { return e.err }

// Exit gives an error its exit code. Without an error it is one that is not
// printed, or nil for ExitDone.
func Exit(code int, err error) error {
	if err == nil && code == ExitDone {
		return nil
	}
	if err == nil {
		err = ErrQuiet
	}
	return &exitError{code, err}
}

// exitEnvironment is ExitEnvironment for an error, nil for none.
func exitEnvironment(err error) error {
	if err == nil {
		return nil
	}
	return Exit(ExitEnvironment, err)
}

// ErrQuiet is an error whose report has been printed already.
var ErrQuiet = errors.New("told already")

// usageError is a command line that is wrong: an unknown command or flag, a
// wrong number of arguments, a flag's bad value, flags that do not go together.
type usageError struct{ err error }

func (e *usageError) Error() string { return e.err.Error() }

func (e *usageError) Unwrap() error { return e.err }

// CodeOf gives each type of error its exit code: the one it was given by Exit,
// ExitSpec for what the spec or the command line has wrong, what stopped a run
// by its class, and ExitEnvironment for anything else.
func CodeOf(err error) int {
	var (
		coded *exitError
		usage *usageError
		stop  *engine.StopError
	)
	switch {
	case err == nil:
		return ExitDone
	case errors.As(err, &coded):
		return coded.code
	case errors.As(err, &usage), isSpecFault(err):
		return ExitSpec
	case errors.As(err, &stop):
		return codeOfStop(stop)
	default:
		return ExitEnvironment
	}
}

// codeOfStop tells a wrong spec, and what is around it, from too many failures.
func codeOfStop(stop *engine.StopError) int {
	switch {
	case stop.Drift != nil || stop.Class == pipeline.Spec:
		return ExitSpec
	case stop.Class == pipeline.SiteDown, stop.Class == pipeline.SessionLost, stop.Class == pipeline.Crashed, stop.Class == pipeline.RateLimited:
		return ExitEnvironment
	default:
		return ExitFailed
	}
}

// isSpecFault tells whether an error is the spec's.
func isSpecFault(err error) bool {
	var (
		faults document.Faults
		eval   *expr.EvalError
		coded  *exitError
	)
	return errors.As(err, &faults) || errors.As(err, &eval) || errors.As(err, &coded) && coded.code == ExitSpec
}

// UsageError tags an error as one of the command line.
func UsageError(err error) error { return &usageError{err} }
