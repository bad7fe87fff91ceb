package traffic_test

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"pipe/pipeline/traffic"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// site is one with a login, a token that it takes once, and answers of all sorts.
func site(t *testing.T, secure bool) *httptest.Server {
	t.Helper()
	var asked atomic.Int64
	mux := http.NewServeMux()
	mux.HandleFunc("GET /login", func(w http.ResponseWriter, _ *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "session", Value: "c00kie-of-the-session", HttpOnly: true, Expires: time.Now().Add(time.Hour)})
		fmt.Fprint(w, `<form method=post><input type="hidden" name="csrf" value="t0ken-of-the-form"></form>`)
	})
	mux.HandleFunc("POST /login", func(w http.ResponseWriter, r *http.Request) {
		if r.FormValue("password") != "hunter & 2" || r.FormValue("csrf") != "t0ken-of-the-form" {
			http.Error(w, "refused", http.StatusForbidden)
			return
		}
		http.Redirect(w, r, "/counter", http.StatusSeeOther)
	})
	mux.HandleFunc("GET /counter", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintf(w, "look %d", asked.Add(1)) })
	mux.HandleFunc("GET /stream", func(w http.ResponseWriter, _ *http.Request) {
		for range 3 {
			fmt.Fprint(w, "part ")
			_ = http.NewResponseController(w).Flush()
		}
	})
	mux.HandleFunc("GET /cut", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "1000")
		fmt.Fprint(w, "half of it")
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	})
	mux.HandleFunc("GET /item", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"id":%q}`, r.FormValue("id"))
	})
	server := httptest.NewUnstartedServer(mux)
	server.Config.ErrorLog = nil
	if secure {
		server.StartTLS()
	} else {
		server.Start()
	}
	t.Cleanup(server.Close)
	return server
}

// visitor goes through a proxy, as a browser does.
func visitor(t *testing.T, handler http.Handler) (*http.Client, *traffic.Proxy) {
	t.Helper()
	proxy, err := traffic.Start(t.Context(), handler)
	if err != nil {
		t.Fatal(err)
	}
	address, err := url.Parse(proxy.Address())
	if err != nil {
		t.Fatal(err)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{Proxy: http.ProxyURL(address), TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}
	t.Cleanup(transport.CloseIdleConnections)
	t.Cleanup(func() { _ = proxy.Close() })
	return &http.Client{Transport: transport, Jar: jar}, proxy
}

// visit does what a run would, and gives all that it saw.
func visit(t *testing.T, c *http.Client, base, password, csrf string) []string {
	t.Helper()
	var seen []string
	see := func(resp *http.Response, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		seen = append(seen, fmt.Sprintf("%s %d %d %s %v", resp.Request.URL.Path, resp.StatusCode, resp.ContentLength, body, err))
	}
	see(c.Get(base + "/login"))
	see(c.PostForm(base+"/login", url.Values{"password": {password}, "csrf": {csrf}, "at": {fmt.Sprint(time.Now().UnixMilli())}}))
	see(c.Get(base + "/counter"))
	see(c.Get(base + "/stream"))
	see(c.Get(base + "/cut"))
	see(c.Get(base + "/item?id=7&_=" + fmt.Sprint(time.Now().UnixMilli())))
	see(c.Get(base + "/item?id=8&_=" + fmt.Sprint(time.Now().UnixMilli())))
	if u, err := url.Parse(base); err != nil || len(c.Jar.Cookies(u)) != 1 {
		t.Errorf("the cookies are %v, %v", c.Jar.Cookies(u), err)
	}
	return seen
}

// What was recorded, scrubbed and written is played as the site was, over TLS too: in its
// order, with its lengths and its ends; and nothing of what is secret is in the file.
func TestRecordAndPlay(t *testing.T) {
	t.Parallel()
	for _, secure := range []bool{false, true} {
		t.Run(fmt.Sprintf("secure %v", secure), func(t *testing.T) {
			t.Parallel()
			server := site(t, secure)
			archive := &traffic.Archive{}
			client, proxy := visitor(t, &traffic.Recorder{Site: server.Client().Transport, Archive: archive})
			live := visit(t, client, server.URL, "hunter & 2", "t0ken-of-the-form")
			client.CloseIdleConnections()
			if err := proxy.Close(); err != nil {
				t.Fatal(err)
			}
			scrubber := traffic.NewScrubber(map[string]string{"SITE_PASSWORD": "hunter & 2"}, nil)
			scrubbed, err := scrubber.Scrub(t.Context(), archive)
			if err != nil {
				t.Fatal(err)
			}
			var har bytes.Buffer
			if err := scrubbed.Write(&har); err != nil {
				t.Fatal(err)
			}
			for _, secret := range []string{"hunter", "c00kie-of", "t0ken-of"} {
				if strings.Contains(har.String(), secret) {
					t.Errorf("the recording holds %q", secret)
				}
			}
			read, err := traffic.Read(&har)
			if err != nil {
				t.Fatal(err)
			}
			server.Close() // nobody is there any more
			player := traffic.NewPlayer(read, nil)
			client, _ = visitor(t, player)
			csrf := tokenIn(t, client, server.URL)
			played := visit(t, client, server.URL, scrubber.Placeholders()["SITE_PASSWORD"], csrf)
			for i := range live {
				if want := strings.ReplaceAll(live[i], "t0ken-of-the-form", csrf); played[i] != want {
					t.Errorf("played %q, want %q", played[i], want)
				}
			}
			if missing := player.Missing(); len(missing) > 0 {
				t.Errorf("missing: %v", missing)
			}
		})
	}
}

// tokenIn reads the token off the login page, as a browser sends it back.
func tokenIn(t *testing.T, c *http.Client, base string) string {
	t.Helper()
	resp, err := c.Get(base + "/login")
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	_, after, found := strings.Cut(string(body), `value="`)
	token, _, _ := strings.Cut(after, `"`)
	if err != nil || !found || len(token) != len("t0ken-of-the-form") {
		t.Fatalf("the page has no token: %s %v", body, err)
	}
	return token
}

// recorded is an archive of requests, each answered by its number.
func recorded(t *testing.T, requests ...string) *traffic.Archive {
	t.Helper()
	a := &traffic.Archive{}
	for i, one := range requests {
		method, rest, _ := strings.Cut(one, " ")
		address, body, _ := strings.Cut(rest, " ")
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		e := &traffic.Exchange{
			Started: time.Date(2025, 5, 5, 12, 0, i, 0, time.UTC), Method: method, URL: u, RequestHeader: http.Header{}, RequestBody: []byte(body),
			Status: http.StatusOK, Header: http.Header{}, Body: fmt.Appendf(nil, "answer %d", i+1), Length: true,
		}
		if body != "" {
			e.RequestHeader.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		a.Add(e)
	}
	return a
}

// A request has the answer of the one that was recorded; another time or another random
// value is none of its own, all else is, and what was not recorded is told with the
// difference.
func TestPlayerMatches(t *testing.T) {
	t.Parallel()
	const page = "http://site.test/page"
	now := time.Now()
	for name, c := range map[string]struct {
		recorded []string
		asked    []string
		want     []string
		missing  string
	}{
		"in order, the last again":     {[]string{"GET " + page, "GET " + page}, []string{"GET " + page, "GET " + page, "GET " + page}, []string{"answer 1", "answer 2", "answer 2"}, ""},
		"by its query, in any order":   {[]string{"GET " + page + "?id=1&b=2", "GET " + page + "?id=2&b=2"}, []string{"GET " + page + "?b=2&id=2", "GET " + page + "?b=2&id=1"}, []string{"answer 2", "answer 1"}, ""},
		"a time in milliseconds":       {[]string{"GET " + page + "?_=1746446400000"}, []string{fmt.Sprintf("GET %s?_=%d", page, now.UnixMilli())}, []string{"answer 1"}, ""},
		"a day":                        {[]string{"POST " + page + " day=2025-05-05&id=7"}, []string{"POST " + page + " id=7&day=" + now.Format(time.DateOnly)}, []string{"answer 1"}, ""},
		"a day that is not today":      {[]string{"POST " + page + " day=2024-01-01"}, []string{"POST " + page + " day=" + now.Format(time.DateOnly)}, nil, `recorded with form day "2024-01-01"`},
		"a random value":               {[]string{"GET " + page + "?r=0.123456789"}, []string{"GET " + page + "?r=0.987654321"}, []string{"answer 1"}, ""},
		"another item":                 {[]string{"GET " + page + "?id=1"}, []string{"GET " + page + "?id=2"}, nil, `GET http://site.test/page?id=2 (recorded with id "1", not "2")`},
		"one parameter more":           {[]string{"GET " + page + "?id=1"}, []string{"GET " + page + "?id=1&more=1"}, nil, "other parameters: more"},
		"another body":                 {[]string{"POST " + page + " a=1"}, []string{"POST " + page + " a=2"}, nil, `recorded with form a "1", not "2"`},
		"another address":              {[]string{"GET " + page}, []string{"GET http://site.test/other"}, nil, "GET http://site.test/other"},
		"another method":               {[]string{"GET " + page}, []string{"DELETE " + page}, nil, "DELETE http://site.test/page"},
		"another host, none is called": {[]string{"GET " + page}, []string{"GET http://localhost:1/page"}, nil, "GET http://localhost:1/page"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			player := traffic.NewPlayer(recorded(t, c.recorded...), nil)
			var got []string
			for _, one := range c.asked {
				method, rest, _ := strings.Cut(one, " ")
				address, body, _ := strings.Cut(rest, " ")
				r := httptest.NewRequest(method, address, strings.NewReader(body))
				if body != "" {
					r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				}
				w := httptest.NewRecorder()
				player.ServeHTTP(w, r)
				if w.Code == http.StatusOK {
					got = append(got, w.Body.String())
				}
			}
			if fmt.Sprint(got) != fmt.Sprint(c.want) {
				t.Errorf("answered %v, want %v", got, c.want)
			}
			missing := fmt.Sprint(player.Missing())
			if c.missing == "" && missing != "[]" || !strings.Contains(missing, c.missing) {
				t.Errorf("missing %s, want %q", missing, c.missing)
			}
		})
	}
}

// A value that the site has given is no random one of the page's: it tells items apart.
func TestPlayerKnowsWhatTheSiteSaid(t *testing.T) {
	t.Parallel()
	const id = "6a1ff4e2-0f51-4c0b-9f43-1f0d1f6b8a10"
	a := recorded(t, "GET http://site.test/list", "GET http://site.test/item?id="+id)
	a.Exchanges()[0].Body = []byte("item " + id)
	player := traffic.NewPlayer(a, nil)
	w := httptest.NewRecorder()
	player.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "http://site.test/item?id=00000000-0f51-4c0b-9f43-1f0d1f6b8a10", nil))
	if w.Code != http.StatusBadRequest || len(player.Missing()) != 1 {
		t.Errorf("answered %d %s, missing %v", w.Code, w.Body, player.Missing())
	}
}
