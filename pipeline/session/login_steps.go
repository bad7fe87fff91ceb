package session

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"pipe/pipeline"
	"pipe/specs"
	"pipe/steps"
)

// said has what log steps say written down for an account, numbered from 1. The
// log is one that holds no secret.
func said(log *slog.Logger, account int) func(context.Context, *specs.Step, string) {
	return func(ctx context.Context, step *specs.Step, text string) {
		log.InfoContext(ctx, text, "account", account+1, "step", step.Path)
	}
}

// Login gives what logs a page of the spec's site in, or nil when the spec has
// no login. It ends when login.success holds.
func Login(spec *specs.Spec, dir string, log *slog.Logger) pipeline.Act {
	if spec.Login == nil {
		return nil
	}
	return func(ctx context.Context, page pipeline.Page, account int) error {
		ctx, cancel := context.WithTimeout(ctx, spec.Timeouts.Login.Std())
		defer cancel()
		on := pipeline.NewStepContext(spec, page, pipeline.AccountValues(spec, account), dir)
		defer on.StopDialogs()
		if lent, is := page.(*Page); is && lent.pool.opts.Configure != nil {
			lent.pool.opts.Configure(on)
		}
		on.ExpectedAfter, on.OnLog = spec.Login.Success.Visible, said(log, account)
		entry := &entry{spec: spec, page: page, on: on}
		err := whileAttended(ctx, page, entry.log)
		on.EndFound(err)
		return err
	}
}

// onPage says at which page something went wrong.
func onPage(page pipeline.Page, err error) error {
	if url := page.Playwright().URL(); strings.HasPrefix(url, "http") {
		return fmt.Errorf("%w; the page is %s", err, steps.ShortURL(url))
	}
	return err
}

// succeeds waits for login.success.
func succeeds(ctx context.Context, spec *specs.Spec, page pipeline.Page, on *steps.StepContext, limit time.Duration) error {
	err := on.At(ctx, "login.success", func() error {
		ctx, cancel := context.WithTimeout(ctx, limit)
		defer cancel()
		return on.Check(ctx, spec.Login.Success)
	})
	if err != nil {
		return fmt.Errorf("login.success does not hold, the page is %s: %w", steps.ShortURL(page.Playwright().URL()), err)
	}
	return nil
}

// LoginByHand gives a login that a person may finish in the browser's window:
// it runs the steps as far as they go and waits for login.success. say tells
// the person.
func LoginByHand(spec *specs.Spec, dir string, limit time.Duration, say func(account int, line string)) pipeline.Act {
	if spec.Login == nil {
		return nil
	}
	return func(ctx context.Context, page pipeline.Page, account int) error {
		ctx, cancel := context.WithTimeout(ctx, limit)
		defer cancel()
		on := pipeline.NewStepContext(spec, page, pipeline.AccountValues(spec, account), dir)
		defer on.StopDialogs()
		on.ExpectedAfter = spec.Login.Success.Visible
		on.OnLog = func(_ context.Context, _ *specs.Step, text string) { say(account, text) }
		say(account, fmt.Sprintf("finish the login in the browser's window, where the steps leave something to you; it counts once login.success holds (within %v)", limit))
		err := on.Run(ctx, spec.Login.Steps)
		switch {
		case err != nil && (ctx.Err() != nil || errors.Is(err, steps.ErrClosed)):
			return pipeline.Located(err)
		case err != nil:
			say(account, fmt.Sprintf("the steps got as far as this: %v", pipeline.Located(err)))
		}
		return succeeds(ctx, spec, page, on, limit)
	}
}

// resumeLimit bounds the try of a kept login, which a login follows when it
// fails.
const resumeLimit = 20 * time.Second

// Resume gives what tries a login that was kept: it opens login.check or
// navigate.home and looks for login.success. It is nil when the spec has none
// of both, or keeps no logins.
func Resume(spec *specs.Spec, dir string) pipeline.Act {
	if spec.Login == nil {
		return nil
	}
	at, until := checkPage(spec)
	if at.Empty() {
		return nil
	}
	return func(ctx context.Context, page pipeline.Page, account int) error {
		values := pipeline.AccountValues(spec, account)
		url, err := at.Text(values)
		if err != nil {
			return err
		}
		ctx, cancel := context.WithTimeout(ctx, min(resumeLimit, spec.Timeouts.Login.Std()))
		defer cancel()
		look, lost := context.WithCancelCause(ctx)
		defer lost(nil)
		defer page.Watch(func(err error) { lost(err) })()
		on := pipeline.NewStepContext(spec, page, values, dir)
		defer on.StopDialogs()
		on.ExpectedAfter = spec.Login.Success.Visible
		// To the end, though the session is lost: a login that comes next must
		// not meet a navigation under way.
		if err := on.Goto(ctx, url, until, nil); err != nil {
			return err
		}
		return holdsYet(look, spec, page, on)
	}
}

// Logout gives what ends a session by login.logout, or nil.
func Logout(spec *specs.Spec, dir string, log *slog.Logger) pipeline.Act {
	if spec.Login == nil || len(spec.Login.Logout) == 0 {
		return nil
	}
	return func(ctx context.Context, page pipeline.Page, account int) error {
		ctx, cancel := context.WithTimeout(ctx, spec.Timeouts.Login.Std())
		defer cancel()
		on := pipeline.NewStepContext(spec, page, pipeline.AccountValues(spec, account), dir)
		defer on.StopDialogs()
		on.OnLog = said(log, account)
		return pipeline.Located(on.Run(ctx, spec.Login.Logout))
	}
}

// Lost gives what tells by an address that a session is gone, or nil.
func Lost(spec *specs.Spec) func(url string) bool {
	if spec.Login == nil || spec.Login.Lost == nil || len(spec.Login.Lost.URL) == 0 {
		return nil
	}
	var globs []func(string) bool
	for _, pattern := range spec.Login.Lost.URL {
		globs = append(globs, steps.Glob(pattern))
	}
	return func(url string) bool {
		for _, matches := range globs {
			if matches(url) {
				return true
			}
		}
		return false
	}
}
