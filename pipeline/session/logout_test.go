package session

import (
	"context"
	"encoding/json"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"testing"
	"time"

	"github.com/playwright-community/playwright-go"

	"pipe/pipeline"
	"pipe/pipeline/browser"
	"pipe/pipeline/client"
	"pipe/steps"
)

// Every session that was opened is ended, though its browser is dead by then,
// or its context was given up for one with a login of its own.
func TestLogout(t *testing.T) {
	t.Parallel()
	for name, resume := range map[string]bool{"killed": true, "given up": true, "left behind": false} {
		t.Run(name, func(t *testing.T) {
			ctx := limited(t)
			site := newLoginSite(t)
			opts := site.options()
			if opts.Contexts = 2; !resume {
				opts.Resume = nil
			}
			pool := launch(t, "shell", opts)
			first := visit(ctx, t, pool, 0)
			visit(ctx, t, pool, 1).Done()
			if name == "killed" {
				first.Done()
				killBrowser(t)
				await(ctx, t, first.Context.Browser.Dead())
			} else {
				first.DiscardContext()
				first.Done()
				visit(ctx, t, pool, 0).Done()
			}
			if err := pool.Close(ctx); err != nil {
				t.Fatal(err)
			}
			want := int64(2)
			if !resume {
				want = 3
			}
			site.mu.Lock()
			defer site.mu.Unlock()
			if n := site.logins.Load(); n != want || len(site.open) > 0 {
				t.Errorf("%d logins, of which %d are open still; want %d, and none", n, len(site.open), want)
			}
		})
	}
}

// A logout that hangs takes no other part of the end its time: the browser is
// closed, and what it left behind is gone.
func TestLogoutHangs(t *testing.T) {
	t.Parallel()
	ctx := limited(t)
	site := newLoginSite(t)
	opts := site.options()
	opts.CloseLimit = 5 * time.Second
	opts.Logout = func(ctx context.Context, _ pipeline.Page, _ int) error {
		<-ctx.Done()
		return ctx.Err()
	}
	pool := launch(t, "shell", opts)
	pg := visit(ctx, t, pool, 0)
	pg.Done()
	if err := pool.Close(ctx); err != nil {
		t.Errorf("closing after a logout that hangs: %v", err)
	}
	if pg.Alive() {
		t.Error("the browser was not closed")
	}
	if n, err := browser.EndLeftProcesses(ctx, processes(t)); n > 0 || err != nil {
		t.Errorf("%d processes were left running, %v", n, err)
	}
}

// killBrowser ends the one browser of a test, and leaves its driver.
func killBrowser(t testing.TB) {
	t.Helper()
	text, err := os.ReadFile(processes(t))
	if err != nil {
		t.Fatal(err)
	}
	var records []struct{ PID int } // the driver, and the browser
	if err := json.Unmarshal(text, &records); err != nil || len(records) != 2 {
		t.Fatalf("%s: %v", text, err)
	}
	p, err := os.FindProcess(records[1].PID)
	if err == nil {
		err = p.Kill()
	}
	if err != nil {
		t.Fatal(err)
	}
}

// A context whose proxy does not serve it moves to the next one, with its login.
func TestProxyFails(t *testing.T) {
	t.Parallel()
	ctx := limited(t)
	site := newLoginSite(t)
	target, err := url.Parse(site.URL)
	if err != nil {
		t.Fatal(err)
	}
	proxies := []*httptest.Server{httptest.NewServer(httputil.NewSingleHostReverseProxy(target)), httptest.NewServer(httputil.NewSingleHostReverseProxy(target))}
	for _, proxy := range proxies {
		defer proxy.Close()
	}
	opts := site.options()
	opts.Proxies, opts.Context = 2, func(_, turn int) (client.ContextOptions, error) {
		return client.ContextOptions{BrowserNewContextOptions: playwright.BrowserNewContextOptions{Proxy: &playwright.Proxy{Server: proxies[turn%2].URL}}}, nil
	}
	pool := launch(t, "shell", opts)
	pg := visit(ctx, t, pool, 0)
	proxies[0].CloseClientConnections()
	proxies[0].Close()
	if _, err := pg.Playwright().Goto("/home"); err == nil || !steps.IsSiteFault(err) {
		t.Fatalf("by a proxy that is gone: %v", err)
	}
	pg.Done()
	visit(ctx, t, pool, 0).Done()
	if n := site.logins.Load(); n != 1 {
		t.Errorf("%d logins, want 1", n)
	}
}
