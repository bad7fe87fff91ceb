package session

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/playwright-community/playwright-go"

	"pipe/pipeline"
	"pipe/pipeline/browser"
	"pipe/pipeline/client"
	"pipe/specs"
	"pipe/steps"
)

// Contexts and browsers are made new by count and by memory, with the login
// that they had; what is under way in the old ones ends first.
func TestRecycle(t *testing.T) {
	t.Parallel()
	for name, limits := range map[string]browser.Recycle{"context": {}, "browser": {Items: 4}, "memory": {Memory: 1}} {
		t.Run(name, func(t *testing.T) {
			ctx := limited(t)
			site := newLoginSite(t)
			opts := site.options()
			opts.Pages, opts.Browser.Recycle = 2, limits
			if name == "context" {
				opts.ContextItems = 2
			}
			pool := launch(t, "shell", opts)
			first := visit(ctx, t, pool, 0) // its attempt goes on
			closed := make(chan struct{})
			first.Context.Playwright.OnClose(func(playwright.BrowserContext) { close(closed) })
			contexts, made := map[*browser.Context]bool{}, map[*browser.Browser]bool{}
			same := func() bool { return len(contexts) < 2 || name != "context" && len(made) < 2 }
			// Another browser takes its time to start.
			for n := 0; n < 16 || same() && ctx.Err() == nil; n++ {
				pg := visit(ctx, t, pool, 1)
				contexts[pg.Context], made[pg.Context.Browser] = true, true
				pg.Done()
			}
			if same() {
				t.Errorf("%d contexts in %d browsers: nothing was made new", len(contexts), len(made))
			}
			if n := site.logins.Load(); n != 1 {
				t.Errorf("%d logins, want 1", n)
			}
			if _, err := first.Playwright().Locator("#home").TextContent(); err != nil {
				t.Errorf("a page in hand was closed: %v", err)
			}
			if first.Lost() {
				t.Error("the session of a page in hand counts as lost")
			}
			first.Done()
			for range 2 { // the second ends the first's old page
				visit(ctx, t, pool, 0).Done()
			}
			await(ctx, t, closed)
		})
	}
}

func await(ctx context.Context, t testing.TB, done <-chan struct{}) {
	t.Helper()
	select {
	case <-done:
	case <-ctx.Done():
		t.Fatal("it never came")
	}
}

// A page that crashes or hangs is given up, and the pool serves on.
func TestPageCrashesAndHangs(t *testing.T) {
	t.Parallel()
	ctx := limited(t)
	site := newLoginSite(t)
	opts := site.options()
	opts.Browser.CloseLimit = 2 * time.Second
	pool := launch(t, "shell", opts)
	pg := visit(ctx, t, pool, 0)
	crashed := make(chan struct{}, 8)
	stop := pg.Watch(func(error) { crashed <- struct{}{} })
	go func() { _, _ = pg.Playwright().Goto("chrome://crash") }()
	await(ctx, t, crashed)
	stop()
	pg.Done()
	pg = visit(ctx, t, pool, 0)
	go func() { _, _ = pg.Playwright().Evaluate("() => { while (true) {} }") }()
	began := time.Now()
	pg.Discard()
	pg.Done()
	visit(ctx, t, pool, 0).Done()
	if took := time.Since(began); took > 30*opts.Browser.CloseLimit {
		t.Errorf("it took %v to come back from a page that hangs", took)
	}
	if n := site.logins.Load(); n != 1 {
		t.Errorf("%d logins, want 1", n)
	}
}

// A driver that dies while the browser tells something, or before a step listens,
// is a page that is gone: Playwright's Go port panics there.
func TestDriverKilled(t *testing.T) {
	t.Parallel()
	ctx := limited(t)
	pool := launch(t, "shell", newLoginSite(t).options())
	pg := visit(ctx, t, pool, 0)
	if n, err := browser.EndLeftProcesses(ctx, processes(t)); err != nil || n == 0 {
		t.Fatalf("ended %d processes, %v", n, err)
	}
	// An answer that does not come is how the connection's end is known.
	if _, err := steps.CallWithin(ctx, browser.CallLimit, "asking", func() (any, error) { return pg.Playwright().Evaluate("1") }); err == nil {
		t.Fatal("the driver answers")
	}
	err := (&steps.Dismiss{}).Run(ctx, &steps.StepContext{Page: pg.Playwright()})
	if !errors.Is(err, steps.ErrClosed) {
		t.Errorf("dismiss: %v", err)
	}
	_, err = (&steps.StepContext{Page: pg.Playwright()}).EachPage(ctx, &steps.PageList{Paging: &specs.Paging{}, First: "page"}, func(int) error { return nil })
	if !errors.Is(err, steps.ErrClosed) {
		t.Errorf("pages: %v", err)
	}
	pool.opts.Loss.Statuses = []int{401}
	if err := pool.watchLoss(ctx, pg.session, pg.Context); !errors.Is(err, steps.ErrClosed) {
		t.Errorf("signs: %v", err)
	}
	pg.Discard()
	pg.Done()
	visit(ctx, t, pool, 0).Done()
}

// A site that cannot be reached costs an account none of its tries; one that
// refuses it costs it as many as are allowed, whoever asks.
func TestTries(t *testing.T) {
	t.Parallel()
	ctx := limited(t)
	var asked atomic.Int64
	var answer atomic.Value
	answer.Store(error(&steps.StatusError{Status: 503}))
	opts := Options{Contexts: 2, Pages: 2, Accounts: []pipeline.Account{{ID: "a", Name: "a"}}, Tries: 3}
	opts.Login = func(context.Context, pipeline.Page, int) error {
		asked.Add(1)
		return answer.Load().(error)
	}
	pool := launch(t, "shell", opts)
	var status *steps.StatusError
	if _, err := pool.Open(ctx, 0); !errors.As(err, &status) || asked.Load() != 1 {
		t.Fatalf("a site that is down: %v, asked %d times", err, asked.Load())
	}
	answer.Store(error(&steps.StatusError{Status: 403}))
	var all sync.WaitGroup
	for w := range 4 {
		all.Go(func() {
			var refused *pipeline.LoginError
			if _, err := pool.Open(ctx, w); !errors.As(err, &refused) {
				t.Errorf("%d: %v", w, err)
			}
		})
	}
	all.Wait()
	if n := asked.Load(); n != 4 {
		t.Errorf("asked %d times, want once and 3 times", n)
	}
}

// An account whose logins work and never hold is given up, before the site is
// asked over and over.
func TestFutileLogins(t *testing.T) {
	t.Parallel()
	ctx := limited(t)
	site := newLoginSite(t)
	opts := site.options()
	opts.Logout, opts.Resume = nil, nil
	pool := launch(t, "shell", opts)
	for n := range 3 {
		pg := visit(ctx, t, pool, 0)
		if n == 1 {
			pg.Done() // this one was of use
		}
		pg.loseSession()
		if n != 1 {
			pg.Done()
		}
	}
	var refused *pipeline.LoginError
	for !errors.As(lostAtOnce(ctx, pool), &refused) && ctx.Err() == nil {
	}
	// Of the first three one was of use; five more were not, with the third.
	if n := site.logins.Load(); n != 2+maxFutile {
		t.Errorf("%d logins, want %d (%v)", n, 2+maxFutile, refused)
	}
}

// lostAtOnce opens a page whose session is lost at once, and gives the error.
func lostAtOnce(ctx context.Context, pool *Pool) error {
	pg, err := pool.Open(ctx, 0)
	if err == nil {
		pg.(*Page).loseSession()
		pg.Done()
	}
	return err
}

// What the spec says of contexts reaches the site, through the proxy in turn.
func TestContextOptions(t *testing.T) {
	t.Parallel()
	ctx := limited(t)
	var seen sync.Map
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		user, password, ok := r.BasicAuth()
		if !ok {
			w.Header().Set("WWW-Authenticate", `Basic realm="x"`)
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		seen.Store(r.Header.Get("X-Via")+r.URL.Path, user+" "+password+" "+r.Header.Get("X-Own")+" "+r.UserAgent()+" "+r.Header.Get("Accept-Language"))
	}))
	defer site.Close()
	target, err := url.Parse(site.URL)
	if err != nil {
		t.Fatal(err)
	}
	var proxies []string
	for _, name := range []string{"p1", "p2"} {
		via := httputil.NewSingleHostReverseProxy(target)
		proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			r.Header.Set("X-Via", name)
			via.ServeHTTP(w, r)
		}))
		defer proxy.Close()
		proxies = append(proxies, proxy.URL)
	}
	opts := Options{BaseURL: site.URL, Contexts: 2, Context: func(_, turn int) (client.ContextOptions, error) {
		return client.ContextOptions{BrowserNewContextOptions: playwright.BrowserNewContextOptions{
			HttpCredentials: &playwright.HttpCredentials{Username: "me", Password: "mine", Origin: &site.URL},
			UserAgent:       playwright.String("pipe"), Locale: playwright.String("de-DE"), Proxy: &playwright.Proxy{Server: proxies[turn%2]},
		}, Headers: client.Headers{Values: map[string]string{"X-Own": "yes"}, Origins: []string{site.URL}}}, nil
	}}
	pool := launch(t, "shell", opts)
	for w := range 2 {
		pg := open(ctx, t, pool, w)
		if _, err := pg.Playwright().Goto("/"); err != nil {
			t.Fatal(err)
		}
		// What is asked for beside the browser goes the same way.
		d, err := pg.Files().Fetch(ctx, pg.Playwright(), steps.Link{URL: "/file"})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.Receive(ctx, io.Discard); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"p1/", "p2/", "p1/file", "p2/file"} {
		if got, _ := seen.Load(name); got != "me mine yes pipe de-DE" {
			t.Errorf("%s: %q", name, got)
		}
	}
}
