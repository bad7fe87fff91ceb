package main

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"testing"

	"pipe/pipeline/practice"
)

// connections are those to a site, by what was asked on them.
type connections struct {
	mu      sync.Mutex
	pages   map[string]int
	reports map[string]int
}

// watch stands before a site and notes what is asked on each connection.
func watch(t *testing.T, at string) (*connections, string) {
	t.Helper()
	to, err := url.Parse(at)
	if err != nil {
		t.Fatal(err)
	}
	c := &connections{pages: map[string]int{}, reports: map[string]int{}}
	pass := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(to)
		r.Out.Host = r.In.Host
	}}
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.mu.Lock()
		if strings.HasPrefix(r.URL.Path, "/GetPdfReport") {
			c.reports[r.RemoteAddr]++
		} else {
			c.pages[r.RemoteAddr]++
		}
		c.mu.Unlock()
		pass.ServeHTTP(w, r)
	}))
	t.Cleanup(front.Close)
	return c, front.URL
}

// byBrowser is how many reports were asked for on connections of the browser, which
// has some for its pages that are idle.
func (c *connections) byBrowser() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := 0
	for from, reports := range c.reports {
		if c.pages[from] > 0 {
			n += reports
		}
	}
	return n
}

// The first report comes by its tab, the others beside the browser, by whichever
// window the page opens for them: each is made once.
func TestReportsWithoutTabs(t *testing.T) {
	t.Parallel()
	for _, way := range []string{"popup", "post"} {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			const vehicles = 6
			j := newJob(t, practice.Options{Vehicles: vehicles, Delivery: way}, append(straight(t), "contexts: 2", "contexts: 1", "pages: 2", "pages: 1")...)
			seen, front := watch(t, j.site.URL())
			j.env = append(j.env, "INVENTORY_URL="+front)
			has(t, j.run(0), "6 of 6 done")
			for _, v := range j.site.Vehicles() {
				if n := j.site.Counts().Produced[v.Reference]; n != 1 {
					t.Errorf("the report of %s was made %d times", v.Reference, n)
				}
			}
			if n := seen.byBrowser(); n != 1 {
				t.Errorf("%d reports came by the browser, want the first alone", n)
			}
		})
	}
}
