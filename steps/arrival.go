package steps

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/playwright-community/playwright-go"

	"pipe/specs"
)

const (
	// usableAfter is how long what comes next must have been there on a page whose
	// load event has not come: scripts that make it work may come after it.
	usableAfter = 3 * time.Second
	// usableEvery is how often it is looked for.
	usableEvery = 250 * time.Millisecond
)

// awaitArrival waits until a page that was opened has come as far as it must.
func (s *StepContext) awaitArrival(ctx context.Context, what string, until *specs.Until) error {
	state := ""
	if until != nil {
		state = until.State
	}
	var err error
	switch {
	case state == "commit", state == "" && until != nil && until.Visible.Given():
	case state != "":
		err = s.awaitState(ctx, what, playwright.LoadState(state))
	default:
		err = s.awaitUsable(ctx, what)
	}
	if err != nil {
		return err
	}
	return s.awaitSign(ctx, until)
}

func (s *StepContext) awaitSign(ctx context.Context, until *specs.Until) error {
	if until == nil || !until.Visible.Given() {
		return nil
	}
	return s.awaitTarget(ctx, until.Visible)
}

func (s *StepContext) awaitState(ctx context.Context, what string, state playwright.LoadState) error {
	err := callPage(ctx, what, func() error { return WaitForState(ctx, s.Page, state) })
	return notArrived(err, state)
}

// stateWait is how long one wait for a page's state lasts.
const stateWait = 250 * time.Millisecond

// WaitForState waits until a page has come so far, for as long as ctx has. The driver's
// library may miss a state that comes as it begins to listen, and loses the listener of
// a wait when another one ends: so it waits shortly, and begins anew, which asks the
// driver nothing.
func WaitForState(ctx context.Context, page playwright.Page, state playwright.LoadState) error {
	for {
		limited, cancel := context.WithTimeout(ctx, stateWait)
		err := page.WaitForLoadState(playwright.PageWaitForLoadStateOptions{State: &state, Timeout: timeoutMillis(limited)})
		cancel()
		if ctx.Err() != nil || !errors.Is(err, playwright.ErrTimeout) {
			return err
		}
	}
}

// notArrived says what has not come of a page that is there.
func notArrived(err error, state playwright.LoadState) error {
	if !errors.Is(err, ErrTimeout) {
		return err
	}
	return fmt.Errorf("%w (the page is there, but %s has not come: something in it goes on loading; until says how far it must come, as until: domcontentloaded)", err, state)
}

// awaitUsable waits until the page is loaded, or has shown for a while what comes
// next: one picture, frame or script that never comes is no reason to fail.
func (s *StepContext) awaitUsable(ctx context.Context, what string) error {
	load, page := *playwright.LoadStateLoad, s.Page
	done := start(func() (struct{}, error) { return struct{}{}, WaitForState(ctx, page, load) })
	next, err := s.anyOf(s.upcoming.targets)
	if err != nil {
		next = nil // it is told when its step's turn comes
	}
	patience := usableAfter
	if deadline, ok := ctx.Deadline(); ok {
		patience = min(patience, time.Until(deadline)/3)
	}
	look := time.NewTicker(usableEvery)
	defer look.Stop()
	var since time.Time
	for {
		select {
		case r := <-done:
			return notArrived(driverError(ctx, what, r.err), load)
		case <-ctx.Done():
			return notArrived(ContextError(ctx, what), load)
		case <-look.C:
		}
		if next == nil {
			continue
		}
		there, err := Call(ctx, what, func() (bool, error) { return next.IsVisible() })
		switch {
		case err != nil && !IsNavigating(err):
			return notArrived(err, load)
		case !there:
			since = time.Time{}
		case since.IsZero():
			since = time.Now()
		case time.Since(since) >= patience:
			s.SetNote("the page's load event has not come: gone on, as what comes next is there")
			return nil
		}
	}
}
