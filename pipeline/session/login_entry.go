package session

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"pipe/pipeline"
	"pipe/pipeline/browser"
	"pipe/specs"
	"pipe/steps"
)

// entry is a login under way. It finds out whether its page is in already, and
// whether the site refuses it, which is told from a login that did not come so far.
type entry struct {
	spec *specs.Spec
	page pipeline.Page
	on   *steps.StepContext
	// typed is true once a field was filled, unsent until what comes after it;
	// before is the page as it was then, as the credentials were about to be sent.
	typed, unsent bool
	before        *pageState
}

// pageState is what a page shows. Began differs from document to document.
type pageState struct {
	began    string
	password bool
	lines    []string
}

//go:embed page_state.js
var pageStateJS string

// look reads what the page shows; nil where it cannot be read.
func look(ctx context.Context, page pipeline.Page) *pageState {
	v, err := steps.CallWithin(ctx, browser.CallLimit, "looking at the page", func() (any, error) { return page.Playwright().Evaluate(pageStateJS) })
	f := browser.Fields(v)
	if err != nil || f == nil {
		return nil
	}
	s := &pageState{began: browser.Text(f["began"]), lines: strings.Split(browser.Text(f["text"]), "\n")}
	s.password, _ = f["password"].(bool)
	return s
}

// errInAlready ends the steps of a login that is in.
var errInAlready = errors.New("it is logged in already")

// log runs the steps of the login and waits for login.success.
func (e *entry) log(ctx context.Context) error {
	limited, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	// A site that fails has not refused anybody.
	defer e.page.Watch(func(err error) {
		if steps.IsSiteFault(err) || steps.IsCertificateFault(err) {
			stop(err)
		}
	})()
	e.on.Intercept = e.intercept
	err := e.on.Run(limited, e.spec.Login.Steps)
	switch {
	case errors.Is(err, errInAlready):
		return nil
	case err != nil:
		err = onPage(e.page, pipeline.Located(err))
	default:
		err = succeeds(limited, e.spec, e.page, e.on, e.spec.Timeouts.Step.Std())
	}
	if err == nil {
		return nil
	}
	if cause := context.Cause(limited); cause != nil && ctx.Err() == nil {
		return &pipeline.UnreachableError{Err: fmt.Errorf("%w (%w)", cause, err)}
	}
	return e.sort(ctx, err)
}

// sort tells what kind of failure it was.
func (e *entry) sort(ctx context.Context, err error) error {
	var at *steps.Error
	var gone *steps.StatusError
	switch {
	case ctx.Err() != nil || errors.Is(err, steps.ErrClosed) || steps.IsSiteFault(err):
		return err
	case errors.As(err, &at) && at.Step.Verb == "goto" && errors.Is(err, steps.ErrTimeout) && !errors.As(err, &gone):
		return &pipeline.UnreachableError{Err: err}
	}
	now := look(ctx, e.page)
	if now == nil {
		return err
	}
	said := now.beside(e.before)
	if said != "" {
		err = fmt.Errorf("%w; the site says: %q", err, said)
	}
	if e.before != nil && (now.password && (now.began != e.before.began || said != "" && !waits(said)) || refuses(said)) {
		return &pipeline.RefusedError{Err: fmt.Errorf("the site refuses the login: %w", err)}
	}
	return err
}

// beside is what a page says that it did not say before.
func (s *pageState) beside(before *pageState) string {
	var fresh []string
	for _, line := range s.lines {
		line = strings.TrimSpace(line)
		if line != "" && (before == nil || !slices.ContainsFunc(before.lines, func(b string) bool { return strings.TrimSpace(b) == line })) {
			fresh = append(fresh, line)
		}
	}
	return steps.Printable(strings.Join(fresh, " "))
}

// intercept looks at the page before a step: where login.success holds in place of
// the field to be filled, there is nothing to do.
func (e *entry) intercept(ctx context.Context, step *specs.Step) (bool, error) {
	fills := step.Verb == "fill" || step.Verb == "type"
	switch {
	case fills && !e.typed:
		if err := e.awaitField(ctx, step); err != nil {
			return false, err
		}
	case !fills && e.unsent:
		e.before, e.unsent = look(ctx, e.page), false
	}
	if fills {
		e.typed, e.unsent = true, true
	}
	return false, nil
}

// steady is something that counts once it has been so for a while: a page on its way
// to another shows this and that.
type steady struct{ since time.Time }

// settled is that while.
const settled = 250 * time.Millisecond

func (s *steady) holds(now bool, while time.Duration) bool {
	switch {
	case !now:
		s.since = time.Time{}
	case s.since.IsZero():
		s.since = time.Now()
	}
	return now && time.Since(s.since) >= while
}

// awaitField waits for the first field or, in its place, for login.success. It leaves a
// field that does not come to the step.
func (e *entry) awaitField(ctx context.Context, step *specs.Step) error {
	field, in := steps.PageSign{Target: steps.TargetOf(step)}, steady{}
	there := false
	err := e.on.Until(ctx, func() (bool, error) {
		var err error
		if there, err = e.on.IsShown(ctx, field); there || err != nil {
			return there, err
		}
		success, _ := e.on.Holds(ctx, e.spec.Login.Success)
		return in.holds(success, settled), nil
	})
	if err == nil && !there {
		return errInAlready
	}
	return nil // of a field that does not come, the step itself says what is wrong
}

// errAsksAgain is a kept login in whose place the site asks for a password.
var errAsksAgain = errors.New("the site asks for a password")

// holdsYet waits for login.success of a kept login, or until the site asks for a
// password in its place.
func holdsYet(ctx context.Context, spec *specs.Spec, page pipeline.Page, on *steps.StepContext) error {
	asks, asked := steady{}, false
	err := on.Until(ctx, func() (bool, error) {
		holds, err := on.Holds(ctx, spec.Login.Success)
		if holds || err != nil {
			return holds, err
		}
		now := look(ctx, page)
		asked = asks.holds(now != nil && now.password, 2*settled)
		return asked, nil
	})
	at := steps.ShortURL(page.Playwright().URL())
	switch {
	case err == nil && asked:
		return fmt.Errorf("%w, the page is %s", errAsksAgain, at)
	case ctx.Err() != nil:
		return fmt.Errorf("login.success does not hold, the page is %s: %w", at, err)
	default:
		return err
	}
}
