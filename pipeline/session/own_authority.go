package session

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/playwright-community/playwright-go"

	"pipe/pipeline"
	"pipe/pipeline/browser"
	"pipe/specs"
	"pipe/steps"
)

// Chromium has no switch by which it trusts one more authority: its list of key hashes
// takes any chain that merely shows the key, whoever signed it. So where a spec has
// an authority of its own, the driver speaks TLS for the browser, as it does for client
// certificates: it verifies names, dates and signatures, and knows the authority.

// nobodysOrigin is an origin that does not exist. A certificate for it makes the driver
// speak TLS, and is shown to nobody.
const nobodysOrigin = "https://nobody.invalid"

var nobodysCertificate = sync.OnceValues(func() (playwright.ClientCertificate, error) {
	var out playwright.ClientCertificate
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return out, err
	}
	of := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "nobody"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().AddDate(10, 0, 0),
	}
	cert, err := x509.CreateCertificate(rand.Reader, of, of, &key.PublicKey, key)
	if err != nil {
		return out, err
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return out, err
	}
	out.Origin = nobodysOrigin
	out.Cert = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert})
	out.Key = pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret})
	return out, nil
})

// watchCertificates finds out whether it is a certificate that is not taken where a page
// does not come: the driver shows a page of its own then, as status 503, or breaks the
// connection off. The request beside the browser says what it was.
func (p *Pool) watchCertificates(s *session, in *browser.Context, via http.RoundTripper) error {
	var asked sync.Map
	look := func(r playwright.Request) {
		origin := specs.OriginOf(r.URL())
		if !r.IsNavigationRequest() || !strings.HasPrefix(origin, "https:") {
			return
		}
		if _, again := asked.LoadOrStore(origin, true); again {
			return
		}
		in.Browser.Go(func(ctx context.Context) {
			err := certificateFault(ctx, origin, via)
			if err == nil {
				asked.Delete(origin)
				return
			}
			p.untaken.CompareAndSwap(nil, &err)
			for _, pg := range s.all() {
				pg.Tell(err)
			}
		})
	}
	return steps.RecoverPanics(func() {
		in.Playwright.OnRequestFailed(look)
		in.Playwright.OnResponse(func(r playwright.Response) {
			if r.Status() == http.StatusServiceUnavailable {
				look(r.Request())
			}
		})
	})
}

// trustAuthority has the driver speak TLS for a context, and makes sure that the
// site's certificate is taken: the browser would show a page that says it is not.
func trustAuthority(ctx context.Context, opts *playwright.BrowserNewContextOptions, via http.RoundTripper) error {
	one, err := nobodysCertificate()
	if err != nil {
		return fmt.Errorf("preparing for an authority of the spec's own: %w", err)
	}
	opts.ClientCertificates = append(slices.Clip(opts.ClientCertificates), one)
	if opts.BaseURL == nil {
		return nil
	}
	return certificateFault(ctx, *opts.BaseURL, via)
}

// certificateFault asks for an address beside the browser, and gives what is wrong with
// the certificate there.
func certificateFault(ctx context.Context, at string, via http.RoundTripper) error {
	ctx, cancel := context.WithTimeout(ctx, browser.CallLimit)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodHead, at, http.NoBody)
	if err != nil {
		return err
	}
	answer, err := via.RoundTrip(req)
	if err == nil {
		return answer.Body.Close()
	}
	if steps.IsCertificateFault(err) {
		return pipeline.CertificateFault(fmt.Errorf("%s: %w", steps.ShortURL(at), err))
	}
	return nil // that it cannot be reached is found out by who needs it
}
