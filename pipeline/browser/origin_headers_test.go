package browser

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/playwright-community/playwright-go"

	"pipe/pipeline/provision"
	"pipe/steps"
)

// headerSite notes what its requests are sent.
type headerSite struct {
	*httptest.Server

	mu   sync.Mutex
	seen []sent
}

// sent is what came with a request.
type sent struct{ path, token, mark string }

func newHeaderSite(t *testing.T, handle func(w http.ResponseWriter, r *http.Request)) *headerSite {
	t.Helper()
	s := &headerSite{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.seen = append(s.seen, sent{r.URL.Path, r.Header.Get("X-Token"), r.Header.Get(markHeader)})
		s.mu.Unlock()
		if r.URL.Path == "/favicon.ico" {
			return
		}
		handle(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *headerSite) all() []sent {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.seen)
}

func (s *headerSite) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen = nil
}

// The headers of a context go to their origin: in documents, frames, windows,
// images and requests of scripts; and to no other, along no redirect either.
// Each context has its own, and a page's own header stays.
func TestOriginHeaders(t *testing.T) {
	if testing.Short() {
		t.Skip("needs a browser")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	rt, err := provision.Ensure(ctx, provision.Options{Say: func(line string) { t.Log(line) }})
	if err != nil {
		t.Fatal(err)
	}
	s, err := Supervise(ctx, Options{DriverDir: rt.Launcher.Dir, Node: rt.Launcher.Node, Executable: rt.Browser, Downloads: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Close(ctx); err != nil {
			t.Error(err)
		}
	}()
	b, err := s.Current(ctx)
	if err != nil {
		t.Fatal(err)
	}
	var own *headerSite
	other := newHeaderSite(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		if r.URL.Path == "/back" {
			http.Redirect(w, r, own.URL+"/returned", http.StatusFound)
		}
	})
	own = newHeaderSite(t, func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasPrefix(r.URL.Path, "/away"):
			w.Header().Set("Access-Control-Allow-Origin", "*")
			http.Redirect(w, r, other.URL+r.URL.Path, http.StatusFound)
		case r.URL.Path == "/page":
			fmt.Fprintf(w, `<title>page</title><iframe src=/frame></iframe><img src=/away/image><img src=%s/image><script src=%[1]s/script></script><img src=/image>`, other.URL)
		}
	})
	open := func(token, mark string) playwright.Page {
		in, err := b.NewContext(ctx, playwright.BrowserNewContextOptions{}, plainTransport{http.DefaultTransport.(*http.Transport)}, &OwnHeaders{Mark: mark, Values: map[string]string{"X-Token": token}, For: func(address string) map[string]string {
			if !strings.HasPrefix(address, own.URL+"/") {
				return nil
			}
			return map[string]string{"X-Token": token}
		}})
		if err != nil {
			t.Fatal(err)
		}
		page, err := in.NewPage(ctx)
		if err != nil {
			t.Fatal(err)
		}
		return page.Playwright()
	}
	for token, mark := range map[string]string{"one": "", "two": "2", "three": "3"} {
		own.forget()
		other.forget()
		look(t, open(token, mark), own.URL, other.URL)
		for _, got := range own.all() {
			want := token
			switch got.path {
			case "/own":
				want = "mine"
			case "/worker", "/favicon.ico": // of no frame: workers do not tell whose they are
				if mark != "" {
					want = got.token
				}
			}
			if got.token != want || got.mark != "" {
				t.Errorf("%s: the site saw %+v, want %q", token, got, want)
			}
		}
		if n := len(own.all()); n < 11 {
			t.Errorf("%s: the site was asked %d times: %v", token, n, own.all())
		}
		for _, got := range other.all() {
			if got.token != "" || got.mark != "" {
				t.Errorf("%s: another site saw %+v", token, got)
			}
		}
		if n := len(other.all()); n < 7 {
			t.Errorf("%s: the other site was asked %d times: %v", token, n, other.all())
		}
	}
}

// look has a page ask its own site and another in all ways that there are.
func look(t *testing.T, page playwright.Page, own, other string) {
	t.Helper()
	if _, err := page.Goto(own + "/page"); err != nil {
		t.Fatal(err)
	}
	if _, err := page.Evaluate(`async other => {
		await fetch('/script');
		await fetch('/own', {headers: {'X-Token': 'mine'}});
		await fetch('/away/script');
		await fetch(other + '/direct');
		const w = new Worker(URL.createObjectURL(new Blob(['onmessage = async e => { await fetch(e.data); postMessage(1); };'])));
		await new Promise(done => { w.onmessage = done; w.onerror = done; w.postMessage(location.origin + '/worker'); });
	}`, other); err != nil {
		t.Fatal(err)
	}
	popup, err := page.ExpectPopup(func() error {
		_, err := page.Evaluate(`() => { window.open('/window'); }`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := steps.WaitForState(t.Context(), popup, *playwright.LoadStateLoad); err != nil {
		t.Fatal(err)
	}
	for _, address := range []string{own + "/second", own + "/away/second", other + "/back"} {
		if _, err := page.Goto(address); err != nil {
			t.Fatal(err)
		}
	}
}

// What was put on stays with its origin along redirects however many requests there
// were since, and whatever the browser makes of its name. A request of which it is
// not known any more whose it is goes nowhere.
func TestOriginHeadersAlongRedirects(t *testing.T) {
	t.Parallel()
	headers := func(mark string) OwnHeaders {
		values := map[string]string{"X-Token": "token" + mark}
		return OwnHeaders{Mark: mark, Values: values, For: func(address string) map[string]string {
			if strings.HasPrefix(address, "https://own.test/") {
				return values
			}
			return nil
		}}
	}
	ask := func(h *originHeaders, id, from, url string, have map[string]any) (string, string) {
		e := map[string]any{"requestId": id, "request": map[string]any{"url": url, "headers": have}}
		if from != "" {
			e["redirectedRequestId"] = from
		}
		method, params := h.answer(e)
		if params["headers"] == nil {
			return method, fmt.Sprint("as it is: ", have)
		}
		return method, fmt.Sprint(params["headers"])
	}
	for _, mark := range []string{"", "2"} {
		h := &originHeaders{own: map[string]OwnHeaders{}, marks: map[string]string{}}
		h.add(headers(mark))
		first := map[string]any{}
		if mark != "" {
			first[markHeader] = mark
		}
		if _, got := ask(h, "first", "", "https://own.test/a", first); !strings.Contains(got, "token"+mark) {
			t.Errorf("%q: the site is sent %s", mark, got)
		}
		for i := range 5000 {
			ask(h, fmt.Sprint(i), "", "https://own.test/b", first)
		}
		for _, name := range []string{"X-Token", "x-token"} {
			if method, got := ask(h, "next"+name, "first", "https://other.test/", map[string]any{name: "token" + mark, "Accept": "*/*"}); strings.Contains(got, "token") || method != "Fetch.continueRequest" {
				t.Errorf("%q: %s: another site is sent %s", mark, method, got)
			}
		}
		if _, got := ask(h, "back", "nextX-Token", "https://own.test/c", map[string]any{}); !strings.Contains(got, "token"+mark) {
			t.Errorf("%q: led back, the site is sent %s", mark, got)
		}
		if _, got := ask(h, "own", "first", "https://other.test/", map[string]any{"X-Token": "the page's"}); !strings.Contains(got, "the page's") {
			t.Errorf("%q: another site is sent %s", mark, got)
		}
		for i := range marksMost {
			ask(h, fmt.Sprint("later", i), "", "https://own.test/d", first)
		}
		method, got := ask(h, "late", "first", "https://own.test/e", map[string]any{"X-Token": "token" + mark})
		if want := map[string]string{"": "Fetch.continueRequest", "2": "Fetch.failRequest"}[mark]; method != want {
			t.Errorf("%q: %s with %s, want %s", mark, method, got, want)
		}
	}
}
