package pipeline

import (
	"context"
	"fmt"
	"pipe/specs"
	"pipe/steps"
)

// Login gives what logs a page of the spec's site in, or nil when the spec has
// no login. It ends when login.success holds.
func Login(spec *specs.Spec, dir string) func(ctx context.Context, page Page, account int) error {
	if spec.Login == nil {
		return nil
	}
	return func(ctx context.Context, page Page, account int) error {
		ctx, cancel := context.WithTimeout(ctx, spec.Timeouts.Login.Std())
		defer cancel()
		scene := sceneOf(spec, page, accountValues(spec, account), dir)
		defer scene.End()
		scene.After = spec.Login.Success.Visible
		if err := scene.Run(ctx, spec.Login.Steps); err != nil {
			return located(err)
		}
		limited, end := context.WithTimeout(ctx, spec.Timeouts.Step.Std())
		defer end()
		if err := scene.Check(limited, spec.Login.Success); err != nil {
			return fmt.Errorf("login.success does not hold, the page is %s: %w", steps.ShortURL(page.Playwright().URL()), err)
		}
		return nil
	}
}

// Lost gives what tells by an address that a session is gone, or nil.
func Lost(spec *specs.Spec) func(url string) bool {
	if spec.Login == nil || spec.Login.Lost == nil {
		return nil
	}
	return steps.Glob(spec.Login.Lost.URL)
}
