package capture

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"pipe/pipeline/session"
	"pipe/steps"
)

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
	run("a page that leads on while its opener listens again", func(t *besideTest) {
		t.learned(plainLink)
		site.answer(rawAnswer(200, "<title>Preparing</title><script>setTimeout(() => location = '/late', 50)</script>", "Content-Type: text/html"))
		d, err := t.ask(plainLink, steps.CaptureOptions{Kind: "pdf"})
		if err != nil {
			t.Fatal(err)
		}
		next, err := pg.Files().Listen(t.Context(), pg.Playwright(), steps.CaptureOptions{Kind: "pdf", Step: t.step})
		if err != nil {
			t.Fatal(err)
		}
		defer next.Close()
		if got, err := receive(t.Context(), d); err != nil || got != "%PDF-1.4 late" {
			t.Errorf("got %q, %v", got, err)
		}
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
		for len(pg.Playwright().Context().Pages()) > 1 { // the driver hears of a closed page later
			if err := steps.Pause(ctx, 10*time.Millisecond); err != nil {
				t.Fatalf("the window stays open: %v", err)
			}
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
		got, err := t.take(`<button id=go onclick="window.open('/file'); window.open('/late')">x</button>`, steps.CaptureOptions{Kind: "pdf"})
		if err != nil || got != "%PDF-1.4 late" {
			t.Errorf("got %q, %v", got, err)
		}
		// The file may be there before the other one is asked for.
		if n := len(site.take("/file")); n > 1 {
			t.Errorf("the site was asked %d times", n)
		}
		t.opened(1, 0)
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
