package session

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"pipe/pipeline"
	"pipe/specs"
	"pipe/steps"
)

// surveyed serves pages that a survey covers as soon as they are there, and again when
// window.ask is called; what is clicked on is the title. Who has logged in is let in when told
// says so.
func surveyed(t *testing.T, noThanks string, told func()) *httptest.Server {
	t.Helper()
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/told" {
			told()
			return
		}
		w.Header().Set("Content-Type", "text/html")
		_, _ = fmt.Fprintf(w, `<!doctype html><title>%s</title><button id=b onclick="document.title = 'clicked'; fetch('/told').then(() => { document.body.className = 'in'; })">B</button>
			<div id=survey style="position:fixed;inset:0"><button id=no onclick="%s">No thanks</button></div>
			<script>const ask = () => { survey.style.display = 'block'; };</script>`, r.URL.Path, noThanks)
	}))
	t.Cleanup(site.Close)
	return site
}

func surveySpec(t *testing.T, url string) *specs.Spec {
	t.Helper()
	spec, err := specs.Parse("x.yaml", []byte(`name: x
key: ${{ item.a }}
base_url: `+url+`
timeouts: {step: 20s}
whenever: {visible: "#survey", do: [{click: "#no"}]}
login: {steps: [{goto: /login}, {click: "#b"}], success: {visible: "body.in"}}
source: {items: [{a: b}]}
navigate: {home: /home, steps: [{click: "#b"}]}
`), specs.Options{Verbs: steps.Verbs()})
	if err != nil {
		t.Fatal(err)
	}
	return spec
}

// What may show at any moment is dealt with on every page, from its login on: while
// steps run, while nobody is at work on it, and in its popups. It is told how often.
func TestWheneverOnPages(t *testing.T) {
	t.Parallel()
	ctx := limited(t)
	log := &told{T: t}
	logger := slog.New(slog.NewTextHandler(log, nil))
	// A page that makes way for another takes what is on its way to be told with it.
	site := surveyed(t, "survey.style.display = 'none'", func() { log.await("times=1") })
	spec := surveySpec(t, site.URL)
	opts := Options{BaseURL: site.URL, Login: Login(spec, "", logger), Whenever: NewWhenever(spec, "", logger)}
	pool := launch(t, "shell", opts)
	page := open(ctx, t, pool, 0)
	on := pipeline.NewStepContext(spec, page, spec.Values, "")
	if err := on.Goto(ctx, site.URL+"/home", nil, nil); err != nil {
		t.Fatal(err)
	}
	if err := on.Run(ctx, spec.Navigate.Steps); err != nil {
		t.Fatal(err)
	}
	page.Done()
	log.await("times=2")
	if _, err := page.Playwright().Evaluate(`ask()`); err != nil {
		t.Fatal(err)
	}
	if _, err := page.Playwright().WaitForFunction(`survey.style.display === 'none'`, nil); err != nil {
		t.Errorf("while nobody is at work on the page: %v", err)
	}
	log.await("times=3")
	popup, err := page.Playwright().ExpectPopup(func() error {
		_, err := page.Playwright().Evaluate(`() => { window.open('/popup'); }`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := popup.WaitForFunction(`document.querySelector('#survey')?.style.display === 'none'`, nil); err != nil {
		t.Errorf("in a popup: %v", err)
	}
	log.await("times=4")
	if err := pool.Close(ctx); err != nil {
		t.Fatal(err)
	}
	log.await(`msg="of what may show at any moment" whenever=whenever[0] what="\"#survey\"" times=4`)
}

// told is a log that can be waited for.
type told struct {
	*testing.T

	mu   sync.Mutex
	text bytes.Buffer
}

// Write is the log's.
func (l *told) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *told) await(text string) {
	l.Helper()
	var all string
	for began := time.Now(); time.Since(began) < 30*time.Second; time.Sleep(10 * time.Millisecond) {
		l.mu.Lock()
		all = l.text.String()
		l.mu.Unlock()
		if strings.Contains(all, text) {
			return
		}
	}
	l.Errorf("%s is not told:\n%s", text, all)
}

// A login over which something lies that does not go away ends with that as its reason.
func TestWheneverStaysAtLogin(t *testing.T) {
	t.Parallel()
	ctx := limited(t)
	site := surveyed(t, "", func() {})
	spec := surveySpec(t, site.URL)
	opts := Options{BaseURL: site.URL, Tries: 1, Login: Login(spec, "", slog.New(slog.DiscardHandler)), Whenever: NewWhenever(spec, "", slog.New(slog.DiscardHandler))}
	_, err := launch(t, "shell", opts).Open(ctx, 0)
	var stays *steps.WheneverError
	if !errors.As(err, &stays) || !strings.Contains(err.Error(), `whenever[0]: "#survey" is still to be seen`) {
		t.Errorf("got %v", err)
	}
}
