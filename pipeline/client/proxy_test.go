package client

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/playwright-community/playwright-go"

	"pipe/pipeline/testproxy"
)

// lockedProxy is a proxy that serves only who says the user and the password.
func lockedProxy(t *testing.T) string {
	t.Helper()
	return (&testproxy.Proxy{User: "carrier", Password: "pr0xy:pass"}).Start(t)
}

// echoSite answers what it was sent; at /open with nothing that tells the end.
func echoSite(t *testing.T, secure bool) *httptest.Server {
	t.Helper()
	site := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		text := fmt.Sprintf("%s %s %v", r.Method, body, r.Header)
		if r.URL.Path != "/open" {
			fmt.Fprint(w, text)
			return
		}
		conn, out, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		fmt.Fprint(out, "HTTP/1.1 200 OK\r\n\r\n", text)
		_, _ = out.Flush(), conn.Close()
	}))
	if secure {
		site.StartTLS()
	} else {
		site.Start()
	}
	t.Cleanup(site.Close)
	return site
}

func withProxy(server, user, password string) ContextOptions {
	return ContextOptions{BrowserNewContextOptions: playwright.BrowserNewContextOptions{
		IgnoreHttpsErrors: playwright.Bool(true), Proxy: &playwright.Proxy{Server: server, Username: &user, Password: &password},
	}}
}

// A proxy is told its user and password, and nobody else is: no site, and no error.
func TestProxyLogin(t *testing.T) {
	t.Parallel()
	proxy := lockedProxy(t)
	for _, site := range []*httptest.Server{echoSite(t, false), echoSite(t, true)} {
		got := askBy(withProxy(proxy, "carrier", "pr0xy:pass"), site.URL)
		if !strings.HasPrefix(got, "GET ") || strings.Contains(got, "Authorization") {
			t.Errorf("%s: the site was sent %s", site.URL, got)
		}
		via, err := NewTransport(withProxy(proxy, "carrier", "wr0ng:pass"))
		if err != nil {
			t.Fatal(err)
		}
		_, err = (&http.Client{Transport: via}).Get(site.URL)
		via.Close()
		if !errors.Is(err, ErrProxy) || !strings.Contains(err.Error(), "the proxy refuses its user and password") || strings.Contains(err.Error(), "wr0ng") {
			t.Errorf("%s: %v", site.URL, err)
		}
		failed := (&Request{URL: site.URL}).failure(t.Context(), err)
		if !errors.Is(failed, ErrProxy) || strings.Contains(failed.Error(), "wr0ng") || strings.Contains(failed.Error(), "carrier") {
			t.Errorf("%s: %v", site.URL, failed)
		}
	}
}

// A browser reaches such a proxy by a relay, which leaves all else as it is.
func TestProxyRelay(t *testing.T) {
	t.Parallel()
	proxy := lockedProxy(t)
	var failed atomic.Int32
	relayed := func(server, password string) (*http.Client, func()) {
		via, err := NewTransport(withProxy(server, "carrier", password))
		if err != nil {
			t.Fatal(err)
		}
		opts, err := via.ForBrowser(t.Context(), func() { failed.Add(1) })
		if err != nil {
			t.Fatal(err)
		}
		if opts.Proxy.Username != nil || opts.Proxy.Password != nil || strings.Contains(opts.Proxy.Server, "@") {
			t.Errorf("the browser is told %+v", opts.Proxy)
		}
		at, err := url.Parse(opts.Proxy.Server)
		if err != nil {
			t.Fatal(err)
		}
		browser := &http.Transport{Proxy: http.ProxyURL(at), TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}
		return &http.Client{Transport: browser, Timeout: time.Minute}, func() {
			browser.CloseIdleConnections()
			via.Close()
			via.Close()
		}
	}
	client, done := relayed(proxy, "pr0xy:pass")
	for _, site := range []*httptest.Server{echoSite(t, false), echoSite(t, true)} {
		for _, path := range []string{"/", "/second", "/open"} {
			answer, err := client.Post(site.URL+path, "text/plain", strings.NewReader("body of "+path))
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(answer.Body)
			_ = answer.Body.Close()
			if got := string(body); err != nil || !strings.HasPrefix(got, "POST body of "+path+" ") || strings.Contains(got, "Authorization") {
				t.Errorf("%s%s: the site was sent %s, %v", site.URL, path, got, err)
			}
			if OpenEnd(answer) != (path == "/open") {
				t.Errorf("%s%s: its end is told: %t", site.URL, path, !OpenEnd(answer))
			}
		}
	}
	done()
	if n := failed.Load(); n != 0 {
		t.Errorf("the proxy is told to fail %d times", n)
	}
	gone := httptest.NewServer(nil)
	gone.Close()
	for name, server := range map[string]string{"refused": proxy, "gone": gone.URL} {
		failed.Store(0)
		client, done := relayed(server, "wrong")
		for _, at := range []string{"http://site.test/", "https://site.test/"} {
			if answer, err := client.Get(at); err == nil {
				_ = answer.Body.Close()
				t.Errorf("%s: the browser is answered %d", name, answer.StatusCode)
			}
		}
		done()
		if failed.Load() < 2 {
			t.Errorf("%s: it is told %d times", name, failed.Load())
		}
	}
	// A proxy without a login needs no relay.
	via, err := NewTransport(ContextOptions{BrowserNewContextOptions: playwright.BrowserNewContextOptions{Proxy: &playwright.Proxy{Server: proxy}}})
	if err != nil {
		t.Fatal(err)
	}
	defer via.Close()
	if opts, err := via.ForBrowser(context.WithoutCancel(t.Context()), nil); err != nil || opts.Proxy.Server != proxy {
		t.Errorf("by %+v, %v", opts.Proxy, err)
	}
}
