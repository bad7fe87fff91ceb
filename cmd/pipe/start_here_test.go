package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"

	"pipe/cmd/pipe/internal/app"
)

// searchSpec is a job on a page of which every item's record can be had, one after another.
const searchSpec = `name: search
base_url: ${{ env.SEARCH_URL }}
key: ${{ item.ref }}
pool: {contexts: 1, pages: 1}
timeouts: {step: 3s}
retry: {attempts: 1}
source: {items: [{ref: R-1}, {ref: R-2}, {ref: R-3}, {ref: R-4}, {ref: R-5}]}
navigate:
  home: {url: /search, when: lost}
  steps:
    - fill: {label: Number, value: "${{ item.ref }}"}
    - click: {role: button, name: Find}
    - wait: {selector: "#number", text: "${{ item.ref }}"}
record:
  fields: {price: {text_of: "#price"}}
  to: prices.csv
`

// An item starts where the one before it has ended, and is done again from home, at no
// cost, where that keeps it from coming to a good end.
func TestHomeWhenLost(t *testing.T) {
	t.Parallel()
	needsBrowser(t)
	var homes atomic.Int64
	mux := http.NewServeMux()
	mux.HandleFunc("/search", func(w http.ResponseWriter, _ *http.Request) {
		homes.Add(1)
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		// What R-2 leaves behind keeps the page from finding anything else.
		fmt.Fprint(w, `<!doctype html><title>Search</title><label>Number <input id=ref></label><button onclick="find()">Find</button>
			<p id=number></p><p id=price></p><script>
			let stuck = false;
			async function find() {
				const ref = document.querySelector('#ref').value, price = await (await fetch('/price/' + ref)).text();
				if (stuck) return;
				stuck = ref === 'R-2';
				document.querySelector('#number').textContent = ref;
				document.querySelector('#price').textContent = price;
			}</script>`)
	})
	mux.HandleFunc("/price/{ref}", func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "price of "+r.PathValue("ref")) })
	site := httptest.NewServer(mux)
	t.Cleanup(site.Close)
	j := &job{t: t, dir: t.TempDir(), env: []string{"SEARCH_URL=" + site.URL}}
	j.write("search.yaml", searchSpec)
	has(t, j.pipe(app.ExitDone, "run", "search.yaml", "--json"), `to be done again from navigate.home`, `"done":5`)
	// For the first item, for the one that failed elsewhere, and for the one that came to
	// the page where that had failed.
	if n := homes.Load(); n < 2 || n > 3 {
		t.Errorf("home was opened %d times", n)
	}
	got, err := os.ReadFile(filepath.Join(j.dir, "out", "search", "prices.csv"))
	want := "key,price\nR-1,price of R-1\nR-2,price of R-2\nR-3,price of R-3\nR-4,price of R-4\nR-5,price of R-5\n"
	if err != nil || string(got) != want {
		t.Errorf("the records are %q (%v), want %q", got, err, want)
	}
}
