package session

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"

	"github.com/playwright-community/playwright-go"

	"pipe/pipeline"
	"pipe/steps"
)

// A login that lives in the sessionStorage of a tab, and in a database, is each
// page's of the session, and the next context's and run's. What a page keeps of its item
// is its own, and what one renews comes to the others as they are lent.
func TestLoginInStorage(t *testing.T) {
	t.Parallel()
	ctx := limited(t)
	site := newStorageSite(t)
	opts := site.options()
	opts.Pages, opts.StateDir, opts.Accounts = 2, t.TempDir(), []pipeline.Account{{ID: "clerk", Name: "clerk"}}
	pool := launch(t, "shell", opts)
	read := func(pg *Page, what string) string {
		t.Helper()
		v, err := pg.Playwright().Evaluate(what)
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprint(v)
	}
	const token, vehicle = "sessionStorage.token + ''", "sessionStorage.vehicle + ''"
	first := visit(ctx, t, pool, 0)
	read(first, "sessionStorage.vehicle = 'V1'")
	// A page that has gone elsewhere is left there.
	at := first.Playwright().URL()
	if of := pool.databasesShown(ctx, first.Playwright(), "https://elsewhere.test"); of != nil || first.Playwright().URL() != at {
		t.Errorf("databases of elsewhere: %v, at %s", of, first.Playwright().URL())
	}
	second := visit(ctx, t, pool, 1)
	if got := read(second, token); got != "token-1" {
		t.Errorf("the second page has the token %q", got)
	}
	if got := read(second, vehicle); got != "undefined" {
		t.Errorf("the second page has the vehicle of the first: %q", got)
	}
	read(first, "sessionStorage.token = 'renewed'")
	if got := read(second, token); got != "token-1" {
		t.Errorf("the token changed while an item was under way: %q", got)
	}
	read(second, "sessionStorage.vehicle = 'V2'")
	second.Done()
	second = visit(ctx, t, pool, 1)
	if got := read(second, token) + read(second, vehicle); got != "renewedV2" {
		t.Errorf("the second page has the token and the vehicle %q", got)
	}
	second.Done()
	first.Done()
	first.DiscardContext()
	next := visit(ctx, t, pool, 1)
	if got := read(next, token) + read(next, vehicle) + read(next, "secret()"); next.Context == second.Context || got != "renewedundefinedkey-1" {
		t.Errorf("the next context has %q", got)
	}
	next.Done()
	if err := pool.Close(ctx); err != nil {
		t.Fatal(err)
	}
	kept := filepath.Join(opts.StateDir, "clerk-1.json")
	if info, err := os.Stat(kept); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the kept login: %v %v", info, err)
	}
	again := visit(ctx, t, launch(t, "shell", opts), 0)
	if got := read(again, token) + read(again, vehicle) + read(again, "secret()"); got != "renewedundefinedkey-1" {
		t.Errorf("the next run has %q", got)
	}
	again.Done()
	if n := site.logins.Load(); n != 1 {
		t.Errorf("%d logins, want 1", n)
	}
}

// A login in storage that holds no more is in the way of no login.
func TestDeadLoginInStorage(t *testing.T) {
	t.Parallel()
	ctx := limited(t)
	site := newStorageSite(t)
	opts := site.options()
	opts.StateDir = t.TempDir()
	opts.Accounts = []pipeline.Account{{ID: "clerk", Name: "clerk"}}
	dead := &loginState{SessionStorage: tabStorage{site.URL: {"token": "dead"}}}
	if err := writeState(filepath.Join(opts.StateDir, "clerk-1.json"), dead); err != nil {
		t.Fatal(err)
	}
	pg := visit(ctx, t, launch(t, "shell", opts), 0)
	defer pg.Done()
	if got, err := pg.Playwright().Evaluate("sessionStorage.token"); err != nil || got != "token-1" {
		t.Errorf("the token is %v (%v)", got, err)
	}
}

// A logout is done on a page that has the login.
func TestLogoutInStorage(t *testing.T) {
	t.Parallel()
	ctx := limited(t)
	site := newStorageSite(t)
	opts := site.options()
	opts.Logout = func(_ context.Context, page pipeline.Page, _ int) error {
		_, err := page.Playwright().Goto("/out")
		if err == nil {
			_, err = page.Playwright().Evaluate("out()")
		}
		return err
	}
	pool := launch(t, "shell", opts)
	visit(ctx, t, pool, 0).Done()
	if err := pool.Close(ctx); err != nil {
		t.Fatal(err)
	}
	if got := site.out.Load(); got != "token-1" {
		t.Errorf("logged out with %v", got)
	}
}

// storageSite is a site whose logins are in the browser's storage alone.
type storageSite struct {
	*httptest.Server

	logins atomic.Int64
	out    atomic.Value
}

// storagePages are its pages: where one is logged in, and where one logs in. The
// latter leads those away who seem to be logged in.
const storageHome = `<!doctype html><body><script>
const ask = r => new Promise((ok, bad) => { r.onsuccess = () => ok(r.result); r.onerror = () => bad(r.error); });
const open = async () => { const o = indexedDB.open('auth', 3); o.onupgradeneeded = () => o.result.createObjectStore('keys'); return ask(o); };
const secret = async () => {
	const db = await open();
	const kept = await ask(db.transaction('keys').objectStore('keys').get('k'));
	return kept ? new TextDecoder().decode(kept.key) + (kept.since instanceof Date ? '' : '?') : 'none';
};
const out = () => fetch('/bye', {method: 'POST', body: sessionStorage.token});
const signIn = async n => {
	const db = await open();
	const tx = db.transaction('keys', 'readwrite');
	tx.objectStore('keys').put({key: new TextEncoder().encode('key-' + n), since: new Date(0)}, 'k');
	await new Promise(ok => tx.oncomplete = ok);
	sessionStorage.token = 'token-' + n;
	location.replace('/home');
};
</script>`

func newStorageSite(t testing.TB) *storageSite {
	site := &storageSite{}
	mux := http.NewServeMux()
	serve := func(path, page string) {
		mux.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			_, _ = fmt.Fprint(w, storageHome+page)
		})
	}
	serve("/home", `<script>
if (!sessionStorage.token || sessionStorage.token === 'dead') location.replace('/login');
else document.body.append(Object.assign(document.createElement('div'), {id: 'home', textContent: 'home'}));</script>`)
	serve("/login", `<script>if (sessionStorage.token) location.replace('/home');</script><div id=login>who are you?</div>`)
	serve("/out", "")
	mux.HandleFunc("/token", func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprint(w, site.logins.Add(1)) })
	mux.HandleFunc("/bye", func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		site.out.Store(string(body))
	})
	site.Server = httptest.NewServer(mux)
	t.Cleanup(site.Close)
	return site
}

func (site *storageSite) options() Options {
	home := func(page pipeline.Page) error {
		return page.Playwright().Locator("#home").WaitFor(playwright.LocatorWaitForOptions{Timeout: playwright.Float(5000)})
	}
	return Options{
		BaseURL: site.URL, Loss: Loss{URL: steps.Glob("**/login")},
		Login: func(_ context.Context, page pipeline.Page, _ int) error {
			if _, err := page.Playwright().Goto("/login"); err != nil {
				return err
			}
			if err := page.Playwright().Locator("#login").WaitFor(playwright.LocatorWaitForOptions{Timeout: playwright.Float(5000)}); err != nil {
				return err
			}
			if _, err := page.Playwright().Evaluate("async () => { signIn(await (await fetch('/token')).text()) }"); err != nil {
				return err
			}
			return home(page)
		},
		Resume: func(_ context.Context, page pipeline.Page, _ int) error {
			if _, err := page.Playwright().Goto("/home"); err != nil {
				return err
			}
			if has, err := page.Playwright().Evaluate("sessionStorage.token && sessionStorage.token !== 'dead'"); err != nil || has != true {
				return fmt.Errorf("no token (%w)", err)
			}
			return home(page)
		},
	}
}
