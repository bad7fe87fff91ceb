package session

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"pipe/pipeline/testproxy"
	"pipe/specs"
	"pipe/steps"
)

// lockedSite wants a login by HTTP, and keeps the headers that it was ever sent.
type lockedSite struct {
	*httptest.Server
	mu   sync.Mutex
	sent []string
}

func newLockedSite(t *testing.T, secure bool) *lockedSite {
	t.Helper()
	s := &lockedSite{}
	s.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.sent = append(s.sent, fmt.Sprint(r.Header))
		s.mu.Unlock()
		if user, password, _ := r.BasicAuth(); user != "me" || password != "s1te" {
			w.Header().Set("WWW-Authenticate", `Basic realm="site"`)
			w.WriteHeader(http.StatusUnauthorized)
		}
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, "<!doctype html><title>site</title>in")
	}))
	s.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, 0)
	if secure {
		s.StartTLS()
	} else {
		s.Start()
	}
	t.Cleanup(s.Close)
	return s
}

func (s *lockedSite) all() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sent
}

// The user and the password of a proxy go to the proxy, from pages and beside them,
// and those of the site to the site; neither to anyone else who asks for a login, and
// none to the log. A proxy that refuses them is told without them, and left.
func TestProxyLogin(t *testing.T) {
	t.Parallel()
	ctx := limited(t)
	proxy := (&testproxy.Proxy{User: "carrier", Password: "pr0xy:pass"}).Start(t)
	refusing := (&testproxy.Proxy{User: "carrier", Password: "another"}).Start(t)
	for _, secure := range []bool{false, true} {
		t.Run(fmt.Sprint("secure ", secure), func(t *testing.T) {
			own, other := newLockedSite(t, secure), newLockedSite(t, secure)
			spec, err := specs.Parse("x.yaml", fmt.Appendf(nil, `
name: x
key: ${{ item.a }}
source: {items: [{a: "1"}]}
base_url: %[1]s
browser:
  context:
    credentials: {username: me, password: s1te}
    ignore_https_errors: true
    proxy:
    - {server: "%[2]s", username: carrier, password: "pr0xy:pass"}
    - {server: "%[3]s", username: carrier, password: "pr0xy:pass"}
`, own.URL, proxy, refusing), specs.Options{Verbs: steps.Verbs()})
			if err != nil {
				t.Fatal(err)
			}
			var log bytes.Buffer
			var lock sync.Mutex
			opts := Options{Contexts: 2, Proxies: 2, Context: ContextOptions(spec)}
			opts.Browser.Log = slog.New(slog.NewTextHandler(&lockedWriter{&lock, &log}, &slog.HandlerOptions{Level: slog.LevelDebug}))
			pool := launch(t, "shell", opts)
			pg := open(ctx, t, pool, 0).(*Page)
			if answer, err := pg.Playwright().Goto("/page"); err != nil || answer.Status() != http.StatusOK {
				t.Fatalf("the site's page: %v, %v", answer, err)
			}
			fetch := func(pg *Page, url string) error {
				d, err := pg.Files().Fetch(ctx, pg.Playwright(), steps.Link{URL: url})
				if err == nil {
					_, err = d.Receive(ctx, io.Discard)
				}
				return err
			}
			if err := fetch(pg, "/file"); err != nil {
				t.Error(err)
			}
			if answer, err := pg.Playwright().Goto(other.URL + "/page"); err == nil && answer.Status() != http.StatusUnauthorized {
				t.Errorf("the other site answers %d", answer.Status())
			}
			if err := fetch(pg, other.URL+"/file"); err == nil {
				t.Error("the other site lets us in")
			}
			if n := len(other.all()); n < 2 {
				t.Errorf("the other site was asked %d times", n)
			}
			pg.Done()
			// The next context's proxy refuses.
			pg = open(ctx, t, pool, 1).(*Page)
			answer, err := pg.Playwright().Goto("/page")
			switch {
			case !steps.IsSiteFault(err):
				t.Errorf("by the proxy that refuses: %v, %v", answer, err)
			case !pg.Context.ProxyFailed():
				t.Error("the context does not leave the proxy that refuses")
			}
			told := fmt.Sprint(err, fetch(pg, own.URL+"/file"))
			pg.Done()
			pg = open(ctx, t, pool, 1).(*Page)
			if answer, err := pg.Playwright().Goto("/page"); err != nil || answer.Status() != http.StatusOK {
				t.Errorf("by the next proxy: %v, %v", answer, err)
			}
			pg.Done()
			lock.Lock()
			defer lock.Unlock()
			everything := strings.Join(append(append(own.all(), other.all()...), told, log.String()), "\n")
			for _, secret := range []string{"pr0xy", "carrier", base64.StdEncoding.EncodeToString([]byte("carrier:pr0xy:pass")), "Proxy-Authorization"} {
				if strings.Contains(everything, secret) {
					t.Errorf("%q is in %s", secret, everything)
				}
			}
			if strings.Contains(strings.Join(other.all(), ""), "Authorization") {
				t.Errorf("the other site was sent %q", other.all())
			}
		})
	}
}

// lockedWriter is written by several.
type lockedWriter struct {
	lock *sync.Mutex
	to   io.Writer
}

func (w *lockedWriter) Write(p []byte) (int, error) {
	w.lock.Lock()
	defer w.lock.Unlock()
	return w.to.Write(p)
}
