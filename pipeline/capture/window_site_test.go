package capture

import (
	"bytes"
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"pipe/pipeline"
	"pipe/steps"
)

// besideSite answers for a file what a test says.
type besideSite struct {
	*rawSite
	mu    sync.Mutex
	pages map[string]string
	now   string
}

func (s *besideSite) answer(now string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = now
}

var rawPDF = rawAnswer(200, "%PDF-1.4 x", "Content-Type: application/pdf")

func newBesideSite(t testing.TB) *besideSite {
	s := &besideSite{pages: map[string]string{}}
	s.rawSite = newRawSite(t, func(line string) string {
		s.mu.Lock()
		defer s.mu.Unlock()
		at := strings.Split(line, " ")[1]
		name, _, _ := strings.Cut(strings.TrimPrefix(at, "/page/"), "?")
		switch page, there := s.pages[name]; {
		case there:
			return rawAnswer(200, "<!doctype html><title>x</title>"+s.places(page), "Content-Type: text/html; charset=utf-8", "Set-Cookie: sid=1")
		case strings.HasPrefix(at, "/file"):
			return s.now
		case strings.HasPrefix(at, "/login"):
			return rawAnswer(200, "log in <input type=password>", "Content-Type: text/html")
		case strings.HasPrefix(at, "/late"):
			return rawAnswer(200, "%PDF-1.4 late", "Content-Type: application/pdf")
		}
		return rawAnswer(404, "")
	})
	return s
}

// besideTest is one browser whose step is learned anew for each page.
type besideTest struct {
	*testing.T
	site *besideSite
	pg   pipeline.Page
	tabs func() int
	step string
}

// ask brings a page's file on its way.
func (t *besideTest) ask(page string, want steps.CaptureOptions) (steps.Delivery, error) {
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	t.site.mu.Lock()
	t.site.pages["x"] = page
	t.site.mu.Unlock()
	if _, err := t.pg.Playwright().Goto(t.site.URL + "/page/x"); err != nil {
		t.Fatal(err)
	}
	want.Step = t.step
	return clicked(ctx, t.pg, "#go", want)
}

func receive(ctx context.Context, d steps.Delivery) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	var got bytes.Buffer
	_, err := d.Receive(ctx, &got)
	return got.String(), err
}

func (t *besideTest) take(page string, want steps.CaptureOptions) (string, error) {
	d, err := t.ask(page, want)
	if err != nil {
		return "", err
	}
	return receive(t.Context(), d)
}

// learned has the step's first file come by its tab.
func (t *besideTest) learned(page string) {
	t.Helper()
	t.step, t.site.now = t.Name(), rawPDF
	if got, err := t.take(page, steps.CaptureOptions{Kind: "pdf"}); err != nil || got != "%PDF-1.4 x" {
		t.Fatalf("got %q, %v", got, err)
	}
	t.tabs()
	t.site.take("")
}

// asked wants a file, and how many tabs and requests it took.
func (t *besideTest) asked(page, want string, tabs, requests int) {
	t.Helper()
	got, err := t.take(page, steps.CaptureOptions{Kind: "pdf"})
	if err != nil || got != want {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
	t.opened(tabs, requests)
}

func (t *besideTest) opened(tabs, requests int) {
	t.Helper()
	if n := t.tabs(); n != tabs {
		t.Errorf("%d tabs were opened, want %d", n, tabs)
	}
	if all := t.site.take("/file"); len(all) != requests {
		t.Errorf("the site was asked %d times, want %d", len(all), requests)
	}
	if err := t.pg.CloseStrays(t.Context()); err != nil {
		t.Error(err)
	}
}

const plainLink = `<a id=go target=_blank href=/file>x</a>`
