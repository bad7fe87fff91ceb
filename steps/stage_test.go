package steps_test

import (
	"context"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"pipe/pipeline"
	"pipe/pipeline/browser"
	"pipe/pipeline/capture"
	"pipe/pipeline/provision"
	"pipe/pipeline/session"
	"pipe/specs"
	"pipe/specs/expr"
	"pipe/steps"
)

// pool is the browser of all tests here.
var pool *session.Pool

func TestMain(m *testing.M) {
	flag.Parse()
	if testing.Short() {
		os.Exit(m.Run())
	}
	code, err := inBrowser(m.Run)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func inBrowser(run func() int) (int, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 15*time.Minute)
	defer cancel()
	rt, err := provision.Ensure(ctx, provision.Options{Say: func(line string) { fmt.Fprintln(os.Stderr, line) }})
	if err != nil {
		return 0, err
	}
	downloads, err := os.MkdirTemp("", "pipe-steps-*")
	if err != nil {
		return 0, err
	}
	defer func() { _ = os.RemoveAll(downloads) }()
	captures := capture.New(nil)
	pool, err = session.Launch(ctx, session.Options{
		Browser: browser.Options{DriverDir: rt.DriverDir, Node: rt.Node, Executable: rt.Browser, Downloads: downloads, Extension: captures},
		Capture: func(ctx context.Context, page *browser.Page, lent *session.Page) (session.Capture, error) {
			return captures.Attach(ctx, page, lent)
		},
	})
	if err != nil {
		return 0, err
	}
	code := run()
	if err := pool.Close(ctx); err != nil || code != 0 {
		return code, err
	}
	return code, goleak.Find()
}

// stage is a page that shows some HTML, and what steps did there.
type stage struct {
	*steps.StepContext
	t    *testing.T
	ctx  context.Context
	page pipeline.Page
	url  string
	dir  string
}

// needsBrowser skips a test under -short, which is for use while editing.
func needsBrowser(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("needs a browser")
	}
}

// show opens a page of its own with the HTML as its body. The addresses that
// routes name answer with those texts.
func show(t *testing.T, body string, routes ...string) *stage {
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
	mux.HandleFunc("/broken", func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "broken", http.StatusBadGateway) })
	site := httptest.NewServer(mux)
	t.Cleanup(site.Close)
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	t.Cleanup(cancel)
	page, err := pool.Open(ctx, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(page.Discard)
	s := &stage{t: t, ctx: ctx, page: page, url: site.URL, dir: t.TempDir()}
	s.StepContext = &steps.StepContext{
		Page: page.Playwright(), Files: page.Files(), ScreenshotDir: s.dir, StepTimeout: 20 * time.Second, CaptureTimeout: 40 * time.Second,
		Values: expr.Values{"item": map[string]any{"ref": "A1"}, "env": map[string]any{"SITE": site.URL}},
	}
	t.Cleanup(s.StopDialogs)
	if _, err := s.Page.Goto(site.URL); err != nil {
		t.Fatal(err)
	}
	return s
}

// try runs steps as a spec would have them, one to a line.
func (s *stage) try(lines ...string) error {
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
func (s *stage) do(lines ...string) {
	s.t.Helper()
	if err := s.try(lines...); err != nil {
		s.t.Fatalf("%s: %v", strings.Join(lines, "; "), err)
	}
}

// fails wants steps to fail with a text.
func (s *stage) fails(want string, lines ...string) {
	s.t.Helper()
	err := s.try(lines...)
	if err == nil || !strings.Contains(err.Error(), want) {
		s.t.Errorf("%s: got %v, want %q", strings.Join(lines, "; "), err, want)
	}
}

// is wants a JavaScript expression to have a value.
func (s *stage) is(script string, want any) {
	s.t.Helper()
	got, err := s.Page.Evaluate(script)
	if err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
		s.t.Errorf("%s is %v (%v), want %v", script, got, err, want)
	}
}

// quick wants steps to end without waiting until a step's time is up.
func (s *stage) quick(f func()) {
	s.t.Helper()
	began := time.Now()
	f()
	if took := time.Since(began); took >= s.StepTimeout {
		s.t.Errorf("it took %v, as long as one step may", took)
	}
}
