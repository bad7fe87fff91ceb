package capture

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"pipe/pipeline"
	"pipe/pipeline/session"
	"pipe/steps"
)

// quietPages are pages that a site shows in a file's place, by their names.
var quietPages = map[string]string{
	"says":       `<p role=alert>Temporarily unavailable</p>`,
	"error":      `<title>Oops</title><div id=root></div><script>root.innerHTML = '<p role=alert>The report could not be made</p>'</script>`,
	"refused":    `<title>Report</title><script>fetch('/broken').then(r => { if (!r.ok) document.body.append('no report today') })</script>`,
	"polls":      `<title>Preparing</title><script>const poll = () => fetch('/ready').then(r => r.text()).then(t => { if (t === 'yes') location = '/pdf'; else setTimeout(poll, 900) }); poll()</script>`,
	"waits":      `<title>Preparing</title><script>setTimeout(() => location = '/pdf', 1500)</script>`,
	"refresh":    `<title>Preparing</title><meta http-equiv=refresh content="2;url=/pdf">`,
	"slow":       `<title>Preparing</title><script>fetch('/slow').then(() => location = '/pdf')</script>`,
	"saves":      `<title>Preparing</title><script>fetch('/page/says').then(() => { const a = document.createElement('a'); a.download = 'a.pdf'; a.href = '/late-pdf'; a.click(); })</script>`,
	"saves-link": `<title>Preparing</title><a download href=/late-pdf>here</a><script>fetch('/page/says').then(() => document.querySelector('a').dispatchEvent(new MouseEvent('click', {bubbles: true, cancelable: true})))</script>`,
	"works":      `<title>Preparing</title><script>` + madeByWorker + `</script>`,
	// Where the site wants a login, though it may go on from there.
	"login-posts":   `<form method=post action=/pdf><input type=hidden name=SAMLResponse value=yes></form><script>document.forms[0].submit()</script>`,
	"login-refresh": `<title>One moment</title><meta http-equiv=refresh content="2;url=/pdf">`,
	"login-waits":   `<title>One moment</title><script>setTimeout(() => location = '/pdf', 1500)</script>`,
	"login-stays":   `<title>Sign in</title><input name=email><script>document.querySelector('input').focus()</script>`,
	"login-asks":    `<title>Sign in</title><input type=password><script></script>`,
	"login-says":    `<title>Sign in</title>Please sign in.`,
	"pushed":        `<title>Preparing</title><script>new EventSource('/events').onmessage = () => location = '/pdf'</script>`,
}

// madeByWorker is a script whose worker makes the file for a while.
const madeByWorker = `new Worker(window.URL.createObjectURL(new Blob(['setTimeout(() => postMessage(1), 3000)']))).onmessage = () => { const a = document.createElement('a'); a.download = 'a.pdf'; a.href = window.URL.createObjectURL(new Blob(['%PDF-1.4' + ' a report\\n%%EOF\\n'])); a.click(); }`

func newQuietSite(t *testing.T) *httptest.Server {
	t.Helper()
	asked := 0
	mux := http.NewServeMux()
	mux.HandleFunc("/{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(w, `<iframe name=inside></iframe><p id=said></p><button id=said-here onclick="fetch('/page/says').then(r => r.text()).then(t => said.innerHTML = t)">says</button>
			<form method=post action=/page/error target=inside><button id=form-inside>form</button></form><form method=post action=/page/error target=_blank><button id=form>form</button></form>
			<button id=works-there onclick="fetch('/page/says').then(() => { `+madeByWorker+` })">works</button>
			<button id=saves-said-here onclick="fetch('/page/says').then(() => { const a = document.createElement('a'); a.download = 'a.pdf'; a.href = '/late-pdf'; a.click(); })">saves</button>
			<button id=later-here onclick="fetch('/page/says').then(() => setTimeout(() => { location = '/pdf' }, 3000))">later</button>`)
		for name := range quietPages {
			fmt.Fprintf(w, "<a id=%s-inside target=inside href=/page/%[1]s>%[1]s</a> ", name)
			fmt.Fprintf(w, "<a id=%s target=_blank href=/page/%[1]s>%[1]s</a> <a id=%[1]s-here href=/page/%[1]s>%[1]s</a> ", name)
		}
	})
	mux.HandleFunc("/page/{name}", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, "<!doctype html><body>"+quietPages[r.PathValue("name")])
	})
	mux.HandleFunc("/worker.js", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/javascript")
		fmt.Fprint(w, "setTimeout(() => postMessage(1), 3000)")
	})
	mux.HandleFunc("/ready", func(w http.ResponseWriter, _ *http.Request) {
		asked++
		if asked%4 == 0 {
			fmt.Fprint(w, "yes")
		}
	})
	mux.HandleFunc("/broken", func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", http.StatusInternalServerError) })
	later := func(r *http.Request, after time.Duration) {
		timer := time.NewTimer(after)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-r.Context().Done():
		}
	}
	const longer = 1500 * time.Millisecond // than the pages may be quiet
	mux.HandleFunc("/slow", func(_ http.ResponseWriter, r *http.Request) { later(r, longer) })
	mux.HandleFunc("/events", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		_ = http.NewResponseController(w).Flush()
		later(r, longer)
		fmt.Fprint(w, "data: ready\n\n")
	})
	pdf := func(w http.ResponseWriter) {
		w.Header().Set("Content-Type", "application/pdf")
		_, _ = io.WriteString(w, "%PDF-1.4 a report\n%%EOF\n")
	}
	mux.HandleFunc("/pdf", func(w http.ResponseWriter, _ *http.Request) { pdf(w) })
	mux.HandleFunc("/late-pdf", func(w http.ResponseWriter, r *http.Request) {
		later(r, 2*longer)
		pdf(w)
	})
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

// A page in the file's place is known for one once it is loaded and asks for
// nothing more, and not before.
func TestQuietPage(t *testing.T) {
	t.Parallel()
	ctx := limited(t)
	site := newQuietSite(t)
	pool := launch(t, "shell", session.Options{Loss: session.Loss{URL: steps.Glob("**/page/login-*")}})
	pg := open(ctx, t, pool, 0)
	for _, c := range []struct{ link, want, says string }{
		{"error", "The report could not be made", "asked for nothing more for 400ms"},
		{"refused", "no report today", "the site answered 500 at http"},
		{"polls", "%PDF-1.4 a report", ""},
		{"waits", "%PDF-1.4 a report", ""},
		{"refresh", "%PDF-1.4 a report", ""},
		{"slow", "%PDF-1.4 a report", ""},
		{"pushed", "%PDF-1.4 a report", ""},
		{"login-posts", "%PDF-1.4 a report", ""},
		{"login-refresh", "%PDF-1.4 a report", ""},
		{"login-waits", "%PDF-1.4 a report", ""},
		{"login-stays", "", steps.ErrSessionLost.Error()},
		{"login-asks", "", steps.ErrSessionLost.Error()},
		{"login-says", "", steps.ErrSessionLost.Error()},
		{"error-here", "", `has asked for nothing more for 400ms`},
		{"refused-here", "", "/broken answered 500"},
		{"polls-here", "%PDF-1.4 a report", ""},
		{"waits-here", "%PDF-1.4 a report", ""},
		{"refresh-here", "%PDF-1.4 a report", ""},
		{"slow-here", "%PDF-1.4 a report", ""},
		{"pushed-here", "%PDF-1.4 a report", ""},
		{"form", "The report could not be made", "asked for nothing more for 400ms"},
		{"form-inside", "", "has asked for nothing more for 400ms"},
		{"error-inside", "", "has asked for nothing more for 400ms"},
		{"says-inside", "", "has asked for nothing more for 400ms"},
		{"polls-inside", "%PDF-1.4 a report", ""},
		{"waits-inside", "%PDF-1.4 a report", ""},
		{"refresh-inside", "%PDF-1.4 a report", ""},
		{"slow-inside", "%PDF-1.4 a report", ""},
		{"pushed-inside", "%PDF-1.4 a report", ""},
		{"says", "Temporarily unavailable", ""},
		{"says-here", "", "has asked for nothing more for 400ms"},
		{"said-here", "", `the page was answered, and has asked for nothing more for 1.2s`},
		{"saves-said-here", "%PDF-1.4 a report", ""},
		{"saves", "%PDF-1.4 a report", ""},
		{"saves-here", "%PDF-1.4 a report", ""},
		{"saves-inside", "%PDF-1.4 a report", ""},
		{"saves-link", "%PDF-1.4 a report", ""},
		{"saves-link-here", "%PDF-1.4 a report", ""},
		{"works", "%PDF-1.4 a report", ""},
		{"works-here", "%PDF-1.4 a report", ""},
		{"works-inside", "%PDF-1.4 a report", ""},
		{"works-there", "%PDF-1.4 a report", ""},
		{"later-here", "%PDF-1.4 a report", ""},
	} {
		t.Run(c.link, func(t *testing.T) {
			text, note, err := quietly(ctx, pg, site.URL, c.link)
			if err != nil {
				note = err.Error()
			}
			if !strings.Contains(text, c.want) || (c.want == "") != (err != nil) || !strings.Contains(note, c.says) {
				t.Errorf("got %q, noted %q", text, note)
			}
		})
	}
}

// quietly takes the PDF that a link brings whose page may be quiet for a moment.
func quietly(ctx context.Context, pg pipeline.Page, site, link string) (text, note string, err error) {
	if _, err := pg.Playwright().Goto(site); err != nil {
		return "", "", err
	}
	pending, err := pg.Files().Listen(ctx, pg.Playwright(), steps.CaptureOptions{Kind: "pdf", Quiet: 400 * time.Millisecond})
	if err != nil {
		return "", "", err
	}
	defer pending.Close()
	if err := pg.Playwright().Locator("#" + link).Click(); err != nil {
		return "", "", err
	}
	d, err := pending.Wait(ctx)
	if err != nil {
		return "", "", err
	}
	var got bytes.Buffer
	how, err := d.Receive(ctx, &got)
	return got.String(), how.Note, err
}
