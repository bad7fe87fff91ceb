package client

import (
	"crypto/tls"
	"errors"

	"github.com/playwright-community/playwright-go"
	"software.sslmate.com/src/go-pkcs12"
)

var errEncryptedKey = errors.New("a key in PEM that has a passphrase serves pages alone: give both as pfx to fetch files")

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
