package capture

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"pipe/pipeline/session"
	"pipe/steps"
)

// helperPages open a tab that closes itself, and have the file come otherwise.
var helperPages = map[string]string{
	"script": `fetch('/late').then(r => r.blob())`,
	"link":   `const a = document.createElement('a'); a.href = '/late?attach'; document.body.append(a); a.click()`,
	"frame":  `const f = document.createElement('iframe'); f.src = '/late'; document.body.append(f)`,
	"tab":    `const w = open('about:blank'); fetch('/beat').then(() => w.location = '/late')`,
}

// A helper tab that closes itself ends no wait for a file that the page, or another
// tab, is still about to bring, however long the site takes.
func TestHelperTabCloses(t *testing.T) {
	t.Parallel()
	const file = "%PDF-1.4 the file"
	late := func(r *http.Request) {
		select {
		case <-time.After(2*tabGrace + quietFor): // slower does no harm
		case <-r.Context().Done():
		}
	}
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/late":
			late(r)
			w.Header().Set("Content-Type", "application/pdf")
			if r.URL.RawQuery == "attach" {
				w.Header().Set("Content-Disposition", "attachment; filename=x.pdf")
			}
			_, _ = w.Write([]byte(file))
		case "/beat":
			late(r)
		default:
			w.Header().Set("Content-Type", "text/html")
			fmt.Fprintf(w, `<button id=go>go</button><script>document.getElementById('go').onclick = () => { const h = open('about:blank'); h.close(); %s }</script>`, helperPages[r.URL.Path[1:]])
		}
	}))
	t.Cleanup(site.Close)
	ctx := limited(t)
	pool := launch(t, "shell", session.Options{Pages: len(helperPages)})
	worker := 0
	for way := range helperPages {
		pg := open(ctx, t, pool, worker)
		worker++
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			ctx := limited(t) // its turn may come late
			if _, err := pg.Playwright().Goto(site.URL + "/" + way); err != nil {
				t.Fatal(err)
			}
			pending, err := pg.Files().Listen(ctx, pg.Playwright(), steps.CaptureOptions{Kind: "pdf"})
			if err != nil {
				t.Fatal(err)
			}
			defer pending.Close()
			if err := pg.Playwright().Locator("#go").Click(); err != nil {
				t.Fatal(err)
			}
			d, err := pending.Wait(ctx)
			if err != nil {
				t.Fatal(err)
			}
			var got bytes.Buffer
			if _, err := d.Receive(ctx, &got); err != nil || got.String() != file {
				t.Errorf("got %q, %v", got.String(), err)
			}
		})
	}
}
