package session

import (
	"fmt"
	"net/http"
	"testing"
	"time"
)

// A page that passes through the login page, as a silent single sign-on does, has
// lost no session.
func TestPassesThroughLogin(t *testing.T) {
	t.Parallel()
	ctx := limited(t)
	site := newLoginSite(t)
	mux := site.Config.Handler.(*http.ServeMux)
	for how, page := range map[string]string{
		"script":  `<script>setTimeout(() => location = '/home', 600)</script>`,
		"refresh": `<meta http-equiv=refresh content="1; url=/home">`,
		// The answer takes longer than a page without anything to do may stay.
		"post": `<form action=/slow-home><input type=hidden name=SAMLResponse value=yes><noscript><button>Go on</button></noscript></form><script>document.forms[0].submit()</script>`,
		"form": `<form action=/home></form><script>document.forms[0].submit()</script>`,
	} {
		mux.HandleFunc("/sso/"+how+"/login", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			_, _ = fmt.Fprint(w, "<!doctype html>"+page)
		})
	}
	mux.HandleFunc("/slow-home", func(w http.ResponseWriter, r *http.Request) {
		timer := time.NewTimer(restsFor + time.Second)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-r.Context().Done():
		}
		http.Redirect(w, r, "/home", http.StatusFound)
	})
	mux.Handle("/sso/redirect/login", http.RedirectHandler("/home", http.StatusFound))
	pool := launch(t, "shell", site.options())
	pg := visit(ctx, t, pool, 0)
	for _, how := range []string{"redirect", "script", "refresh", "form", "post"} {
		mux.Handle("/"+how, http.RedirectHandler("/sso/"+how+"/login", http.StatusFound))
		_, _ = pg.Playwright().Goto("/" + how) // it may be cut short by the next
		if err := pg.Playwright().Locator("#home").WaitFor(); err != nil {
			t.Errorf("%s: %v", how, err)
		}
		if pg.Lost() {
			t.Fatalf("%s: the session is lost", how)
		}
	}
	for _, how := range []string{"redirect", "script", "refresh", "form"} {
		tab, err := pg.Playwright().ExpectPopup(func() error {
			_, err := pg.Playwright().Evaluate("at => { open(at) }", "/"+how)
			return err
		})
		if err == nil {
			err = tab.Locator("#home").WaitFor()
		}
		if err != nil || pg.Lost() {
			t.Fatalf("a tab, %s: %v, and the session is lost: %v", how, err, pg.Lost())
		}
	}
}
