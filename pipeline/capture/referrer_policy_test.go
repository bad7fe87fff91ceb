package capture

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"pipe/pipeline/session"
	"pipe/steps"
)

// A fetch tells of its page what the browser itself tells, by the policy that the
// page's header or its own words say, on its own origin and on another.
func TestReferrerPolicy(t *testing.T) {
	t.Parallel()
	ctx := limited(t)
	var mu sync.Mutex
	told := map[string]string{}
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/page" {
			mu.Lock()
			told[r.Host[:4]+r.URL.Path] = r.Referer()
			mu.Unlock()
			w.Header().Set("Access-Control-Allow-Origin", "*")
			return
		}
		if policy := r.FormValue("header"); policy != "" {
			w.Header().Set("Referrer-Policy", policy)
		}
		w.Header().Set("Content-Type", "text/html")
		if policy := r.FormValue("meta"); policy != "" {
			fmt.Fprintf(w, `<meta name=referrer content=%q>`, policy)
		}
		fmt.Fprint(w, "<!doctype html><title>page</title>")
	}))
	defer site.Close()
	other := strings.Replace(site.URL, "127.0.0.1", "localhost", 1)
	pg := open(ctx, t, launch(t, "shell", session.Options{BaseURL: site.URL}), 0)
	for _, query := range []string{"a=1", "header=no-referrer", "header=origin", "meta=same-origin", "header=no-referrer&meta=unsafe-url", "header=same-origin,bogus", "meta=never"} {
		if _, err := pg.Playwright().Goto("/page?" + query + "#here"); err != nil {
			t.Fatal(err)
		}
		if _, err := pg.Playwright().Evaluate(`async other => { await fetch('/page-asks'); await fetch(other + '/page-asks'); }`, other); err != nil {
			t.Fatal(err)
		}
		for _, address := range []string{"/file", other + "/file"} {
			d, err := pg.Files().Fetch(ctx, pg.Playwright(), steps.Link{URL: address})
			if err == nil {
				_, err = d.Receive(ctx, io.Discard)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		for _, host := range []string{"127.", "loca"} {
			if page, file := told[host+"/page-asks"], told[host+"/file"]; page != file {
				t.Errorf("%s: the browser tells %s %q, a fetch %q", query, host, page, file)
			}
		}
	}
}
