package steps_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// neverLoaded serves pages that have something in them that never comes, until the
// test is over.
func neverLoaded(t *testing.T) string {
	t.Helper()
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		switch r.URL.Path {
		case "/frame":
			fmt.Fprint(w, `<!doctype html><button id=go onclick="this.textContent='gone'">Go</button><iframe src="/never" hidden></iframe>`)
		case "/picture":
			fmt.Fprint(w, `<!doctype html><button id=go onclick="this.textContent='gone'">Go</button><img src="/never">`)
		case "/script":
			fmt.Fprint(w, `<!doctype html><button id=go onclick="this.textContent='gone'">Go</button><script src="/never"></script>`)
		case "/late":
			fmt.Fprint(w, `<!doctype html><p id=p>empty</p><iframe src="/never" hidden></iframe>`)
		default:
			<-r.Context().Done()
		}
	}))
	t.Cleanup(func() {
		site.CloseClientConnections()
		site.Close()
	})
	return site.URL
}

// A page whose load event never comes is gone on with as soon as what comes next has
// been there for a while, or as far as until says.
func TestLoadNever(t *testing.T) {
	t.Parallel()
	site := neverLoaded(t)
	s := show(t, "home")
	for _, path := range []string{"/frame", "/picture", "/script"} {
		s.quick(func() { s.do("goto: "+site+path, "click: '#go'") })
		s.is("document.querySelector('#go').textContent", "gone")
	}
	t.Run("a hash of it", func(*testing.T) {
		s.quick(func() {
			s.do(`evaluate: "addEventListener('hashchange', () => document.querySelector('#go').textContent = location.hash)"`,
				"goto: "+site+"/script#two", `wait: {selector: "#go", text: "#two"}`)
		})
	})
	t.Run("until", func(*testing.T) {
		s.quick(func() {
			s.do("goto: {url: "+site+"/late, until: domcontentloaded}", "evaluate: 1")
			s.do("goto: {url: "+site+"/late, until: commit}", "wait: '#p'")
			s.do("goto: {url: "+site+"/late, until: {visible: '#p'}}", "evaluate: 1")
			s.do("goto: {url: "+site+"/late, until: {state: domcontentloaded, visible: '#p'}}", "evaluate: 1")
			s.do("tab: {url: "+site+"/late, do: [{wait: '#p'}]}", "tab: {url: "+site+"/late, until: commit, do: [{evaluate: 1}]}")
		})
	})
	t.Run("nothing shows that it can be used", func(*testing.T) {
		s.StepTimeout = time.Second
		s.fails("load has not come", "goto: "+site+"/late", "evaluate: 1")
		s.fails("load has not come", "goto: "+site+"/late", "click: '#absent'")
		s.fails("load has not come", "goto: {url: "+site+"/frame, until: load}", "click: '#go'")
		s.fails("networkidle has not come", "goto: {url: "+site+"/frame, until: networkidle}", "click: '#go'")
		s.fails("opening", "goto: "+site+"/never", "click: '#go'")
	})
}
