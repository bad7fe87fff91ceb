package session

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/md5" // what digest authentication is made of
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/playwright-community/playwright-go"

	"pipe/pipeline"
	"pipe/pipeline/testproxy"
	"pipe/specs"
	"pipe/steps"
)

func hash(parts ...string) string {
	sum := md5.Sum([]byte(strings.Join(parts, ":")))
	return hex.EncodeToString(sum[:])
}

// authorized checks digest authentication as RFC 7616 has it.
func authorized(r *http.Request, user, password string) bool {
	says := map[string]string{}
	for part := range strings.SplitSeq(strings.TrimPrefix(r.Header.Get("Authorization"), "Digest "), ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		says[name] = strings.Trim(value, `"`)
	}
	ha1, ha2 := hash(user, "site", password), hash(r.Method, r.URL.RequestURI())
	return says["username"] == user && says["response"] == hash(ha1, "n0nce", says["nc"], says["cnonce"], "auth", ha2)
}

// pemCertificate makes a client certificate for no origin yet.
func pemCertificate(t *testing.T) playwright.ClientCertificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	as := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "dealer"}, NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, as, as, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return playwright.ClientCertificate{
		Cert: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), Key: pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: plain}),
	}
}

// A site that nobody vouches for, that wants a client certificate and digest
// authentication, behind a proxy for each context: the spec's words reach it,
// by pages and by fetches.
func TestContextOverTLS(t *testing.T) {
	t.Parallel()
	ctx := limited(t)
	var seen sync.Map
	site := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !authorized(r, "me", "mine") {
			w.Header().Set("WWW-Authenticate", `Digest realm="site", nonce="n0nce", qop="auth", algorithm=MD5`)
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		who := "nobody"
		if len(r.TLS.PeerCertificates) > 0 {
			who = r.TLS.PeerCertificates[0].Subject.CommonName
		}
		seen.Store(r.URL.Path, fmt.Sprint(who, " ", r.Header.Get("X-Branch")))
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, "<!doctype html>in")
	}))
	site.TLS = &tls.Config{ClientAuth: tls.RequestClientCert}
	site.Config.ErrorLog = log.New(io.Discard, "", 0) // browsers open connections that they do not use
	site.StartTLS()
	defer site.Close()
	var uses [2]sync.Once
	used := make(chan int, 2)
	var proxies []string
	for i := range uses {
		proxy := &testproxy.Proxy{Used: func() { uses[i].Do(func() { used <- i }) }}
		proxies = append(proxies, proxy.Start(t))
	}
	dir := t.TempDir()
	inPEM := pemCertificate(t)
	for name, text := range map[string][]byte{"a.pem": inPEM.Cert, "a.key": inPEM.Key} {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	spec, err := specs.Parse("x.yaml", fmt.Appendf(nil, `
name: x
key: ${{ item.a }}
source: {items: [{a: "1"}]}
base_url: %[1]s
browser:
  context:
    credentials: {username: me, password: mine, origin: %[1]s}
    client_certificates: [{origin: %[1]s, cert: %[2]s/a.pem, key: %[2]s/a.key}]
    headers: {X-Branch: "${{ account.branch }}"}
    ignore_https_errors: true
    timezone: Pacific/Auckland
    viewport: {width: 901, height: 607}
    proxy: [%[3]s, %[4]s]
login:
  accounts: [{branch: north}]
  steps: [{goto: /}]
  success: {visible: body}
`, site.URL, dir, proxies[0], proxies[1]), specs.Options{Verbs: steps.Verbs()})
	if err != nil {
		t.Fatal(err)
	}
	pool := launch(t, "shell", Options{Contexts: 2, Context: ContextOptions(spec), Accounts: pipeline.Accounts(spec)})
	for w := range 2 {
		pg := open(ctx, t, pool, w)
		if _, err := pg.Playwright().Goto("/page"); err != nil {
			t.Fatal(err)
		}
		got, err := pg.Playwright().Evaluate("[Intl.DateTimeFormat().resolvedOptions().timeZone, innerWidth, innerHeight].join(' ')")
		if err != nil || got != "Pacific/Auckland 901 607" {
			t.Errorf("the page has %v, %v", got, err)
		}
		d, err := pg.Files().Fetch(ctx, pg.Playwright(), steps.Link{URL: "/file"})
		if err == nil {
			_, err = d.Receive(ctx, io.Discard)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, path := range []string{"/page", "/file"} {
		if got, _ := seen.Load(path); got != "dealer north" {
			t.Errorf("%s: %v", path, got)
		}
	}
	if len(used) != 2 {
		t.Errorf("%d of 2 proxies were used", len(used))
	}
}
