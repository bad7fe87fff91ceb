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
		length := "of a length that is not said"
		if resp.ContentLength >= 0 {
			length = fmt.Sprint(resp.ContentLength-int64(len(body)), " bytes more") // by placeholders it is another one
		}
		seen = append(seen, fmt.Sprintf("%s %d %s %s %v", resp.Request.URL.Path, resp.StatusCode, length, body, err))
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
	if err != nil || !found || !strings.HasPrefix(token, "placeholder-token-") {
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
