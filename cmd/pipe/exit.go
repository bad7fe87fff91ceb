package main

import "errors"

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

func exit(code int, err error) error {
	if err == nil && code == ExitDone {
		return nil
	}
	if err == nil {
		err = errQuiet
	}
	return &exitError{code, err}
}

// errQuiet is an error whose report has been printed already.
var errQuiet = errors.New("told already")

func codeOf(err error) int {
	var e *exitError
	switch {
	case err == nil:
		return ExitDone
	case errors.As(err, &e):
		return e.code
	default:
		// cobra's own errors: an unknown command or flag.
		return ExitSpec
	}
}
