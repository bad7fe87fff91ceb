package steps_test

import (
	"errors"
	"testing"

	"pipe/steps"
)

func TestGoto(t *testing.T) {
	t.Parallel()
	s := show(t, "home", "/next", "next")
	s.do(`goto: "${{ env.SITE }}/next"`)
	s.is("location.pathname", "/next")
	s.do(`goto: {url: "${{ env.SITE }}/", until: domcontentloaded}`)
	s.is("document.body.textContent", "home")
	err := s.try(`goto: "${{ env.SITE }}/broken"`)
	var status *steps.StatusError
	if !errors.As(err, &status) || status.Status != 502 {
		t.Errorf("got %v", err)
	}
	s.fails("opening", `goto: "http://127.0.0.1:1/"`)
}

// An address that differs after its # alone is the page's own matter where it listens
// for it; otherwise, and where the address is the one that it has, it is loaded anew.
func TestGotoHash(t *testing.T) {
	t.Parallel()
	routed := func(listen string) string {
		return `<!doctype html><p id=p></p><script>window.loads = Date.now() + Math.random(); const show = () => { p.textContent = location.hash; };` +
			listen + `; show()</script>`
	}
	for name, c := range map[string]struct {
		listen string
		anew   bool
	}{
		"hashchange":  {"addEventListener('hashchange', show)", false},
		"popstate":    {"addEventListener('popstate', show)", false},
		"on":          {"onhashchange = show", false},
		"at its load": {"", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := show(t, "home", "/app", routed(c.listen))
			mark := func() { s.do(`evaluate: "window.mark = 1"`) }
			s.quick(func() {
				s.do(`goto: "${{ env.SITE }}/app#/one"`, `wait: {selector: "#p", text: "#/one"}`)
				mark()
				s.do(`goto: "${{ env.SITE }}/app#/two"`, `wait: {selector: "#p", text: "#/two"}`)
				s.is("!window.mark", c.anew)
				mark()
				s.do(`goto: "${{ env.SITE }}/app#/two"`, `wait: {selector: "#p", text: "#/two"}`)
				s.is("!window.mark", true)
				mark()
				s.do(`goto: {url: "${{ env.SITE }}/app#/three", fresh: true}`, `wait: {selector: "#p", text: "#/three"}`)
				s.is("!window.mark", true)
				mark()
				s.do(`goto: "${{ env.SITE }}/app"`)
				mark()
				s.do(`goto: "${{ env.SITE }}/app"`)
				s.is("!window.mark", true)
			})
		})
	}
}
