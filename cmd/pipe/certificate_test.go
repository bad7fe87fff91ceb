package main

import (
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"testing"

	"pipe/cmd/pipe/internal/app"
)

// A certificate that is not taken ends the run with the setting's name, wherever it is
// met first: in the list, on an item's page, in a tab, beside the browser.
func TestCertificateEndsRun(t *testing.T) {
	t.Parallel()
	needsBrowser(t)
	strange := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "never") }))
	strange.Config.ErrorLog = log.New(io.Discard, "", 0)
	strange.StartTLS()
	t.Cleanup(strange.Close)
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprintf(w, `<!doctype html><title>List</title><ul><li><a href="%[1]s/a.pdf">A</a></ul><a id=tab target=_blank href="%[1]s/a.pdf">A</a>`, strange.URL)
	}))
	t.Cleanup(site.Close)
	const (
		listed  = `source: {items: [{ref: A}, {ref: B}]}`
		capture = `download: [{capture: {%s, as: "${{ item.ref }}.pdf"}}]`
	)
	for name, parts := range map[string]string{
		"list":               fmt.Sprintf("source: {table: {goto: %s/list, rows: li, fields: {ref: {text_of: a}}}}\n"+capture, strange.URL, `url: "/${{ item.ref }}"`),
		"page":               listed + "\nnavigate: {home: /, steps: [{click: {role: link, name: A, exact: true, nth: 0}}, {wait: \"#never\"}]}\n" + fmt.Sprintf(capture, `url: "/x"`),
		"tab":                listed + "\nnavigate: {home: /}\n" + fmt.Sprintf(capture, `on: {click: "#tab"}`),
		"beside the browser": listed + "\n" + fmt.Sprintf(capture, fmt.Sprintf(`url: "%s/${{ item.ref }}"`, strange.URL)),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			j := &job{t: t, dir: t.TempDir()}
			j.write("x.yaml", fmt.Sprintf("name: x\nbase_url: %s\nkey: ${{ item.ref }}\npool: {contexts: 1, pages: 1}\ntimeouts: {step: 20s}\n%s\n", site.URL, parts))
			has(t, j.pipe(app.ExitEnvironment, "run", "x.yaml"), "browser.context.ca", "certificate is not taken")
		})
	}
}
