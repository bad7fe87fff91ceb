package pipeline

import (
	"crypto/x509"
	"fmt"
	"os"
	"path/filepath"

	"pipe/specs"
)

// Authorities are those that vouch for sites: the spec's own beside the machine's;
// nil where the spec has none.
func Authorities(spec *specs.Spec) (*x509.CertPool, error) {
	file, err := spec.Browser.Context.CA.Text(spec.Values)
	if err != nil || file == "" {
		return nil, err
	}
	text, err := os.ReadFile(filepath.Clean(file))
	if err != nil {
		return nil, fmt.Errorf("browser.context.ca: %w", err)
	}
	all, err := x509.SystemCertPool()
	if err != nil {
		all = x509.NewCertPool() // a machine may have none
	}
	if !all.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("browser.context.ca: %s holds no certificate in PEM (-----BEGIN CERTIFICATE-----)", file)
	}
	return all, nil
}
