package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"pipe/cmd/pipe/internal/app"
	"pipe/pipeline/practice"
)

// By events that are made in the page the main job comes to the same, and a dry run says
// so beforehand.
func TestScriptInput(t *testing.T) {
	t.Parallel()
	j := newJob(t, practice.Options{Vehicles: 6}, "pool:\n", "pool:\n  input: script\n")
	has(t, j.run(app.ExitDone, "--dry-run"), "pool.input", "the site shows the same for events that are made in the page")
	has(t, j.run(app.ExitDone), totals(6, 6, 0, 0, 0))
	j.whole()
	j.onceEach()
}

// A site that takes no notice of such events is told by a dry run.
func TestScriptInputIsIgnored(t *testing.T) {
	t.Parallel()
	needsBrowser(t)
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, `<!doctype html><title>Wary</title><button>Show</button><p id=price>not yet</p><script>
			document.querySelector('button').onclick = e => { document.querySelector('#price').textContent = e.isTrusted ? '12' : 'none for machines'; };</script>`)
	}))
	t.Cleanup(site.Close)
	j := &job{t: t, dir: t.TempDir(), env: []string{"WARY_URL=" + site.URL}}
	j.write("wary.yaml", `name: wary
base_url: ${{ env.WARY_URL }}
key: ${{ item.ref }}
pool: {input: script}
source: {items: [{ref: W-1}]}
navigate: {home: /, steps: [{click: {role: button, name: Show}}]}
record: {fields: {price: {text_of: "#price"}}, to: prices.csv}
`)
	has(t, j.pipe(app.ExitFailed, "run", "wary.yaml", "--dry-run"), "pool.input", "leave pool.input at trusted", `"record.fields.price none for machines", not "record.fields.price 12"`)
}
