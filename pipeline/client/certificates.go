package client

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net/url"

	"github.com/playwright-community/playwright-go"
	"software.sslmate.com/src/go-pkcs12"
)

var errEncryptedKey = errors.New("a key in PEM that has a passphrase serves pages alone: give both as pfx to fetch files")

// certify gives an origin a transport of its own.
func (t *Transport) certify(c playwright.ClientCertificate) error {
	u, err := url.Parse(c.Origin)
	if err != nil {
		return fmt.Errorf("the origin of a client certificate: %w", err)
	}
	cert, err := certificate(c)
	switch {
	case errors.Is(err, errEncryptedKey):
		t.unusable[origin(u)] = err
		return nil
	case err != nil:
		return fmt.Errorf("the client certificate for %s: %w", origin(u), err)
	}
	own := t.plain.Clone()
	if own.TLSClientConfig == nil {
		own.TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	own.TLSClientConfig.Certificates = []tls.Certificate{cert}
	t.own[origin(u)] = own
	return nil
}

func certificate(c playwright.ClientCertificate) (tls.Certificate, error) {
	if len(c.Pfx) == 0 {
		if c.Passphrase != nil && *c.Passphrase != "" {
			return tls.Certificate{}, errEncryptedKey
		}
		return tls.X509KeyPair(c.Cert, c.Key)
	}
	phrase := ""
	if c.Passphrase != nil {
		phrase = *c.Passphrase
	}
	key, leaf, chain, err := pkcs12.DecodeChain(c.Pfx, phrase)
	if err != nil {
		return tls.Certificate{}, err
	}
	cert := tls.Certificate{Certificate: [][]byte{leaf.Raw}, PrivateKey: key, Leaf: leaf}
	for _, above := range chain {
		cert.Certificate = append(cert.Certificate, above.Raw)
	}
	return cert, nil
}
