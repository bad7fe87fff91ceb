package session

import (
	"fmt"
	"net/http"
	"testing"
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
		"form":    `<form action=/home></form><script>document.forms[0].submit()</script>`,
	} {
		mux.HandleFunc("/sso/"+how+"/login", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			_, _ = fmt.Fprint(w, "<!doctype html>"+page)
		})
	}
	mux.Handle("/sso/redirect/login", http.RedirectHandler("/home", http.StatusFound))
	pool := launch(t, "shell", site.options())
	pg := visit(ctx, t, pool, 0)
	for _, how := range []string{"redirect", "script", "refresh", "form"} {
		mux.Handle("/"+how, http.RedirectHandler("/sso/"+how+"/login", http.StatusFound))
		_, _ = pg.Playwright().Goto("/" + how) // it may be cut short by the next
		if err := pg.Playwright().Locator("#home").WaitFor(); err != nil {
			t.Errorf("%s: %v", how, err)
		}
		if pg.Lost() {
			t.Fatalf("%s: the session is lost", how)
		}
	}
}
