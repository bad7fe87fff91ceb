package session

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"pipe/pipeline"
	"pipe/specs"
	"pipe/steps"
)

const entrySpec = `name: x
base_url: %s
key: "${{ item.a }}"
login:
  accounts: [{username: me, password: "%s"}]
  steps:
    - goto: /sign-in
    - fill: {selector: "#user", value: "${{ account.username }}"}
    - fill: {selector: "#password", value: "${{ account.password }}"}
    - click: "#go"
  success: {visible: "#home"}
  lost: {url: "**/login"}
timeouts: {step: %s}
source: {csv: rows.csv}
navigate: {home: /home}
download: [{capture: {url: /file, as: "${{ item.a }}"}}]
`

// How a login ends on a site: in, in already, refused with the site's words, or not
// answered.
func TestEntry(t *testing.T) {
	t.Parallel()
	ctx := limited(t)
	const form = `<form method=post action=/sign-in>%s<input id=user name=user><input id=password type=password name=password><button id=go>Go</button></form>`
	site := newLoginSite(t)
	var known, down atomic.Bool
	mux := site.Config.Handler.(*http.ServeMux)
	mux.HandleFunc("/sign-in", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		switch {
		case down.Load() && r.Method == http.MethodPost:
			w.WriteHeader(http.StatusBadGateway)
		case known.Load(), r.FormValue("password") == "right":
			if !known.Load() {
				http.SetCookie(w, &http.Cookie{Name: "id", Value: "sso", Path: "/"})
				site.mu.Lock()
				site.open["sso"] = true
				site.mu.Unlock()
			}
			http.Redirect(w, r, "/home", http.StatusFound)
		case r.Method == http.MethodPost && r.FormValue("password") == "locked":
			_, _ = fmt.Fprint(w, "<h1>Account locked</h1><p>Too many attempts.</p>")
		case r.Method == http.MethodPost && r.FormValue("password") == "late":
			_, _ = fmt.Fprint(w, "One moment please")
		case r.Method == http.MethodPost:
			_, _ = fmt.Fprintf(w, form, "<b>Wrong password, two tries left.</b>")
		default:
			_, _ = fmt.Fprintf(w, form, "")
		}
	})
	act := func(password, step string) pipeline.Act {
		file := filepath.Join(t.TempDir(), "x.yaml")
		if err := os.WriteFile(file, []byte(fmt.Sprintf(entrySpec, site.URL, password, step)), 0o600); err != nil {
			t.Fatal(err)
		}
		spec, err := specs.Load(file, specs.Options{Verbs: steps.Verbs()})
		if err != nil {
			t.Fatal(err)
		}
		return Login(spec, t.TempDir(), nil)
	}
	opts := site.options()
	opts.Login, opts.Resume, opts.Logout = nil, nil, nil
	pool := launch(t, "shell", opts)
	lent := open(ctx, t, pool, 0).(*Page)
	// enter logs in on a page of its own, as the pool does after a failure.
	enter := func(password, step string) error {
		page, err := pool.newPage(ctx, lent.session, lent.Context)
		if err != nil {
			t.Fatal(err)
		}
		defer page.Discard()
		return act(password, step)(ctx, page, 0)
	}
	var refused *pipeline.RefusedError
	if err := enter("wrong", "2s"); !errors.As(err, &refused) || !strings.Contains(err.Error(), "Wrong password, two tries left.") {
		t.Errorf("refused: %v", err)
	}
	if err := enter("locked", "2s"); !errors.As(err, &refused) || !strings.Contains(err.Error(), "Too many attempts.") {
		t.Errorf("locked: %v", err)
	}
	refused = nil
	if err := enter("late", "2s"); err == nil || errors.As(err, &refused) || !strings.Contains(err.Error(), "One moment please") {
		t.Errorf("neither in nor refused: %v", err)
	}
	down.Store(true)
	var absent *pipeline.UnreachableError
	if err := enter("wrong", "20s"); !errors.As(err, &absent) {
		t.Errorf("down: %v", err)
	}
	down.Store(false)
	if err := enter("right", "20s"); err != nil {
		t.Errorf("in: %v", err)
	}
	known.Store(true)
	if err := enter("wrong", "20s"); err != nil {
		t.Errorf("in already: %v", err)
	}
}
