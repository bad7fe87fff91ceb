package session

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"pipe/pipeline"
	"pipe/steps"
)

// What becomes of each session is told, once, with its account's name: it logs in, its
// login is lost, it logs in again, and in the end its account is given up.
func TestReportsLogins(t *testing.T) {
	t.Parallel()
	ctx := limited(t)
	site := newLoginSite(t)
	opts := site.options()
	opts.Pages, opts.Accounts = 2, []pipeline.Account{{ID: "north", Name: "dealer-north"}}
	opts.Redact = func(text string) string { return strings.ReplaceAll(text, "pass", "***") }
	refuse := false
	login := opts.Login
	opts.Login = func(ctx context.Context, page pipeline.Page, account int) error {
		if refuse {
			return &pipeline.RefusedError{Err: errors.New("wrong pass")}
		}
		return login(ctx, page, account)
	}
	var mu sync.Mutex
	var told []string
	opts.Report = func(e pipeline.Event) {
		mu.Lock()
		defer mu.Unlock()
		told = append(told, fmt.Sprint(e.Kind, " ", e.Worker, " ", e.Account, " ", e.AccountName))
		if e.Kind == pipeline.AccountGivenUp && !strings.Contains(e.Reason, "wrong ***") {
			t.Errorf("it is given up because of %q", e.Reason)
		}
	}
	pool := launch(t, "shell", opts)
	want := func(kinds ...pipeline.EventKind) {
		t.Helper()
		mu.Lock()
		defer mu.Unlock()
		var all []string
		for _, k := range kinds {
			all = append(all, string(k)+" c1 1 dealer-north")
		}
		if !slices.Equal(told, all) {
			t.Errorf("told:\n%s\nwant:\n%s", strings.Join(told, "\n"), strings.Join(all, "\n"))
		}
		told = nil
	}
	pg := visit(ctx, t, pool, 0)
	visit(ctx, t, pool, 1)
	want(pipeline.LoggingIn, pipeline.LoggedIn)
	lose := func() {
		lost := make(chan struct{}, 8)
		defer pg.Watch(func(err error) {
			if errors.Is(err, steps.ErrSessionLost) {
				lost <- struct{}{}
			}
		})()
		site.closeAll()
		if _, err := pg.Playwright().Evaluate("() => { location = '/home' }"); err != nil {
			t.Fatal(err)
		}
		await(ctx, t, lost)
	}
	lose()
	want(pipeline.LoginLost)
	pg = visit(ctx, t, pool, 0)
	visit(ctx, t, pool, 1)
	want(pipeline.LoggingIn, pipeline.LoggedIn)
	pg.Done()
	pg.DiscardContext()
	pg = visit(ctx, t, pool, 0)
	want(pipeline.LoginKept)
	refuse = true
	lose()
	for worker := range 2 {
		if _, err := pool.Open(ctx, worker); err == nil {
			t.Error("it opens a page of an account that is refused")
		}
	}
	want(pipeline.LoginLost, pipeline.LoggingIn, pipeline.AccountGivenUp)
}
