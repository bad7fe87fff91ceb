package capture

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"pipe/pipeline/session"
	"pipe/steps"
)

// sent notes what cookies each address was asked for with.
type sent struct {
	mu sync.Mutex
	by map[string]string
}

func (a *sent) note(r *http.Request) {
	pairs := strings.Split(r.Header.Get("Cookie"), "; ")
	slices.Sort(pairs)
	a.mu.Lock()
	defer a.mu.Unlock()
	a.by[r.URL.Path] = strings.Join(pairs, "; ")
}

// A fetch sends the cookies that the browser would send, byte for byte; those
// that the site sets in return are the browser's.
func TestFetchCookies(t *testing.T) {
	t.Parallel()
	ctx := limited(t)
	a := &sent{by: map[string]string{}}
	mux := http.NewServeMux()
	mux.HandleFunc("/set", func(w http.ResponseWriter, _ *http.Request) {
		for _, line := range []string{
			"plain=1", `json={"a":"b, c"}`, `quoted="x y"; Path=/`, "deep=1; Path=/deep", "safe=1; Secure; HttpOnly", "own=1; Path=/; SameSite=Strict", "gone=1; Path=/",
		} {
			w.Header().Add("Set-Cookie", line)
		}
		fmt.Fprint(w, "<!doctype html>set")
	})
	mux.HandleFunc("/renew", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("Set-Cookie", `plain="2"; Path=/; HttpOnly`)
		w.Header().Add("Set-Cookie", "gone=; Path=/; Max-Age=0")
		w.Header().Add("Set-Cookie", "here=1; Max-Age=600")
		http.Redirect(w, r, "/deep/renewed", http.StatusFound)
	})
	mux.HandleFunc("/", func(_ http.ResponseWriter, r *http.Request) { a.note(r) })
	site := httptest.NewServer(mux)
	defer site.Close()
	pg := open(ctx, t, launch(t, "shell", session.Options{BaseURL: site.URL}), 0)
	visit := func(path string) {
		t.Helper()
		if _, err := pg.Playwright().Goto(path); err != nil {
			t.Fatal(err)
		}
	}
	fetch := func(path string) {
		t.Helper()
		d, err := pg.Files().Fetch(ctx, pg.Playwright(), steps.Link{URL: path})
		if err == nil {
			_, err = d.Receive(ctx, io.Discard)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	visit("/set")
	same := func(page, file, want string) {
		t.Helper()
		visit(page)
		fetch(file)
		of, got := a.by[page], a.by[file]
		if of != got || !strings.Contains(got, want) {
			t.Errorf("a page sends %q, a fetch %q: want both, with %q", of, got, want)
		}
	}
	same("/a", "/b", `json={"a":"b, c"}; own=1; plain=1; quoted="x y"; safe=1`)
	same("/deep/a", "/deep/b", "deep=1")
	// Elsewhere they are nobody's business.
	elsewhere := strings.Replace(site.URL, "127.0.0.1", "localhost", 1)
	fetch(elsewhere + "/c")
	if got := a.by["/c"]; got != "" {
		t.Errorf("another host is told %q", got)
	}
	fetch("/renew")
	if got := a.by["/deep/renewed"]; !strings.Contains(got, `plain="2"`) || strings.Contains(got, "gone") {
		t.Errorf("after a redirect it sends %q", got)
	}
	visit("/d")
	if got := a.by["/d"]; !strings.Contains(got, `plain="2"`) || strings.Contains(got, "gone") || !strings.Contains(got, "here=1") {
		t.Errorf("the browser did not learn of the cookies: it sends %q", got)
	}
}
