package app

import (
	"context"
	"errors"

	"github.com/playwright-community/playwright-go"

	"pipe/pipeline"
	"pipe/pipeline/inspect"
	"pipe/specs"
)

// failedLogin is what a login that failed has left.
type failedLogin struct {
	redact func(string) string
	// page is nil where no login failed, or its page could not be read.
	page *inspect.Page
	err  error
}

// look looks at the page of a login that failed.
func (l *failedLogin) look(ctx context.Context, page playwright.Page, err error) {
	if seen, fault := inspect.Look(ctx, page, l.redact); fault == nil {
		l.page, l.err = seen, err
	}
}

// shown has a visit that came no further than the login show what that has left, at its
// place in the spec. A site that is not there, and a login that was not tried, leave nothing.
func (l *failedLogin) shown(seen *inspected, spec *specs.Spec, err error) error {
	var login *pipeline.LoginError
	switch {
	case l.page == nil || seen.Page != nil:
		return err
	case seen.Failed == "" && !errors.As(err, &login):
		return err
	case seen.Failed == "":
		fault := spec.FaultAt(spec.PlaceOf("login.success"), "login.success", l.redact(login.Error()))
		seen.Failed = faultText(fault, l.redact)
	}
	seen.Page = l.page
	return nil
}

// code is the exit code of a visit that failed.
func (l *failedLogin) code() int {
	if isRefused(l.err) {
		return ExitEnvironment
	}
	return ExitFailed
}
