package capture

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/playwright-community/playwright-go"

	"pipe/pipeline/client"
	"pipe/pipeline/session"
	"pipe/steps"
)

// What the spec says of a context's requests, and what a site has asked the browser
// for, goes with both.
func TestWindowHasTheContextsOwn(t *testing.T) {
	t.Parallel()
	for kind := range browsers() {
		t.Run(kind, func(t *testing.T) {
			ctx := limited(t)
			site := exactSite(t)
			site.gate = func(head string) string {
				if strings.Contains(head, "Host: localhost") || strings.Contains(head, "Authorization: Basic") {
					return ""
				}
				return rawAnswer(401, "", `WWW-Authenticate: Basic realm="x"`)
			}
			locale := "de-DE"
			pool := launch(t, kind, session.Options{Context: func(int, int) (client.ContextOptions, error) {
				return client.ContextOptions{
					Headers: client.Headers{Values: map[string]string{"X-Key": "k1", "Accept": "text/x"}, Origins: []string{site.URL}, Mark: "m"},
					BrowserNewContextOptions: playwright.BrowserNewContextOptions{
						Locale: &locale, HttpCredentials: &playwright.HttpCredentials{Username: "me", Password: "mine", Origin: &site.URL},
					},
				}, nil
			}})
			pg := open(ctx, t, pool, 0)
			tabs := countTabs(pg)
			site.round(ctx, t, pg, "link")
			site.round(ctx, t, pg, "link") // what has no tab is asked for the credentials once, too
			for _, way := range []string{"open", "post", "movedfar"} {
				byTab := site.round(ctx, t, pg, way)
				tabs()
				without := site.round(ctx, t, pg, way)
				if n := tabs(); n != 0 {
					t.Errorf("%s: %d tabs were opened for the second file", way, n)
				}
				// The order of headers that are put on is the browser's no more.
				for _, all := range [][]string{byTab, without} {
					for i, one := range all {
						lines := strings.Split(one, "\n")
						slices.Sort(lines)
						all[i] = strings.Join(lines, "\n")
					}
				}
				if !slices.Equal(byTab, without) {
					t.Errorf("%s: the site was asked by the tab\n%s\nand without\n%s", way, strings.Join(byTab, "\n"), strings.Join(without, "\n"))
				}
			}
		})
	}
}

// Over TLS, with either version of HTTP, the headers are the same.
func TestWindowOverTLS(t *testing.T) {
	t.Parallel()
	ctx := limited(t)
	for _, second := range []bool{false, true} {
		t.Run(fmt.Sprint(second), func(t *testing.T) {
			var mu sync.Mutex
			var said []string
			site := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				switch r.URL.Path {
				case "/page":
					http.SetCookie(w, &http.Cookie{Name: "sid", Value: "1", Secure: true, HttpOnly: true})
					w.Header().Set("Content-Type", "text/html; charset=utf-8")
					w.Header().Set("Accept-CH", "Sec-CH-UA-Arch")
					_, _ = fmt.Fprint(w, windowed[r.URL.RawQuery])
				case "/file":
					mu.Lock()
					defer mu.Unlock()
					line := []string{r.Proto, r.Method}
					for name, values := range r.Header {
						line = append(line, name+": "+strings.Join(values, "|"))
					}
					slices.Sort(line[2:])
					said = append(said, strings.Join(line, "\n"))
					w.Header().Set("Content-Type", "application/pdf")
					_, _ = fmt.Fprint(w, "%PDF-1.4 x")
				}
			}))
			site.EnableHTTP2 = second
			site.StartTLS()
			defer site.Close()
			pool := launch(t, "shell", session.Options{Context: func(int, int) (client.ContextOptions, error) {
				return client.ContextOptions{BrowserNewContextOptions: playwright.BrowserNewContextOptions{IgnoreHttpsErrors: playwright.Bool(true)}}, nil
			}})
			pg := open(ctx, t, pool, 0)
			tabs := countTabs(pg)
			for _, way := range []string{"open", "post"} {
				for range 2 {
					tabs()
					if _, err := pg.Playwright().Goto(site.URL + "/page?" + way); err != nil {
						t.Fatal(err)
					}
					d, err := clicked(ctx, pg, "#go", steps.CaptureOptions{Kind: "pdf", Step: way})
					if err != nil {
						t.Fatal(err)
					}
					var got bytes.Buffer
					if _, err := d.Receive(ctx, &got); err != nil || got.String() != "%PDF-1.4 x" {
						t.Fatalf("got %q, %v", got.String(), err)
					}
				}
				if n := tabs(); n != 0 {
					t.Errorf("%s: %d tabs were opened for the second file", way, n)
				}
				if len(said) != 2 || said[0] != said[1] {
					t.Errorf("%s: the site was asked\n%s", way, strings.Join(said, "\n\n"))
				}
				said = nil
			}
		})
	}
}
