package steps_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"pipe/steps"
)

func TestRequest(t *testing.T) {
	t.Parallel()
	s := show(t, `<script>document.cookie = 'session=abc'</script>`, "/text", "plain")
	s.do(`evaluate: "document.cookie = 'session=abc'"`)
	api := http.NewServeMux()
	api.HandleFunc("/api", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Total", "7")
		_ = r.ParseForm()
		_, _ = w.Write([]byte(`{"method":"` + r.Method + `","q":"` + r.URL.Query().Get("q") + `","b":"` + r.URL.Query().Get("b") + `","head":"` + r.Header.Get("X-One") +
			`","type":"` + r.Header.Get("Content-Type") + `","form":"` + r.PostForm.Get("name") + `","list":[1,2]}`))
	})
	api.HandleFunc("/wait", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "9")
		w.WriteHeader(http.StatusTooManyRequests)
	})
	other := httptest.NewServer(api)
	t.Cleanup(other.Close)
	s.do(`request: {name: a, url: "`+other.URL+`/api?q=1", query: {b: "${{ item.ref }}"}, headers: {X-One: one}}`,
		`expect: steps.a.status == 200 && steps.a.headers["x-total"] == "7" && steps.a.json.q == "1" && steps.a.json.b == "A1" && steps.a.json.head == "one" && len(steps.a.json.list) == 2 && steps.a.text contains "GET"`,
		`request: {name: f, url: "`+other.URL+`/api", method: POST, form: {name: "${{ item.ref }}"}}`, `expect: steps.f.json.form == "A1" && steps.f.json.method == "POST"`,
		`request: {name: j, url: "`+other.URL+`/api", method: PUT, json: "${{ {'a': item.ref} }}"}`, `expect: steps.j.json.type == "application/json"`,
		`request: {name: t, url: /text}`, `expect: steps.t.text == "plain" && steps.t.json == nil`,
		`request: {name: e, url: "`+other.URL+`/wait", expect: [429]}`, `expect: steps.e.status == 429`)
	var status *steps.StatusError
	if err := s.try(`request: "` + other.URL + `/wait"`); !errors.As(err, &status) || status.Status != 429 || status.RetryAfter.Seconds() != 9 {
		t.Errorf("got %v", err)
	}
	if err := s.try(`request: {url: /text, expect: 204}`); !errors.As(err, &status) || status.Status != 200 {
		t.Errorf("got %v", err)
	}
	spec, err := read("x", `request: /a`, `request: {url: /a, method: DELETE}`)
	if err != nil || steps.Writes(&spec.Navigate.Steps[0]) || !steps.Writes(&spec.Navigate.Steps[1]) {
		t.Errorf("a DELETE writes, a GET does not, %v", err)
	}
}

// The session's cookies go with it, and what the site sets comes back.
func TestRequestCookies(t *testing.T) {
	t.Parallel()
	s := show(t, "")
	if err := s.Page.Context().ClearCookies(); err != nil {
		t.Fatal(err)
	}
	s.do(`evaluate: "document.cookie = 'session=abc'"`)
	s.do(`request: {name: c, url: /cookie}`, `expect: steps.c.text == "session=abc"`)
	s.is("document.cookie.includes('fresh=1')", true)
}
