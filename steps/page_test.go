package steps_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"pipe/pipeline"
	"pipe/specs"
	"pipe/specs/expr"
	"pipe/steps"
)

// testPage is a page that shows some HTML, and what steps did there.
type testPage struct {
	*steps.StepContext
	t    *testing.T
	ctx  context.Context
	page pipeline.Page
	url  string
	dir  string
}

// show opens a page of its own with the HTML as its body. The addresses that
// routes name answer with those texts.
func show(t *testing.T, body string, routes ...string) *testPage {
	t.Helper()
	needsBrowser(t)
	mux := http.NewServeMux()
	mux.HandleFunc("/{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, "<!doctype html><title>stage</title><body>"+body)
	})
	for i := 0; i < len(routes); i += 2 {
		mux.HandleFunc(routes[i], func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			fmt.Fprint(w, routes[i+1])
		})
	}
	mux.HandleFunc("/slow", func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-time.After(300 * time.Millisecond):
		case <-r.Context().Done():
		}
		fmt.Fprint(w, "slow")
	})
	mux.HandleFunc("/cookie", func(w http.ResponseWriter, r *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "fresh", Value: "1", Path: "/"})
		fmt.Fprint(w, r.Header.Get("Cookie"))
	})
	mux.HandleFunc("/referer", func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "from "+r.Referer()) })
	mux.HandleFunc("/broken", func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "broken", http.StatusBadGateway) })
	site := httptest.NewServer(mux)
	t.Cleanup(site.Close)
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	t.Cleanup(cancel)
	page, err := pool.Open(ctx, contextOf(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(page.Discard)
	s := &testPage{t: t, ctx: ctx, page: page, url: site.URL, dir: t.TempDir()}
	s.StepContext = &steps.StepContext{
		Page: page.Playwright(), Files: page.Files(), Turn: page.Turn(), ScreenshotDir: s.dir, StepTimeout: 20 * time.Second, CaptureTimeout: 40 * time.Second,
		Values: expr.Values{"item": map[string]any{"ref": "A1"}, "env": map[string]any{"SITE": site.URL}},
	}
	t.Cleanup(s.StopDialogs)
	if _, err := s.Page.Goto(site.URL); err != nil {
		t.Fatal(err)
	}
	return s
}

// try runs steps as a spec would have them, one to a line.
func (s *testPage) try(lines ...string) error {
	s.t.Helper()
	spec, err := read(s.url, lines...)
	if err != nil {
		s.t.Fatalf("%v", err)
	}
	return s.Run(s.ctx, spec.Navigate.Steps)
}

func read(url string, lines ...string) (*specs.Spec, error) {
	src := "name: x\nkey: ${{ item.ref }}\nsource: {items: [{ref: A1}]}\nnavigate:\n  steps:\n    - " +
		strings.Join(lines, "\n    - ") + "\n"
	return specs.Parse("stage.yaml", []byte(src), specs.Options{
		Verbs: steps.Verbs(), Env: func(string) (string, bool) { return url, true },
	})
}

// do is try that must go well.
func (s *testPage) do(lines ...string) {
	s.t.Helper()
	if err := s.try(lines...); err != nil {
		s.t.Fatalf("%s: %v", strings.Join(lines, "; "), err)
	}
}

// fails wants steps to fail with a text.
func (s *testPage) fails(want string, lines ...string) {
	s.t.Helper()
	err := s.try(lines...)
	if err == nil || !strings.Contains(err.Error(), want) {
		s.t.Errorf("%s: got %v, want %q", strings.Join(lines, "; "), err, want)
	}
}

// is wants a JavaScript expression to have a value.
func (s *testPage) is(script string, want any) {
	s.t.Helper()
	got, err := s.Page.Evaluate(script)
	if err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
		s.t.Errorf("%s is %v (%v), want %v", script, got, err, want)
	}
}

// quick wants steps to end without waiting until a step's time is up.
func (s *testPage) quick(f func()) {
	s.t.Helper()
	began := time.Now()
	f()
	if took := time.Since(began); took >= s.StepTimeout {
		s.t.Errorf("it took %v, as long as one step may", took)
	}
}

func target(selector string) specs.Target {
	spec, err := read("", "click: "+selector)
	if err != nil {
		panic(err)
	}
	return spec.Navigate.Steps[0].Do.(*steps.Click).Target
}
