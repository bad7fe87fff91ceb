package session

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pipe/pipeline"
	"pipe/specs"
	"pipe/steps"
)

// authority vouches for sites, and for an authority below it.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func (a *authority) issue(t *testing.T, of *x509.Certificate) *authority {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	of.SerialNumber = big.NewInt(time.Now().UnixNano())
	if of.NotAfter.IsZero() {
		of.NotAfter = time.Now().Add(time.Hour)
	}
	of.NotBefore = of.NotAfter.Add(-24 * time.Hour)
	by := &authority{of, key}
	if a != nil {
		by = a
	}
	der, err := x509.CreateCertificate(rand.Reader, of, by.cert, &key.PublicKey, by.key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return &authority{cert, key}
}

func newAuthority(t *testing.T, above *authority, name string) *authority {
	t.Helper()
	return above.issue(t, &x509.Certificate{
		Subject: pkix.Name{CommonName: name}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	})
}

// tlsSite serves pages and a file under a certificate for addresses, out of date or not.
func tlsSite(t *testing.T, chain []*authority, at net.IP, until time.Time) *httptest.Server {
	t.Helper()
	leaf := chain[0].issue(t, &x509.Certificate{
		Subject: pkix.Name{CommonName: "site"}, IPAddresses: []net.IP{at}, NotAfter: until, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	})
	cert := tls.Certificate{Certificate: [][]byte{leaf.cert.Raw}, PrivateKey: leaf.key}
	for _, above := range chain[:len(chain)-1] {
		cert.Certificate = append(cert.Certificate, above.cert.Raw)
	}
	site := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, "<!doctype html><p id=p>in</p>")
	}))
	site.Config.ErrorLog = log.New(io.Discard, "", 0)
	site.TLS = &tls.Config{Certificates: []tls.Certificate{cert}}
	site.StartTLS()
	t.Cleanup(site.Close)
	return site
}

// Sites for which an authority of the spec's own vouches are let in, by pages and beside
// them, and no others: not out of date, not another's, not of an authority unknown.
func TestOwnAuthority(t *testing.T) {
	t.Parallel()
	ctx := limited(t)
	root := newAuthority(t, nil, "our own root")
	below := newAuthority(t, root, "our own department")
	other := newAuthority(t, nil, "somebody else")
	file := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: root.cert.Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	here, past := net.IPv4(127, 0, 0, 1), time.Now().Add(-time.Hour)
	for name, c := range map[string]struct {
		chain []*authority
		at    net.IP
		until time.Time
		ca    string
		bad   bool
		kind  string
	}{
		"our own":              {[]*authority{root}, here, time.Time{}, file, false, "shell"},
		"our own, in chromium": {[]*authority{root}, here, time.Time{}, file, false, "chromium"},
		"our department's":     {[]*authority{below, root}, here, time.Time{}, file, false, "shell"},
		"out of date":          {[]*authority{root}, here, past, file, true, "shell"},
		"of another site":      {[]*authority{root}, net.IPv4(127, 0, 0, 9), time.Time{}, file, true, "shell"},
		"of somebody else":     {[]*authority{other}, here, time.Time{}, file, true, "shell"},
		"with our own beside":  {[]*authority{other, root, root}, here, time.Time{}, file, true, "shell"},
		"unknown, without ca":  {[]*authority{root}, here, time.Time{}, "", true, "shell"},
		"unknown, in chromium": {[]*authority{root}, here, time.Time{}, "", true, "chromium"},
		"out of date, without": {[]*authority{root}, here, past, "", true, "shell"},
	} {
		t.Run(name, func(t *testing.T) {
			site := tlsSite(t, c.chain, c.at, c.until)
			text := fmt.Sprintf("name: x\nkey: ${{ item.a }}\nsource: {items: [{a: \"1\"}]}\nbase_url: %s\n", site.URL)
			if c.ca != "" {
				text += fmt.Sprintf("browser: {context: {ca: %s}}\n", c.ca)
			}
			spec, err := specs.Parse("x.yaml", []byte(text), specs.Options{Verbs: steps.Verbs()})
			if err != nil {
				t.Fatal(err)
			}
			opts := Options{BaseURL: site.URL, Context: ContextOptions(spec), Login: func(_ context.Context, page pipeline.Page, _ int) error {
				_, err := page.Playwright().Goto("/")
				return err
			}}
			opts.Browser.Authorities = c.ca
			pool := launch(t, c.kind, opts)
			page, err := pool.Open(ctx, 0)
			if c.bad {
				var fault *pipeline.CertificateError
				if !errors.As(err, &fault) || !strings.Contains(err.Error(), "browser.context.ca") {
					t.Errorf("the login: %v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			defer page.Done()
			if got, err := page.Playwright().Locator("#p").TextContent(); err != nil || got != "in" {
				t.Errorf("the page says %q, %v", got, err)
			}
			d, err := page.Files().Fetch(ctx, page.Playwright(), steps.Link{URL: "/file"})
			if err == nil {
				_, err = d.Receive(ctx, io.Discard)
			}
			if err != nil {
				t.Errorf("a file: %v", err)
			}
		})
	}
}
