package file

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"pipe/pipeline"
)

// A source's headers go to its own origin and those that the spec names: along no
// redirect, to no host that a sitemap lists.
func TestHeadersOfSources(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	leaked := map[string]string{}
	note := func(who string, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		leaked[who+r.URL.Path] = r.Header.Get("X-Key") + r.Header.Get("Authorization") + r.Referer()
	}
	list := func(host, to string) string {
		return `<sitemapindex><sitemap><loc>` + host + to + `</loc></sitemap></sitemapindex>`
	}
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		note("other", r)
		if r.URL.Path == "/list.csv" {
			fmt.Fprint(w, "a\n1\n")
			return
		}
		fmt.Fprint(w, `<urlset><url><loc>https://x.test/</loc></url></urlset>`)
	}))
	defer other.Close()
	var own *httptest.Server
	own = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		note("own", r)
		switch r.URL.Path {
		case "/moved.csv":
			http.Redirect(w, r, other.URL+"/list.csv", http.StatusFound)
		case "/sitemap.xml":
			fmt.Fprint(w, strings.Replace(list(other.URL, "/theirs.xml"), "</sitemapindex>", strings.TrimPrefix(list(own.URL, "/ours.xml"), "<sitemapindex>"), 1))
		default:
			fmt.Fprint(w, `<urlset><url><loc>https://y.test/</loc></url></urlset>`)
		}
	}))
	defer own.Close()
	headers := map[string]string{"X-Key": "key", "Authorization": "token"}
	read := func(at pipeline.Table) {
		t.Helper()
		at.Headers = headers
		n := 0
		for _, err := range Read(t.Context(), at) {
			if n++; err != nil {
				t.Errorf("%s: %v", at.Path, err)
			}
		}
		if n == 0 {
			t.Errorf("%s: no rows", at.Path)
		}
	}
	read(pipeline.Table{Format: "csv", Path: own.URL + "/moved.csv?secret=1"})
	read(pipeline.Table{Format: "sitemap", Path: own.URL + "/sitemap.xml"})
	for what, want := range map[string]string{
		"own/moved.csv": "keytoken", "own/sitemap.xml": "keytoken", "own/ours.xml": "keytoken", "other/list.csv": "", "other/theirs.xml": "",
	} {
		if got, asked := leaked[what]; got != want || !asked {
			t.Errorf("%s: asked %v, with %q, want %q", what, asked, got, want)
		}
	}
	read(pipeline.Table{Format: "csv", Path: own.URL + "/moved.csv", Origins: []string{other.URL}})
	if got := leaked["other/list.csv"]; got != "keytoken" {
		t.Errorf("an origin that the spec names has %q", got)
	}
}

// A site that says when to ask again is asked then, and told of at once when that is
// later than a source may take.
func TestRetryAfterOfSources(t *testing.T) {
	t.Parallel()
	var asked []time.Time
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		after := "7200"
		if r.URL.Path == "/soon" {
			after = "3"
			if asked = append(asked, time.Now()); len(asked) > 1 {
				fmt.Fprint(w, `[{"a": 1}]`)
				return
			}
		}
		w.Header().Set("Retry-After", after)
		http.Error(w, "slower", http.StatusTooManyRequests)
	}))
	defer site.Close()
	table := pipeline.Table{Format: "json", Path: site.URL + "/soon", Limit: time.Minute}
	if rows, errs := readTable(t, table); len(rows) != 1 || len(errs) > 0 || asked[1].Sub(asked[0]) < 3*time.Second {
		t.Errorf("rows %v, errors %q, asked at %v", rows, errs, asked)
	}
	table.Path = site.URL + "/later"
	_, errs := readTable(t, table)
	if want := "the answer is 429 Too Many Requests, and asks to wait for 2h0m0s: longer than timeouts.source allows"; len(errs) != 1 || !strings.HasSuffix(errs[0], want) {
		t.Errorf("errors %q, want %q", errs, want)
	}
}
