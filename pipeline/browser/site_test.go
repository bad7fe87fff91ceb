package browser

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"
)

// files is a small site that delivers one file in many ways. It counts how
// often it produces each.
type files struct {
	*httptest.Server
	mu       sync.Mutex
	produced map[string]int
	// slow is how long the site takes to produce a file.
	slow time.Duration
}

const home = `<!doctype html><title>files</title>
<button id=open onclick="window.open('/file?id=open-%[1]s')">open</button>
<form method=post target=_blank action="/file?id=post-%[1]s"><input name=x value=y><button id=post>post</button></form>
<a id=noopener target=_blank rel=noopener href="/file?id=noopener-%[1]s">noopener</a>
<button id=blank onclick="var w=window.open('about:blank');setTimeout(()=>w.location='/file?id=blank-%[1]s',50)">blank</button>
<a id=redirect target=_blank href="/moved?id=redirect-%[1]s">redirect</a>
<a id=here href="/file?id=here-%[1]s">in this tab</a>
<a id=attached href="/file?attach=1&id=attached-%[1]s">attached</a>
<a id=save download=x.pdf href="/file?id=save-%[1]s">save</a>
<button id=blob onclick="let a=document.createElement('a');a.download='b.pdf';a.href=window.URL.createObjectURL(new Blob(['%%PDF-1.4 blob-%[1]s']));a.click()">blob</button>
<button id=shut onclick="let w=window.open('about:blank');setTimeout(()=>w.close(),50)">shut</button>
<a id=broken target=_blank href="/file?cut=1&id=broken-%[1]s">broken</a>
<a id=gone target=_blank href="/gone">gone</a>
<a id=tomorrow target=_blank href="/later">later</a>
<a id=lost target=_blank href="/void">lost</a>
<a id=page href="/other">a page</a>`

func newFiles(t testing.TB) *files {
	f := &files{produced: map[string]int{}}
	mux := http.NewServeMux()
	mux.HandleFunc("/{$}", func(w http.ResponseWriter, r *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "sid", Value: "abc", HttpOnly: true})
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprintf(w, home, r.URL.Query().Get("n"))
	})
	mux.HandleFunc("/file", f.file)
	mux.HandleFunc("/moved", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/file?"+r.URL.RawQuery, http.StatusFound)
	})
	mux.HandleFunc("/void", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/login", http.StatusFound) })
	mux.HandleFunc("/login", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "log in") })
	mux.HandleFunc("/other", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, "<h1>another page</h1>")
	})
	mux.HandleFunc("/later", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "7")
		http.Error(w, "slow down", http.StatusTooManyRequests)
	})
	f.Server = httptest.NewServer(mux)
	t.Cleanup(f.Close)
	return f
}

func (f *files) file(w http.ResponseWriter, r *http.Request) {
	id := r.URL.Query().Get("id")
	f.mu.Lock()
	f.produced[id]++
	f.mu.Unlock()
	if c, err := r.Cookie("sid"); err != nil || c.Value != "abc" {
		http.Error(w, "no session", http.StatusForbidden)
		return
	}
	time.Sleep(f.slow)
	body := content(id)
	w.Header().Set("Content-Type", "application/pdf")
	w.Header().Set("Content-Length", fmt.Sprint(len(body)))
	if r.URL.Query().Has("attach") {
		w.Header().Set("Content-Disposition", `attachment; filename="site.pdf"`)
	}
	if r.URL.Query().Has("cut") {
		body = body[:len(body)/2]
	}
	_, _ = w.Write(body)
}

// content is the file of an id: over one chunk, and its own.
func content(id string) []byte {
	body := []byte("%PDF-1.4 " + id + "\n")
	for i := range 90_000 {
		body = fmt.Appendf(body, "line %d of %s\n", i, id)
	}
	return body
}

func (f *files) count(id string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.produced[id]
}
