package client

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/playwright-community/playwright-go"
	"go.uber.org/goleak"
	"software.sslmate.com/src/go-pkcs12"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A client certificate goes to its origin, from PEM and from a pfx, and to no
// other.
func TestTransportCertificates(t *testing.T) {
	t.Parallel()
	inPEM, inPfx := clientCertificate(t)
	site := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, whoAsks(r)) }))
	site.TLS = &tls.Config{ClientAuth: tls.RequestClientCert}
	site.StartTLS()
	defer site.Close()
	wrong, locked := inPfx, inPEM
	wrong.Passphrase, locked.Passphrase = playwright.String("no"), playwright.String("x")
	for name, c := range map[string]struct {
		cert         playwright.ClientCertificate
		origin, want string
	}{
		"pem":           {inPEM, site.URL, "dealer"},
		"pfx":           {inPfx, site.URL, "dealer"},
		"another":       {inPEM, "https://127.0.0.1:1", "nobody"},
		"wrong phrase":  {wrong, site.URL, "the client certificate for " + site.URL},
		"locked in pem": {locked, site.URL, "give both as pfx"},
	} {
		c.cert.Origin = c.origin
		got := askBy(ContextOptions{BrowserNewContextOptions: playwright.BrowserNewContextOptions{
			IgnoreHttpsErrors: playwright.Bool(true), ClientCertificates: []playwright.ClientCertificate{c.cert},
		}}, site.URL)
		if !strings.Contains(got, c.want) {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

// askBy asks a site beside a browser, and gives what it says or why not.
func askBy(opts ContextOptions, url string) string {
	r, err := NewTransport(opts)
	if err != nil {
		return err.Error()
	}
	defer r.Close()
	answer, err := (&http.Client{Transport: r}).Get(url)
	if err != nil {
		return err.Error()
	}
	defer func() { _ = answer.Body.Close() }()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		return err.Error()
	}
	return string(body)
}

// whoAsks names whose client certificate comes with a request.
func whoAsks(r *http.Request) string {
	if r.TLS == nil || len(r.TLS.PeerCertificates) == 0 {
		return "nobody"
	}
	return r.TLS.PeerCertificates[0].Subject.CommonName
}

// clientCertificate makes one in both forms, for no origin yet.
func clientCertificate(t *testing.T) (inPEM, inPfx playwright.ClientCertificate) {
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
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	pfx, err := pkcs12.Modern.Encode(key, leaf, nil, "phrase")
	if err != nil {
		t.Fatal(err)
	}
	inPEM.Cert = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	inPEM.Key = pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: plain})
	inPfx.Pfx, inPfx.Passphrase = pfx, playwright.String("phrase")
	return inPEM, inPfx
}

// Credentials go to the one origin that may have them, once it asks.
func TestTransportCredentials(t *testing.T) {
	t.Parallel()
	var seen []string
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		user, _, ok := r.BasicAuth()
		seen = append(seen, user)
		if !ok {
			w.Header().Set("WWW-Authenticate", `Basic realm="x"`)
			w.WriteHeader(http.StatusUnauthorized)
		}
	}))
	defer site.Close()
	for origin, want := range map[string]string{site.URL: ",me,me", "https://elsewhere.example": ","} {
		seen = nil
		r, err := NewTransport(ContextOptions{BrowserNewContextOptions: playwright.BrowserNewContextOptions{
			HttpCredentials: &playwright.HttpCredentials{Username: "me", Password: "mine", Origin: &origin},
		}})
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			answer, err := (&http.Client{Transport: r}).Get(site.URL)
			if err != nil {
				t.Fatal(err)
			}
			_ = answer.Body.Close()
		}
		r.Close()
		if got := strings.Join(seen, ","); got != want {
			t.Errorf("for %s: the site saw %q, want %q", origin, got, want)
		}
	}
}

func TestProxyBypass(t *testing.T) {
	t.Parallel()
	user := "u"
	p := &playwright.Proxy{Server: "proxy:3128", Username: &user, Bypass: playwright.String(".inner.example, localhost,*.test")}
	at, err := proxyAddress(p)
	via := proxyFor(at, p)
	if err != nil {
		t.Fatal(err)
	}
	for host, direct := range map[string]bool{"a.inner.example": true, "inner.example.org": false, "localhost": true, "x.test": true, "site.example": false} {
		req, err := http.NewRequest(http.MethodGet, "https://"+host+"/x", nil)
		if err != nil {
			t.Fatal(err)
		}
		u, err := via(req)
		if err != nil || (u == nil) != direct || u != nil && u.String() != "http://u:@proxy:3128" {
			t.Errorf("%s: by %v, %v", host, u, err)
		}
	}
}
