package session

import (
	"encoding/pem"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pipe/pipeline"
	"pipe/specs"
	"pipe/steps"
)

// With an authority of the spec's own the driver shows a page of its own, as status 503,
// or nothing, where another host's certificate is not taken: that is the certificate's
// fault, which ends the run.
func TestOtherHostsCertificate(t *testing.T) {
	t.Parallel()
	ctx := limited(t)
	root := newAuthority(t, nil, "our own root")
	file := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: root.cert.Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	here := net.IPv4(127, 0, 0, 1)
	site := tlsSite(t, []*authority{root}, here, time.Time{})
	strange := tlsSite(t, []*authority{newAuthority(t, nil, "somebody else")}, here, time.Time{})
	expired := tlsSite(t, []*authority{root}, here, time.Now().Add(-time.Hour))
	spec, err := specs.Parse("x.yaml", []byte(fmt.Sprintf("name: x\nkey: ${{ item.a }}\nsource: {items: [{a: \"1\"}]}\nbase_url: %s\nbrowser: {context: {ca: %s}}\n", site.URL, file)),
		specs.Options{Verbs: steps.Verbs()})
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]string{"page": "chromium", "tab": "shell"}
	for name, at := range map[string]string{"a stranger's": strange.URL + "/", "out of date": expired.URL + "/"} {
		for how, show := range map[string]string{"page": "at => { location = at }", "tab": "at => { open(at) }"} {
			t.Run(name+" in a "+how, func(t *testing.T) {
				opts := Options{BaseURL: site.URL, Context: ContextOptions(spec)}
				opts.Browser.Authorities = file
				pool := launch(t, kinds[how], opts)
				pg := open(ctx, t, pool, 0).(*Page)
				told := make(chan struct{}, 8)
				defer pg.Watch(func(err error) {
					if steps.IsCertificateFault(err) {
						told <- struct{}{}
					}
				})()
				if _, err := pg.Playwright().Goto("/"); err != nil {
					t.Fatal(err)
				}
				if _, err := pg.Playwright().Evaluate(show, at); err != nil {
					t.Fatal(err)
				}
				await(ctx, t, told)
				var fault *pipeline.CertificateError
				if _, err := pool.Open(ctx, 0); !errors.As(err, &fault) || !strings.Contains(err.Error(), at[:len(at)-1]) {
					t.Errorf("got %v", err)
				}
			})
		}
	}
}
