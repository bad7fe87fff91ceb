package capture

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"pipe/pipeline"
	"pipe/pipeline/session"
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

func (t *besideTest) take(page string, want steps.CaptureOptions) (string, error) {
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	t.site.mu.Lock()
	t.site.pages["x"] = page
	t.site.mu.Unlock()
	if _, err := t.pg.Playwright().Goto(t.site.URL + "/page/x"); err != nil {
		t.Fatal(err)
	}
	want.Step = t.step
	d, err := clicked(ctx, t.pg, "#go", want)
	if err != nil {
		return "", err
	}
	var got bytes.Buffer
	_, err = d.Receive(ctx, &got)
	return got.String(), err
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

// What comes without a tab, and does not, is the same as by one.
func TestWindowBeside(t *testing.T) {
	t.Parallel()
	ctx := limited(t)
	site := newBesideSite(t)
	pool := launch(t, "shell", session.Options{Loss: session.Loss{URL: steps.Glob("**/login**")}})
	pg := open(ctx, t, pool, 0)
	tabs := countTabs(pg)
	run := func(name string, f func(*besideTest)) {
		t.Run(name, func(t *testing.T) { f(&besideTest{T: t, site: site, pg: pg, tabs: tabs}) })
	}
	run("encoded", func(t *besideTest) {
		t.learned(plainLink)
		var small bytes.Buffer
		z := gzip.NewWriter(&small)
		_, _ = z.Write([]byte("%PDF-1.4 x"))
		_ = z.Close()
		site.answer(rawAnswer(200, small.String(), "Content-Type: application/pdf", "Content-Encoding: gzip"))
		t.asked(plainLink, "%PDF-1.4 x", 0, 1)
		site.answer(rawAnswer(200, small.String()[:small.Len()-9], "Content-Type: application/pdf", "Content-Encoding: gzip"))
		if got, err := t.take(plainLink, steps.CaptureOptions{Kind: "pdf"}); err == nil {
			t.Errorf("a file that was cut off counts: %q", got)
		}
		t.opened(0, 1)
	})
	run("refused", func(t *besideTest) {
		t.learned(plainLink)
		for _, status := range []int{403, 204, 503} {
			site.answer(rawAnswer(status, ""))
			_, err := t.take(plainLink, steps.CaptureOptions{Kind: "pdf"})
			var told *steps.StatusError
			if !errors.As(err, &told) || told.Status != status {
				t.Errorf("%d: %v", status, err)
			}
			t.opened(0, 1)
			site.answer(rawPDF)
			for range map[int]int{403: 1, 204: 2, 503: 4}[status] {
				t.asked(plainLink, "%PDF-1.4 x", 1, 1)
			}
		}
		t.asked(plainLink, "%PDF-1.4 x", 0, 1)
	})
	run("cut off", func(t *besideTest) {
		t.learned(plainLink)
		site.answer(strings.Replace(rawPDF, "Content-Length: 10", "Content-Length: 1000", 1))
		if got, err := t.take(plainLink, steps.CaptureOptions{Kind: "pdf"}); err == nil || !strings.Contains(err.Error(), "cut off") {
			t.Errorf("half a file: %q, %v", got, err)
		}
		t.opened(0, 1)
	})
	run("a part", func(t *besideTest) {
		t.learned(plainLink)
		site.answer(rawAnswer(206, "%PDF", "Content-Type: application/pdf", "Content-Range: bytes 0-3/10"))
		if got, err := t.take(plainLink, steps.CaptureOptions{Kind: "pdf"}); err == nil || !strings.Contains(err.Error(), "a part") {
			t.Errorf("a part of a file: %q, %v", got, err)
		}
		t.opened(0, 1)
	})
	run("a page that leads on", func(t *besideTest) {
		t.learned(plainLink)
		site.answer(rawAnswer(200, "<title>Preparing</title><script>setTimeout(() => location = '/late', 50)</script>", "Content-Type: text/html"))
		t.asked(plainLink, "%PDF-1.4 late", 1, 1)
		t.asked(plainLink, "%PDF-1.4 late", 1, 1) // by its tab
	})
	run("a page that leads on to a script's file", func(t *besideTest) {
		t.learned(plainLink)
		site.answer(rawAnswer(200, "<title>Preparing</title><script>fetch('/late')</script>", "Content-Type: text/html"))
		t.asked(plainLink, "%PDF-1.4 late", 1, 1)
	})
	run("a page", func(t *besideTest) {
		t.learned(plainLink)
		site.answer(rawAnswer(200, "<title>Sorry</title>There is no report.", "Content-Type: text/html"))
		t.asked(plainLink, "<title>Sorry</title>There is no report.", 0, 1)
		site.answer(rawPDF)
		t.asked(plainLink, "%PDF-1.4 x", 1, 1)
		t.asked(plainLink, "%PDF-1.4 x", 0, 1)
	})
	run("written", func(t *besideTest) {
		page := `<button id=go onclick="const w = window.open('/file'); w.document.title">x</button>`
		t.learned(page)
		t.asked(page, "%PDF-1.4 x", 1, 1)
		t.asked(page, "%PDF-1.4 x", 1, 1)
	})
	run("opened empty, and written", func(t *besideTest) {
		page := `<button id=go onclick="const w = window.open(''); if (window.wait) w.document.write('wait'); w.location.assign('/file')">x</button>`
		t.learned(page)
		t.asked(page, "%PDF-1.4 x", 0, 1)
		t.asked("<script>wait = true</script>"+page, "%PDF-1.4 x", 1, 1)
	})
	run("opened empty, and used at once", func(t *besideTest) {
		page := `<button id=go onclick="const w = window.open(''); w.location = '/file'; if (window.name2) w.name">x</button>`
		t.learned(page)
		late := strings.Replace(page, "if (window.name2) w.name", "w.document.title", 1)
		t.asked(late, "%PDF-1.4 x", 1, 1)
	})
	run("closed", func(t *besideTest) {
		page := `<button id=go onclick="const w = window.open('/file'); setInterval(() => { if (w.closed) document.title = 'closed' }, 20)">x</button>`
		t.learned(page)
		t.asked(page, "%PDF-1.4 x", 0, 1)
		if _, err := pg.Playwright().WaitForFunction("document.title == 'closed'", nil); err != nil {
			t.Error(err)
		}
	})
	run("used later", func(t *besideTest) {
		page := `<button id=go onclick="const w = window.open('/file'); if (window.late) setTimeout(() => { document.title = w.location.href }, 20)">x</button>`
		t.learned(page)
		late := "<script>late = true</script>" + page
		if got, err := t.take(late, steps.CaptureOptions{Kind: "pdf"}); err != nil || got != "%PDF-1.4 x" {
			t.Errorf("got %q, %v", got, err)
		}
		if _, err := pg.Playwright().WaitForFunction("document.title == 'about:blank'", nil); err != nil {
			t.Error(err)
		}
		t.opened(1, 1)
		if n := len(pg.Playwright().Context().Pages()); n != 1 {
			t.Errorf("%d pages are open, want the pool's one", n)
		}
	})
	run("prevented", func(t *besideTest) {
		t.learned(plainLink)
		page := plainLink + `<script>addEventListener('click', e => { e.preventDefault(); location = '/late' })</script>`
		t.asked(page, "%PDF-1.4 late", 0, 0)
	})
	run("two windows", func(t *besideTest) {
		t.learned(`<button id=go onclick="window.open('/file')">x</button>`)
		site.answer(rawAnswer(500, ""))
		t.asked(`<button id=go onclick="window.open('/file'); window.open('/late')">x</button>`, "%PDF-1.4 late", 1, 1)
	})
	run("in doubt", func(t *besideTest) {
		t.learned(plainLink)
		got, err := t.take(plainLink, steps.CaptureOptions{Kind: "pdf", Match: steps.FileMatch{Type: "application/pdf"}})
		if err != nil || got != "%PDF-1.4 x" {
			t.Errorf("got %q, %v", got, err)
		}
		t.opened(0, 1)
	})
	run("in a frame", func(t *besideTest) {
		for _, host := range []string{site.URL, site.Far} {
			page := fmt.Sprintf(`<iframe src="%s/page/inner"></iframe><button id=go onclick="frames[0].postMessage(1, '*')">x</button>`, host)
			site.mu.Lock()
			site.pages["inner"] = `<script>onmessage = () => open('/file')</script>`
			site.mu.Unlock()
			t.learned(page)
			t.asked(page, "%PDF-1.4 x", 0, 1)
		}
	})
	run("lost", func(t *besideTest) {
		t.learned(plainLink)
		site.answer(rawAnswer(302, "", "Location: /login"))
		if got, err := t.take(plainLink, steps.CaptureOptions{Kind: "pdf"}); !errors.Is(err, steps.ErrSessionLost) {
			t.Errorf("a login in the file's place: %q, %v", got, err)
		}
		t.opened(0, 1)
	})
}
