package capture

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"pipe/pipeline"
	"pipe/pipeline/artifact"
	"pipe/pipeline/session"
	"pipe/steps"
)

// neverLoaded are documents of which something never comes, by their names.
var neverLoaded = map[string]string{
	"frame":    `<p>Report of A1</p><iframe src=/never></iframe>`,
	"picture":  `<p>Report of A1</p><img src=/never>`,
	"script":   `<p>Report of A1</p><script defer src=/never></script>`,
	"later":    `<p id=p></p><iframe src=/never></iframe><script>setTimeout(() => p.textContent = 'Report of A1', 300)</script>`,
	"blocking": `<p>Report</p><script src=/never></script><p>of A1</p>`,
}

func newNeverSite(t *testing.T) *httptest.Server {
	t.Helper()
	over := make(chan struct{})
	mux := http.NewServeMux()
	mux.HandleFunc("/never", func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-over:
		case <-r.Context().Done():
		}
	})
	mux.HandleFunc("/{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		for name := range neverLoaded {
			fmt.Fprintf(w, "<a id=%s target=_blank href=/page/%[1]s>%[1]s</a> <a id=%[1]s-here href=/page/%[1]s>%[1]s</a> ", name)
		}
		fmt.Fprint(w, `<button id=written onclick="window.open('').document.write('<p>Report of A1')">written, and never closed</button>`)
	})
	mux.HandleFunc("/page/{name}", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, "<!doctype html><body>"+neverLoaded[r.PathValue("name")])
	})
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	t.Cleanup(func() { close(over) })
	return s
}

// A document whose load event never comes is printed once it is all there, and still.
func TestPrintLoadNever(t *testing.T) {
	t.Parallel()
	site := newNeverSite(t)
	pool := launch(t, "shell", session.Options{})
	store, err := artifact.Open(t.Context(), t.TempDir(), artifact.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	pg := open(limited(t), t, pool, 0)
	for _, c := range []struct{ link, fails string }{
		{"frame", ""},
		{"frame-here", ""},
		{"picture", ""},
		{"script-here", ""},
		{"later", ""},
		{"written", ""},
		{"blocking", "not all there to be printed: it waits for the script at http"},
		{"blocking-here", "not all there to be printed"},
	} {
		t.Run(c.link, func(t *testing.T) {
			ctx := limited(t)
			file, err := printQuietly(ctx, pg, site.URL, c.link)
			if c.fails != "" {
				if err == nil || !strings.Contains(err.Error(), c.fails) {
					t.Errorf("got %v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			staged, err := store.Create(ctx)
			if err != nil {
				t.Fatal(err)
			}
			defer staged.Discard()
			if _, err := staged.Write(file); err != nil {
				t.Fatal(err)
			}
			if _, err := store.Prove(ctx, staged, pipeline.Expectation{Type: "pdf", Contains: []string{"Report of A1"}}); err != nil {
				t.Error(err)
			}
		})
	}
}

func printQuietly(ctx context.Context, pg pipeline.Page, site, link string) ([]byte, error) {
	if _, err := pg.Playwright().Goto(site); err != nil {
		return nil, err
	}
	how := map[string]any{"paperWidth": 8.27, "paperHeight": 11.7}
	pending, err := pg.Files().Listen(ctx, pg.Playwright(), steps.CaptureOptions{Kind: "pdf", Print: how, Quiet: time.Second})
	if err != nil {
		return nil, err
	}
	defer pending.Close()
	if err := pg.Playwright().Locator("#" + link).Click(); err != nil {
		return nil, err
	}
	d, err := pending.Wait(ctx)
	if err != nil {
		return nil, err
	}
	var got bytes.Buffer
	_, err = d.Receive(ctx, &got)
	return got.Bytes(), err
}
