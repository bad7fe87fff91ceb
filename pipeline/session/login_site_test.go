package session

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"

	"pipe/pipeline"
	"pipe/steps"
)

// loginSite is a site behind a login: /in logs in, by a cookie; the rest is shown
// to those who have one. It counts logins and the visitors by their cookie.
type loginSite struct {
	*httptest.Server
	logins atomic.Int64
	mu     sync.Mutex
	open   map[string]bool
	body   string
	// hung is closed once /hang is asked for, which never answers, left once nobody
	// waits for it any more.
	hung, left chan struct{}
	// late holds back what is asked of /late, asked is told of it.
	late, asked chan struct{}
	// guests are shown home without its content.
	guests bool
}

func newLoginSite(t testing.TB) *loginSite {
	site := &loginSite{open: map[string]bool{}, hung: make(chan struct{}), left: make(chan struct{}), late: make(chan struct{}), asked: make(chan struct{}, 8)}
	mux := http.NewServeMux()
	mux.HandleFunc("/in", func(w http.ResponseWriter, _ *http.Request) {
		id := fmt.Sprint(site.logins.Add(1))
		site.mu.Lock()
		site.open[id] = true
		site.mu.Unlock()
		http.SetCookie(w, &http.Cookie{Name: "id", Value: id})
		_, _ = fmt.Fprint(w, "welcome")
	})
	mux.HandleFunc("/login", func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprint(w, "who are you?") })
	mux.HandleFunc("/api", func(w http.ResponseWriter, r *http.Request) {
		if !site.knows(r) {
			w.WriteHeader(http.StatusUnauthorized)
		}
	})
	mux.HandleFunc("/out", func(w http.ResponseWriter, r *http.Request) {
		c, err := r.Cookie("id")
		site.mu.Lock()
		defer site.mu.Unlock()
		if err == nil {
			delete(site.open, c.Value)
		}
		_, _ = fmt.Fprint(w, "bye")
	})
	mux.HandleFunc("/hang", func(_ http.ResponseWriter, r *http.Request) {
		close(site.hung)
		<-r.Context().Done()
		close(site.left)
	})
	mux.HandleFunc("/late", func(w http.ResponseWriter, r *http.Request) {
		site.asked <- struct{}{}
		select {
		case <-site.late:
		case <-r.Context().Done():
		}
		w.WriteHeader(http.StatusUnauthorized)
	})
	mux.HandleFunc("/sorry", func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprint(w, "<h1>Who are&nbsp;you?</h1>") })
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if !site.knows(r) && site.guests {
			_, _ = fmt.Fprint(w, "for guests")
			return
		}
		if !site.knows(r) {
			http.Redirect(w, r, "/login", http.StatusFound)
			return
		}
		w.Header().Set("Content-Type", "text/html")
		_, _ = fmt.Fprint(w, "<!doctype html><div id=home>home</div>"+site.body)
	})
	site.Server = httptest.NewServer(mux)
	t.Cleanup(site.Close)
	return site
}

func (site *loginSite) knows(r *http.Request) bool {
	c, err := r.Cookie("id")
	site.mu.Lock()
	defer site.mu.Unlock()
	return err == nil && site.open[c.Value]
}

func (site *loginSite) closeAll() {
	site.mu.Lock()
	defer site.mu.Unlock()
	site.open = map[string]bool{}
}

// options are those of a pool whose pages log in at the site.
func (site *loginSite) options() Options {
	visit := func(path, want string) pipeline.Act {
		return func(_ context.Context, page pipeline.Page, _ int) error {
			if _, err := page.Playwright().Goto(path); err != nil {
				return err
			}
			if text, err := page.Playwright().Locator("body").TextContent(); err != nil || text != want {
				return fmt.Errorf("the page says %q (%w)", text, err)
			}
			return nil
		}
	}
	return Options{BaseURL: site.URL, Login: visit("/in", "welcome"), Resume: visit("/home", "home"), Logout: visit("/out", "bye"), Loss: Loss{URL: steps.Glob("**/login")}}
}

// visit opens the worker's page and looks at the site.
func visit(ctx context.Context, t testing.TB, pool *Pool, worker int) *Page {
	t.Helper()
	pg := open(ctx, t, pool, worker).(*Page)
	if _, err := pg.Playwright().Goto("/home"); err != nil {
		t.Fatal(err)
	}
	if pg.Lost() {
		t.Fatal("the session is lost")
	}
	return pg
}
