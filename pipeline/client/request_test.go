package client

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/playwright-community/playwright-go"
)

// cookies is a browser context that has some, and takes more.
type cookies struct {
	playwright.BrowserContext
	all []playwright.Cookie
}

func (c *cookies) Cookies(...string) ([]playwright.Cookie, error) { return c.all, nil }

// journal is what two sites were asked.
type journal struct {
	mu   sync.Mutex
	said []string
}

func (j *journal) add(who string, r *http.Request, names ...string) {
	body, _ := io.ReadAll(r.Body)
	line := []string{who, r.Method, r.URL.Path}
	for _, name := range names {
		line = append(line, r.Header.Get(name))
	}
	if len(body) > 0 {
		line = append(line, string(body))
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.said = append(j.said, strings.Join(line, "|"))
}

// ask sends a request, and gives what the sites saw.
func (j *journal) ask(t *testing.T, opts ContextOptions, r *Request) ([]string, error) {
	t.Helper()
	j.said = nil
	via, err := NewTransport(opts)
	if err != nil {
		t.Fatal(err)
	}
	defer via.Close()
	at, err := url.Parse(r.URL)
	if err != nil {
		t.Fatal(err)
	}
	jar := &cookies{all: []playwright.Cookie{{Name: "sid", Value: "s1", Domain: at.Hostname(), Path: "/"}}}
	_, answer, err := r.Do(t.Context(), jar, via)
	if err != nil {
		return j.said, err
	}
	return j.said, answer.Body.Close()
}

// Headers of the context and of the request, cookies and credentials stay where
// they belong when the site leads elsewhere, and so does the page's address.
func TestRedirects(t *testing.T) {
	t.Parallel()
	j := &journal{}
	names := []string{"X-Key", "Authorization", "X-Own", "Accept", "Cookie", "Referer"}
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		j.add("other", r, names...)
		if r.URL.Path == "/asks" {
			w.Header().Set("WWW-Authenticate", `Basic realm="x"`)
			w.WriteHeader(http.StatusUnauthorized)
		}
	}))
	defer other.Close()
	elsewhere := strings.Replace(other.URL, "127.0.0.1", "localhost", 1)
	own := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		j.add("own", r, names...)
		code := http.StatusFound
		if r.Method == http.MethodPost {
			code = http.StatusTemporaryRedirect
		}
		if strings.HasPrefix(r.URL.Path, "/hidden") {
			w.Header().Set("Referrer-Policy", "no-referrer")
		}
		http.Redirect(w, r, elsewhere+r.URL.Path, code)
	}))
	defer own.Close()
	opts := ContextOptions{
		BrowserNewContextOptions: playwright.BrowserNewContextOptions{HttpCredentials: &playwright.HttpCredentials{Username: "me", Password: "pw", Origin: &own.URL}},
		Headers:                  Headers{Values: map[string]string{"X-Key": "key", "Authorization": "context", "Accept": "text/x"}, Origins: []string{own.URL}},
	}
	page := strings.Replace(own.URL, "http://", "http://me:pw@", 1) + "/page?a=1#b"
	for name, c := range map[string]struct {
		ask  Request
		want []string
	}{
		"of the context": {Request{URL: own.URL + "/a"}, []string{
			"own|GET|/a|key|context||text/x|sid=s1|" + own.URL + "/page?a=1", "other|GET|/a||||*/*||" + own.URL + "/",
		}},
		"the request's own go before": {Request{URL: own.URL + "/a", Headers: map[string]string{"authorization": "mine", "accept": "text/y", "x-own": "1"}}, []string{
			"own|GET|/a|key|mine|1|text/y|sid=s1|" + own.URL + "/page?a=1", "other|GET|/a||||text/y||" + own.URL + "/",
		}},
		"a policy on the way": {Request{URL: own.URL + "/hidden"}, []string{
			"own|GET|/hidden|key|context||text/x|sid=s1|" + own.URL + "/page?a=1", "other|GET|/hidden||||*/*||",
		}},
		"a body": {Request{Method: http.MethodPost, URL: own.URL + "/a", Body: strings.NewReader("b=1"), Headers: map[string]string{"Content-Type": "text/plain"}}, []string{
			"own|POST|/a|key|context||text/x|sid=s1|" + own.URL + "/page?a=1|b=1", "other|POST|/a||||*/*||" + own.URL + "/|b=1",
		}},
		"another that asks": {Request{URL: own.URL + "/asks"}, []string{
			"own|GET|/asks|key|context||text/x|sid=s1|" + own.URL + "/page?a=1", "other|GET|/asks||||*/*||" + own.URL + "/",
		}},
	} {
		c.ask.Page = page
		if got, err := j.ask(t, opts, &c.ask); err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%s: %v\n got %s\nwant %s", name, err, strings.Join(got, "\n     "), strings.Join(c.want, "\n     "))
		}
	}
	// The address may be of the site's making: nothing of the spec goes there.
	r := Request{URL: elsewhere + "/x", Page: page, Headers: map[string]string{"X-Own": "1"}}
	got, err := j.ask(t, opts, &r)
	if err == nil || !strings.Contains(err.Error(), "the request's header X-Own would go to "+elsewhere) || len(got) > 0 {
		t.Errorf("an origin that the spec does not name: %v, %v", got, err)
	}
	for _, r := range []Request{
		{URL: elsewhere + "/x", Named: elsewhere, Headers: map[string]string{"X-Own": "1"}},
		{URL: elsewhere + "/x", Headers: map[string]string{"Accept": "1"}},
	} {
		if got, err := j.ask(t, opts, &r); err != nil || len(got) != 1 {
			t.Errorf("%+v: %v, %v", r, got, err)
		}
	}
}

// A body is sent again when the site asks who it is, basic or digest, and along
// 307 and 308; after 303 there is none.
func TestBodySentAgain(t *testing.T) {
	t.Parallel()
	j := &journal{}
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		j.add("site", r)
		switch {
		case strings.HasPrefix(r.URL.Path, "/to"):
			code := 0
			_, _ = fmt.Sscanf(r.URL.Path, "/to%d", &code)
			http.Redirect(w, r, "/end", code)
		case r.URL.Path != "/end" && r.Header.Get("Authorization") == "":
			w.Header().Set("WWW-Authenticate", map[string]string{"/basic": `Basic realm="x"`, "/digest": `Digest realm="x", nonce="n", qop="auth", algorithm=MD5`}[r.URL.Path])
			w.WriteHeader(http.StatusUnauthorized)
		}
	}))
	defer site.Close()
	opts := ContextOptions{BrowserNewContextOptions: playwright.BrowserNewContextOptions{
		HttpCredentials: &playwright.HttpCredentials{Username: "me", Password: "pw", Origin: &site.URL},
	}}
	for path, want := range map[string][]string{
		"/basic":  {"site|POST|/basic|b=1", "site|POST|/basic|b=1"},
		"/digest": {"site|POST|/digest|b=1", "site|POST|/digest|b=1"},
		"/to307":  {"site|POST|/to307|b=1", "site|POST|/end|b=1"},
		"/to308":  {"site|POST|/to308|b=1", "site|POST|/end|b=1"},
		"/to303":  {"site|POST|/to303|b=1", "site|GET|/end"},
		"/to302":  {"site|POST|/to302|b=1", "site|GET|/end"},
	} {
		got, err := j.ask(t, opts, &Request{Method: http.MethodPost, URL: site.URL + path, Body: strings.NewReader("b=1")})
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: %v, got %v, want %v", path, err, got, want)
		}
	}
}

// The Referer is as browsers send it, by each policy.
func TestReferer(t *testing.T) {
	t.Parallel()
	const page, full, origin = "https://me:pw@a.test/p?q=1#f", "https://a.test/p?q=1", "https://a.test/"
	for policy, want := range map[string][3]string{ // of the same origin, of another, without TLS
		"":                           {full, origin, ""},
		"no-referrer":                {"", "", ""},
		"no-referrer-when-downgrade": {full, full, ""},
		"same-origin":                {full, "", ""},
		"origin":                     {origin, origin, ""},
		"strict-origin":              {origin, origin, ""},
		"origin-when-cross-origin":   {full, origin, ""},
		"unsafe-url":                 {full, full, ""},
		"never, nonsense":            {"", "", ""},
	} {
		for i, to := range []string{"https://a.test/x", "https://b.test/x", "http://a.test/x"} {
			u, err := url.Parse(to)
			if err != nil {
				t.Fatal(err)
			}
			if got := Referer(page, u, PolicyOf([]string{policy}, "")); got != want[i] {
				t.Errorf("%q to %s: got %q, want %q", policy, to, got, want[i])
			}
		}
	}
	if got := Referer("about:blank", &url.URL{Scheme: "https", Host: "a.test"}, ""); got != "" {
		t.Errorf("from no address: %q", got)
	}
}
