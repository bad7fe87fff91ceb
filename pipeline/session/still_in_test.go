package session

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"pipe/pipeline"
	"pipe/steps"
)

// guestSite shows guests poorer pages without a word. /plain lacks login.success for
// all.
func guestSite(t *testing.T) *loginSite {
	site := newLoginSite(t)
	site.guests = true
	site.Config.Handler.(*http.ServeMux).HandleFunc("/plain", func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprint(w, "of another layout") })
	return site
}

// guestOptions look for #home, on a page or at /home.
func guestOptions(site *loginSite) Options {
	opts := site.options()
	opts.Home = func(_ context.Context, page pipeline.Page, _ int, _ time.Duration) (bool, error) {
		return page.Playwright().Locator("#home").IsVisible()
	}
	opts.Visit = func(_ context.Context, page pipeline.Page, _ int) error {
		_, err := page.Playwright().Goto("/home")
		return err
	}
	return opts
}

// ended opens the worker's page, has work end at an address, and tells whether that
// was a guest's. before is done once the page is lent.
func ended(ctx context.Context, t *testing.T, pool *Pool, at string, again bool, before func()) bool {
	t.Helper()
	pg := open(ctx, t, pool, 0).(*Page)
	defer pg.Done()
	before()
	if _, err := pg.Playwright().Goto(at); err != nil {
		t.Fatal(err)
	}
	err := pg.StillIn(ctx, "item", again)
	if lost := errors.Is(err, steps.ErrSessionLost); lost != pg.Lost() || err != nil && !lost {
		t.Fatalf("got %v, and the session is lost: %v", err, pg.Lost())
	}
	return err != nil
}

func nothing() {}

// What ends on a page without login.success was a guest's, where home lacks it too.
func TestGuestEnd(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]struct {
		at string
		// shown is whether another has come to its end before.
		shown bool
	}{
		"pages that show it":                  {"/item", true},
		"the first of pages that may lack it": {"/plain", false},
		"the first of pages that show it":     {"/item", false},
	} {
		t.Run(name, func(t *testing.T) {
			ctx := limited(t)
			site := guestSite(t)
			pool := launch(t, "shell", guestOptions(site))
			pg := open(ctx, t, pool, 0).(*Page)
			if err := pg.LookHome(ctx); err != nil || !pool.telling() {
				t.Fatalf("home tells nothing, %v", err)
			}
			pg.Done()
			if end.shown && ended(ctx, t, pool, end.at, false, nothing) {
				t.Fatal("a member is taken for a guest")
			}
			if !ended(ctx, t, pool, end.at, false, site.closeAll) {
				t.Error("a guest is taken for a member")
			}
			if ended(ctx, t, pool, end.at, true, nothing) {
				t.Error("a member is taken for a guest after the new login")
			}
			if n := site.logins.Load(); n != 2 {
				t.Errorf("%d logins, want 2", n)
			}
		})
	}
}

// Pages that lack login.success for all are no sign: of those that always do, one is
// looked into, and without a page to look for it two.
func TestEndsThatLackSuccess(t *testing.T) {
	t.Parallel()
	ctx := limited(t)
	site := guestSite(t)
	opts := guestOptions(site)
	looks, visit := 0, opts.Visit
	opts.Visit = func(ctx context.Context, page pipeline.Page, account int) error {
		looks++
		return visit(ctx, page, account)
	}
	pool := launch(t, "shell", opts)
	pool.proofs.hold()
	for range 3 {
		if ended(ctx, t, pool, "/plain", false, nothing) {
			t.Fatal("a member is taken for a guest")
		}
	}
	if n := site.logins.Load(); n != 1 || looks != 1 {
		t.Errorf("%d logins and %d looks, want 1 and 1", n, looks)
	}
	// Without a page to look for it, only a new login tells.
	pool.opts.Visit, pool.proofs = nil, proofs{}
	if ended(ctx, t, pool, "/item", false, nothing) {
		t.Error("a member is taken for a guest")
	}
	if !ended(ctx, t, pool, "/item", false, site.closeAll) || ended(ctx, t, pool, "/item", true, nothing) {
		t.Error("a guest, or a member after the new login, is taken for the other")
	}
	for i := range 4 {
		lost := ended(ctx, t, pool, "/plain", false, nothing)
		if lost != (i < oddMost) {
			t.Errorf("page %d of another layout: %v", i, lost)
		}
		if lost && ended(ctx, t, pool, "/plain", true, nothing) {
			t.Error("it is so under a new login too")
		}
	}
	if n := site.logins.Load(); n != 2+oddMost {
		t.Errorf("%d logins, want %d", n, 2+oddMost)
	}
}

// A home without login.success says nothing, whatever else lacks it.
func TestSuccessNowhere(t *testing.T) {
	t.Parallel()
	ctx := limited(t)
	site := guestSite(t)
	opts := guestOptions(site)
	opts.Visit = func(_ context.Context, page pipeline.Page, _ int) error {
		_, err := page.Playwright().Goto("/plain")
		return err
	}
	pool := launch(t, "shell", opts)
	pg := open(ctx, t, pool, 0).(*Page)
	if err := pg.LookHome(ctx); err != nil || pool.telling() {
		t.Errorf("home tells something, %v", err)
	}
	pg.Done()
	if ended(ctx, t, pool, "/plain", false, nothing) || site.logins.Load() != 1 {
		t.Error("a member is taken for a guest")
	}
}

// A welcome that home shows once after each login costs one login more.
func TestWelcomeAtHome(t *testing.T) {
	t.Parallel()
	ctx := limited(t)
	site := guestSite(t)
	opts := guestOptions(site)
	opts.Visit = func(_ context.Context, page pipeline.Page, _ int) error {
		_, err := page.Playwright().Goto("/plain")
		return err
	}
	pool := launch(t, "shell", opts)
	pool.homes.held = true
	if !ended(ctx, t, pool, "/plain", false, nothing) || ended(ctx, t, pool, "/plain", true, nothing) || ended(ctx, t, pool, "/plain", false, nothing) {
		t.Error("it is a sign once more, or never")
	}
}
