package capture

import (
	"bytes"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"pipe/pipeline"
	"pipe/pipeline/browser"
	"pipe/pipeline/session"
	"pipe/steps"
)

// windowed are ways that a page opens a window for its file; FAR is another site.
var windowed = map[string]string{
	"open":       `<button id=go onclick="window.open('/file?a=ü b#frag')">x</button>`,
	"named":      `<button id=go onclick="window.open('/file', 'report', 'width=600')">x</button>`,
	"opennone":   `<button id=go onclick="window.open('/file', '', 'noopener,width=600')">x</button>`,
	"noreferrer": `<button id=go onclick="window.open('/file', '_blank', 'noreferrer')">x</button>`,
	"focused":    `<button id=go onclick="const w = window.open('/file', '_blank'); if (!w || w.closed) throw 1; w.focus(); w.opener = null">x</button>`,
	"blank":      `<button id=go onclick="const w = window.open('', '_blank'); w.location = '/file'">x</button>`,
	"blanklater": `<button id=go onclick="const w = window.open('about:blank', 'w'); fetch('/other').then(() => { w.location.href = '/file' })">x</button>`,
	"blankfar":   `<button id=go onclick="const w = window.open(); setTimeout(() => w.location.replace('FAR/file'), 50)">x</button>`,
	"async":      `<button id=go onclick="fetch('/other').then(r => r.text()).then(() => window.open('/file'))">x</button>`,
	"link":       `<a id=go target=_blank href="/file">x</a>`,
	"linknamed":  `<a id=go target=report href="/deep/file">x</a>`,
	"linkquiet":  `<a id=go target=_blank rel=noreferrer href="/file">x</a>`,
	"linkpolicy": `<a id=go target=_blank referrerpolicy=origin href="/file">x</a>`,
	"meta":       `<meta name=referrer content=same-origin><a id=go target=_blank href="FAR/file">x</a>`,
	"detached":   `<button id=go onclick="const a = document.createElement('a'); a.target = '_blank'; a.href = '/file'; a.click()">x</button>`,
	"far":        `<a id=go target=_blank href="FAR/file">x</a>`,
	"moved":      `<a id=go target=_blank href="/moved?302=/hop/file">x</a>`,
	"movedfar":   `<a id=go target=_blank href="/moved?302=FAR/moved?302=URL/file">x</a>`,
	"post": `<form method=post target=_blank action="/file"><input name=x value="a&ü &quot;b"><textarea name="l&quot;i">one
two</textarea><input name=_charset_ type=hidden><input type=checkbox name=c checked><button name=do value=pdf id=go>x</button></form>`,
	"multipart":       `<form method=post enctype=multipart/form-data target=_blank action="/file"><textarea name='l"i'>one` + "\n" + `two</textarea><button name=do value=ü id=go>x</button></form>`,
	"get":             `<form target=_blank action="/file?old=1#x"><input name=q value="a b+c"><button id=go name=s>x</button></form>`,
	"submit":          `<form id=f method=post target=w action="/file"><input name=q value=1></form><button id=go onclick="f.submit()">x</button>`,
	"formnamed":       `<form id=f method=post target=w action="/file"><input name=q value=1><button id=go>x</button></form>`,
	"formopener":      `<form id=f method=post target=_blank rel=opener action="/file"><input name=q value=1><button id=go>x</button></form>`,
	"formgetnamed":    `<form id=f target=w action="/file"><input name=q value=1><button id=go>x</button></form>`,
	"submitblank":     `<form id=f method=post target=_blank action="/file"><input name=q value=1></form><button id=go onclick="f.submit()">x</button>`,
	"submitlater":     `<form id=f method=post target=w action="/file"><input name=q value=1></form><button id=go onclick="setTimeout(() => f.submit(), 100)">x</button>`,
	"linkopener":      `<a id=go target=_blank rel=opener href="/deep/file">x</a>`,
	"linkscript":      `<a id=l target=w href="/file">x</a><button id=go onclick="l.click()">x</button>`,
	"linkscriptblank": `<a id=l target=_blank href="/file">x</a><button id=go onclick="l.click()">x</button>`,
	"linkscriptlater": `<a id=l target=w href="/file">x</a><button id=go onclick="setTimeout(() => l.click(), 100)">x</button>`,
	"pressed":         `<form id=f method=post target=w action="/file"><button id=b name=q value=1></form><button id=go onclick="b.click()">x</button>`,
	"request":         `<form id=f method=post target=w action="/file"><input name=q value=1></form><button id=go onclick="f.requestSubmit()">x</button>`,
	"formadd":         `<form id=f method=post target=_blank action="/file"><button id=go>x</button></form><script>f.addEventListener('formdata', e => e.formData.append('n', ++window.n)); var n = 0</script>`,
	"formaction":      `<form method=get target=_self action="/other"><input name=q value=1><button id=go formaction="/file" formmethod=post formtarget=_blank>x</button></form>`,
	"postfar":         `<form method=post target=_blank action="FAR/file"><input name=q value=1><button id=go>x</button></form>`,
	"post302":         `<form method=post target=_blank action="/moved?302=/file"><input name=q value=1><button id=go>x</button></form>`,
	"post303":         `<form method=post target=_blank action="/moved?303=FAR/file"><input name=q value=1><button id=go>x</button></form>`,
	"post307":         `<form method=post target=_blank action="/moved?307=/file"><input name=q value=1><button id=go>x</button></form>`,
	"post308far":      `<form method=post target=_blank action="/moved?308=FAR/file"><input name=q value=1><button id=go>x</button></form>`,
}

// unsteady are the ways of which the browser tells now and then that a user's act has
// brought them on, and now and then not: forms whose windows know their page,
// and windows that are led somewhere later.
var unsteady = regexp.MustCompile(`^(blank.*|form.*(named|opener)|submit|submitlater|pressed|request)$`)

// exactSite answers with the page of one way, and its file.
func exactSite(t testing.TB) *rawSite {
	var s *rawSite
	moved := regexp.MustCompile(`/moved\?(\d+)=(\S+)`)
	s = newRawSite(t, func(line string) string {
		method, rest, _ := strings.Cut(line, " ")
		at, _, _ := strings.Cut(rest, " ")
		path, query, _ := strings.Cut(at, "?")
		switch m := moved.FindStringSubmatch(at); {
		case m != nil:
			var status int
			_, _ = fmt.Sscan(m[1], &status)
			return rawAnswer(status, "", "Location: "+s.places(m[2]), "Set-Cookie: onway="+method+"; Path=/hop", "Set-Cookie: count=1", "Referrer-Policy: unsafe-url")
		case strings.HasSuffix(path, "/file"):
			return rawAnswer(200, "%PDF-1.4 x", "Content-Type: application/pdf", "Set-Cookie: last="+method)
		case path == "/page":
			return rawAnswer(200, "<!doctype html><title>x</title>"+s.places(windowed[query]), "Content-Type: text/html; charset=utf-8",
				"Set-Cookie: lax=1; SameSite=Lax", "Set-Cookie: strict=1; SameSite=Strict", "Set-Cookie: plain=\"q\"", "Set-Cookie: path=1; Path=/file", "Set-Cookie: deep=1; Path=/deep")
		}
		return rawAnswer(200, "", "Content-Type: text/plain")
	})
	return s
}

func (s *rawSite) places(text string) string {
	return strings.NewReplacer("FAR", s.Far, "URL", s.URL).Replace(text)
}

// What the site is asked without a window is what it is asked by the window, and the
// cookies are the same then.
func TestWindowIsAskedForExactly(t *testing.T) {
	t.Parallel()
	for kind := range browsers() {
		t.Run(kind, func(t *testing.T) {
			ctx := limited(t)
			site := exactSite(t)
			pool := launch(t, kind, session.Options{})
			pg := open(ctx, t, pool, 0)
			tabs := countTabs(pg)
			for way := range windowed {
				t.Run(way, func(t *testing.T) {
					one, cancel := context.WithTimeout(ctx, 30*time.Second)
					defer cancel()
					byTab := site.round(one, t, pg, way)
					if n := tabs(); n != 1 {
						t.Fatalf("%d tabs were opened for the first file", n)
					}
					without := site.round(one, t, pg, way)
					if n := tabs(); n != 0 {
						t.Errorf("%d tabs were opened for the second file", n)
					}
					if !slices.Equal(byTab, without) {
						t.Errorf("the site was asked by the tab\n%s\nand without\n%s", strings.Join(byTab, "\n"), strings.Join(without, "\n"))
					}
				})
			}
		})
	}
}

// countTabs gives how many tabs were opened since it was called last.
func countTabs(pg pipeline.Page) func() int {
	var n atomic.Int32
	cdp := pg.(*session.Page).Capture.(*Page).interceptor.cdp
	cdp.On("Target.targetCreated", func(event any) {
		if browser.Fields(browser.Fields(event)["targetInfo"])["type"] == "page" {
			n.Add(1)
		}
	})
	return func() int { return int(n.Swap(0)) }
}

// round captures one file, and gives what the site was asked for it and the cookies
// that there are then.
func (s *rawSite) round(ctx context.Context, t *testing.T, pg pipeline.Page, way string) []string {
	t.Helper()
	if err := pg.Playwright().Context().ClearCookies(); err != nil {
		t.Fatal(err)
	}
	if _, err := pg.Playwright().Goto(s.URL + "/page?" + way); err != nil {
		t.Fatal(err)
	}
	s.take("")
	d, err := clicked(ctx, pg, "#go", steps.CaptureOptions{Kind: "pdf", Step: way})
	if err != nil {
		t.Fatal(err)
	}
	var got bytes.Buffer
	how, err := d.Receive(ctx, &got)
	if err != nil || got.String() != "%PDF-1.4 x" || how.Via != "popup" {
		t.Fatalf("got %q by %s, %v", got.String(), how.Via, err)
	}
	said := s.take("")
	for i, one := range said {
		said[i] = regexp.MustCompile(`WebKitFormBoundary\w+`).ReplaceAllString(one, "WebKitFormBoundary")
		if unsteady.MatchString(way) {
			said[i] = strings.ReplaceAll(said[i], "Sec-Fetch-User: ?1\n", "")
		}
	}
	all, err := pg.Playwright().Context().Cookies()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range all {
		said = append(said, fmt.Sprintf("cookie %s=%s of %s%s %v", c.Name, c.Value, c.Domain, c.Path, *c.SameSite))
	}
	if err := pg.CloseStrays(ctx); err != nil {
		t.Fatal(err)
	}
	return said
}
