package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// restlessSpec is a job on a site whose pages go on loading for ever, and are covered by
// a survey a moment after they are there.
const restlessSpec = `name: restless
base_url: ${{ env.RESTLESS_URL }}
key: ${{ item.ref }}
pool: {contexts: 1, pages: 2}
timeouts: {step: 20s}
retry: {attempts: 1}
whenever: {visible: "#survey", do: [{click: {role: button, name: No thanks}}]}
login:
  steps: [{goto: /login}, {fill: {label: User name, value: clerk}}, {click: {role: button, name: Sign in}}]
  success: {visible: "#user"}
  lost: {url: "**/login"}
source:
  table: {goto: /list, rows: li, fields: {ref: {text_of: a}}}
navigate:
  home: /list
  steps: [{click: {role: link, name: "${{ item.ref }}"}}, {click: {role: button, name: Prepare}}]
download:
  - capture: {on: {click: {role: link, name: Download}}, as: "${{ item.ref }}.txt", expect: {contains: "${{ item.ref }}"}}
`

func restlessSite(t *testing.T) *httptest.Server {
	t.Helper()
	const unrest = `<p id=user>clerk</p><iframe src="/never" hidden></iframe>
		<div id=survey style="display:none;position:fixed;inset:0"><button onclick="survey.remove()">No thanks</button></div>
		<script>setTimeout(() => { survey.style.display = 'block'; }, 400)</script>`
	mux := http.NewServeMux()
	page := func(path string, body func(r *http.Request) string) {
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			if _, err := r.Cookie("in"); err != nil && r.URL.Path != "/login" {
				http.Redirect(w, r, "/login", http.StatusFound)
				return
			}
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			fmt.Fprint(w, "<!doctype html><title>Restless</title>"+body(r))
		})
	}
	page("/login", func(*http.Request) string {
		return `<form action=/in><label>User name <input name=user></label><button>Sign in</button></form>` + strings.ReplaceAll(unrest, "id=user", "")
	})
	mux.HandleFunc("/in", func(w http.ResponseWriter, r *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "in", Value: "1", Path: "/"})
		http.Redirect(w, r, "/list", http.StatusFound)
	})
	page("/list", func(*http.Request) string {
		return `<ul><li><a href="/of/R-1">R-1</a><li><a href="/of/R-2">R-2</a><li><a href="/of/R-3">R-3</a></ul>` + unrest
	})
	page("/of/{ref}", func(r *http.Request) string {
		return `<button onclick="setTimeout(() => { file.hidden = false; }, 800)">Prepare</button><a id=file hidden href="/file/` + r.PathValue("ref") + `">Download</a>` + unrest
	})
	mux.HandleFunc("/file/{ref}", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Disposition", "attachment; filename=file.txt")
		w.Header().Set("Content-Type", "text/plain")
		fmt.Fprintln(w, "the file of", r.PathValue("ref"))
	})
	mux.HandleFunc("/never", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	site := httptest.NewServer(mux)
	t.Cleanup(func() {
		site.CloseClientConnections()
		site.Close()
	})
	return site
}

// Pages whose load event never comes, in the login, the source and the items, with a
// survey over each of them: every item has its file, at its first attempt.
func TestRestlessSite(t *testing.T) {
	t.Parallel()
	needsBrowser(t)
	site := restlessSite(t)
	j := &job{t: t, dir: t.TempDir(), env: []string{"RESTLESS_URL=" + site.URL}}
	j.write("restless.yaml", restlessSpec)
	out := j.pipe(0, "run", "restless.yaml")
	for _, ref := range []string{"R-1", "R-2", "R-3"} {
		text, err := os.ReadFile(filepath.Join(j.dir, "out", "restless", "files", ref+".txt"))
		if err != nil || string(text) != "the file of "+ref+"\n" {
			t.Errorf("%s: %q, %v\n%s", ref, text, err, out)
		}
	}
	has(t, out, "of what may show at any moment", `  whenever[0], "#survey": `)
}
