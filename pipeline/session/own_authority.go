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
	"sync"
	"time"

	"github.com/playwright-community/playwright-go"
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
