package evidence_test

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"html"
	"image"
	"image/png"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/playwright-community/playwright-go"

	"pipe/pipeline"
	"pipe/pipeline/evidence"
)

func failure(page playwright.Page) pipeline.Failure {
	return pipeline.Failure{
		Of: pipeline.EvidenceOfItem, Key: "A/1", Attempt: 2, Worker: "c1p1", Class: pipeline.Transient, Step: "navigate.steps[1].click",
		Reason: "waiting for " + password, Page: page,
	}
}

// leaky serves a page that shows secrets in every way that it can.
func leaky(w http.ResponseWriter, r *http.Request) {
	http.SetCookie(w, &http.Cookie{Name: "session", Value: cookie})
	switch r.URL.Path {
	case "/style.css":
		w.Header().Set("Content-Type", "text/css")
		fmt.Fprintf(w, `body { background: rgb(0, 255, 0) } .x::before { content: "%s" }`, strings.ReplaceAll(password, `"`, `\"`))
		return
	case "/frame":
		w.Header().Set("Content-Type", "text/html; charset=iso-8859-1")
		latin := strings.ReplaceAll(html.EscapeString(password), "ö", "\xf6")
		fmt.Fprintf(w, `<body style="margin:0;background:rgb(255,0,0)"><p style="margin:0;height:100px">%s</p>`, latin)
		return
	case "/":
	default:
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	inBase64 := base64.StdEncoding.EncodeToString([]byte("me:" + password))
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	fmt.Fprintf(w, `<!DOCTYPE html><title>of %[1]s</title><link rel=stylesheet href=/style.css><body style="margin:0">
		<style>.box { position: absolute; left: 0; width: 300px; height: 50px; margin: 0; background: rgb(255, 0, 0) }</style>
		<input class=box style="top:0" type=password value="typed by hand">
		<input class=box style="top:100px" id=plain>
		<p class=box style="top:200px">Hello, pass/<b>w"ord</b> &amp; <i>söul</i>!</p>
		<p class=box style="top:300px" data-basic="%[2]s">%[2]s</p>
		<div class=box style="top:400px" id=host></div>
		<iframe style="position:absolute;left:0;top:500px;width:300px;height:100px;border:0" src=/frame></iframe>
		<p class=box style="top:700px" id=shown>item 4711</p>
		<a href="/next?p=%[3]s&hex=%[4]s">next</a>
		<div role=alert style="position:absolute;top:800px">The number %[5]s is not known</div>
		<form style="position:absolute;top:900px"><label for=mail>Mail</label><input id=mail type=email></form>
		<p hidden>%[5]s</p>
		<script>
			plain.value = 'x ' + %[6]q;
			host.attachShadow({mode: 'open'}).innerHTML = '<span>' + %[1]q + '</span>';
			console.error('no login for', %[2]q);
			fetch('/api/%[3]s?key=%[5]s');
			setTimeout(() => { throw new Error('token %[5]s is over') });
		</script>`,
		html.EscapeString(password), inBase64, url.QueryEscape(password), hex.EncodeToString([]byte(password)), cookie, password)
}

// What is kept of a failure shows what the page showed, said and asked for, and no secret
// in any form: neither in what the page has, nor in its frames and resources, nor on the
// picture.
func TestTake(t *testing.T) {
	t.Parallel()
	page := show(t, leaky)
	if err := page.Locator("#mail").PressSequentially("no mail"); err != nil {
		t.Fatal(err)
	}
	if err := page.Locator("#mail").Blur(); err != nil {
		t.Fatal(err)
	}
	// Once they have failed.
	if _, err := page.WaitForFunction("performance.getEntriesByType('resource').some(e => e.name.includes('/api/'))", nil); err != nil {
		t.Fatal(err)
	}
	n := newNight(t, bounds)
	folder := n.taker.Take(t.Context(), failure(page))
	if folder != "evidence/run-1/001-A_1-2" {
		t.Fatalf("it is in %q; %s", folder, n.log.String())
	}
	at := filepath.Join(n.dir, folder)
	// What the page splits among elements has no form to search for: it is one part that is
	// not to be there.
	noSecrets(t, at, `w"ord`, "söul")
	noSecrets(t, at, password, "pass/w", cookie, "typed by hand")
	m, err := evidence.Read(at)
	if err != nil {
		t.Fatal(err)
	}
	if m.Key != "A/1" || m.Attempt != 2 || m.Class != pipeline.Transient || m.Reason != "waiting for ***" || m.Title != "of ***" || strings.Contains(m.URL, "?") || len(m.Lacks) > 0 {
		t.Errorf("got %+v", m)
	}
	if !slices.Contains(m.Messages, "The number *** is not known") || !slices.ContainsFunc(m.Messages, func(s string) bool { return strings.HasPrefix(s, "Mail: ") }) {
		t.Errorf("the page says %q", m.Messages)
	}
	errs := strings.Join(m.Console, "\n")
	if !strings.Contains(errs, "no login for") || !strings.Contains(errs, "token *** is over") {
		t.Errorf("the console has %q", m.Console)
	}
	if len(m.Requests) != 1 || !strings.HasSuffix(m.Requests[0].URL, "/api/***") || !strings.Contains(m.Requests[0].Failure, "500") {
		t.Errorf("the requests that failed are %+v", m.Requests)
	}
	covered(t, filepath.Join(at, pipeline.EvidenceScreenshot), map[int]bool{25: true, 125: true, 225: true, 325: true, 405: true, 510: true, 725: false})
	e := n.kept()
	if len(e) != 1 || e[0].Folder != folder || e[0].Run != 1 || e[0].Key != "A/1" || e[0].Reason != "waiting for ***" || len(e[0].Files) != 3 {
		t.Errorf("the ledger has %+v", e)
	}
	for _, f := range e[0].Files {
		info, err := os.Stat(filepath.Join(at, f.Name))
		if err != nil || info.Size() != f.Size || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s: %v, %v", f.Name, info, err)
		}
	}
}

// covered wants a picture to show red at these heights, or to have it covered.
func covered(t *testing.T, path string, at map[int]bool) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	img, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	for y, want := range at {
		if got := color(img, 5, y); got != map[bool]string{true: "black", false: "red"}[want] {
			t.Errorf("at %d the picture is %s, want it covered: %v", y, got, want)
		}
	}
	if got := color(img, 600, 50); got != "green" {
		t.Errorf("beside, the picture is %s", got)
	}
}

func color(img image.Image, x, y int) string {
	r, g, b, _ := img.At(x, y).RGBA()
	name, known := map[[3]uint32]string{{0, 0, 0}: "black", {0xffff, 0, 0}: "red", {0, 0xffff, 0}: "green"}[[3]uint32{r, g, b}]
	if !known {
		return fmt.Sprint(r>>8, ",", g>>8, ",", b>>8)
	}
	return name
}

// The copy opens in a browser, styles and frames with it.
func TestCopyOpens(t *testing.T) {
	t.Parallel()
	page := show(t, leaky)
	n := newNight(t, bounds)
	folder := n.taker.Take(t.Context(), failure(page))
	if _, err := page.Goto("file://" + filepath.Join(n.dir, folder, pipeline.EvidencePage)); err != nil {
		t.Fatal(err)
	}
	text, err := page.Locator("#shown").InnerText()
	if err != nil || text != "item 4711" {
		t.Errorf("it shows %q, %v", text, err)
	}
	back, err := page.Evaluate("getComputedStyle(document.body).backgroundColor")
	if err != nil || back != "rgb(0, 255, 0)" {
		t.Errorf("its background is %v, %v", back, err)
	}
	inside, err := page.FrameLocator("iframe").Locator("p").InnerText()
	if err != nil || inside != "***" {
		t.Errorf("the frame shows %q, %v", inside, err)
	}
}

// What was logged before the last navigation is not the page's any more.
func TestSinceNavigation(t *testing.T) {
	t.Parallel()
	var asked atomic.Int64
	page := show(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprintf(w, `<title>page</title><script>console.error("error of page %d")</script>`, asked.Add(1))
	})
	if _, err := page.Goto(page.URL()); err != nil {
		t.Fatal(err)
	}
	n := newNight(t, bounds)
	m, err := evidence.Read(filepath.Join(n.dir, n.taker.Take(t.Context(), failure(page))))
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Console) != 1 || !strings.HasPrefix(m.Console[0], "error of page") || strings.HasSuffix(m.Console[0], "page 1") {
		t.Errorf("the console has %q", m.Console)
	}
}
