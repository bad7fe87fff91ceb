package session

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"pipe/pipeline"
	"pipe/specs"
	"pipe/steps"
)

// What login.success is at home is learned from visits: what never held there is no
// sign, what held only at the first visit of each login is a welcome.
func TestHomes(t *testing.T) {
	t.Parallel()
	s := &session{}
	for name, c := range map[string]struct {
		// visits are the login and whether it held.
		visits []struct {
			login int64
			holds bool
		}
		lost string
	}{
		"never held": {[]struct {
			login int64
			holds bool
		}{{1, false}, {1, false}}, "--"},
		"held before": {[]struct {
			login int64
			holds bool
		}{{1, true}, {1, true}, {1, false}, {2, false}}, "--LL"},
		"held once": {[]struct {
			login int64
			holds bool
		}{{1, true}, {1, false}}, "-L"},
		"a welcome": {[]struct {
			login int64
			holds bool
		}{{1, true}, {1, false}, {2, true}, {2, false}, {3, true}, {3, false}, {3, false}}, "-L-L---"},
	} {
		h, got := homes{}, ""
		for _, v := range c.visits {
			if h.note(s, v.login, v.holds, time.Millisecond) {
				got += "L"
			} else {
				got += "-"
			}
		}
		if got != c.lost {
			t.Errorf("%s: %s, want %s", name, got, c.lost)
		}
	}
}

// A site that shows guests a poorer home, without a word, has ended the session.
func TestGuestHome(t *testing.T) {
	t.Parallel()
	ctx := limited(t)
	site := newLoginSite(t)
	site.guests = true
	opts := site.options()
	opts.Home = func(_ context.Context, page pipeline.Page, _ int, _ time.Duration) (bool, error) {
		return page.Playwright().Locator("#home").IsVisible()
	}
	pool := launch(t, "shell", opts)
	pg := visit(ctx, t, pool, 0)
	if err := pg.AtHome(ctx); err != nil {
		t.Fatal(err)
	}
	site.closeAll()
	if _, err := pg.Playwright().Goto("/home"); err != nil {
		t.Fatal(err)
	}
	if err := pg.AtHome(ctx); !errors.Is(err, steps.ErrSessionLost) {
		t.Errorf("a guest's home: %v", err)
	}
	if visit(ctx, t, pool, 0); site.logins.Load() != 2 {
		t.Errorf("%d logins, want 2", site.logins.Load())
	}
}

// A page that is gone while login.success is waited for says nothing of the login.
func TestHomeOfLostPage(t *testing.T) {
	t.Parallel()
	ctx := limited(t)
	site := newLoginSite(t)
	spec, err := specs.Parse("x.yaml", fmt.Appendf(nil, `{name: x, key: "${{ item.a }}", source: {items: [{a: "1"}]}, base_url: %s, navigate: {home: /home},
		login: {steps: [goto: /login], success: {visible: "#never"}}}`, site.URL), specs.Options{Verbs: steps.Verbs()})
	if err != nil {
		t.Fatal(err)
	}
	pg := visit(ctx, t, launch(t, "shell", site.options()), 0)
	told := make(chan error, 1)
	go func() {
		_, err := Home(spec)(ctx, pg, 0, time.Minute)
		told <- err
	}()
	if _, err := pg.Playwright().WaitForFunction("document[Symbol.for('pipe.changes')]", nil); err != nil {
		t.Fatal(err)
	}
	pg.Discard()
	if err := <-told; !errors.Is(err, steps.ErrClosed) {
		t.Errorf("got %v", err)
	}
}

// A page that waits for an answer for ever is given up before its context logs in
// again: the site may hold the login back for it.
func TestHungPageHoldsNoLogin(t *testing.T) {
	t.Parallel()
	ctx := limited(t)
	site := newLoginSite(t)
	opts := site.options()
	opts.Pages = 2
	login := opts.Login
	again := false
	opts.Login = func(ctx context.Context, page pipeline.Page, account int) error {
		if again {
			await(ctx, t, site.left)
		}
		again = true
		return login(ctx, page, account)
	}
	pool := launch(t, "shell", opts)
	first, hung := visit(ctx, t, pool, 0), visit(ctx, t, pool, 1)
	if _, err := hung.Playwright().Evaluate("() => { location = '/hang' }"); err != nil {
		t.Fatal(err)
	}
	await(ctx, t, site.hung)
	first.loseSession()
	visit(ctx, t, pool, 0)
}
