package session

import (
	"context"
	"encoding/pem"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"pipe/pipeline"
	"pipe/specs"
	"pipe/steps"
)

// With an authority of the spec's own the driver shows a page of its own, as status 503,
// where another host's certificate is not taken: that is the certificate's fault, in a
// page, in a tab of which a file is to come, and beside the browser.
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
	opts := Options{BaseURL: site.URL, Context: ContextOptions(spec)}
	opts.Browser.Authorities = file
	pool := launch(t, "shell", opts)
	pg := open(ctx, t, pool, 0).(*Page)
	for name, at := range map[string]string{"a stranger's": strange.URL + "/", "out of date": expired.URL + "/"} {
		t.Run(name, func(t *testing.T) {
			on := pipeline.NewStepContext(spec, pg, spec.Values, "")
			on.StepTimeout = time.Minute
			if err := pipeline.WhileWatched(ctx, pg, on, func(ctx context.Context) error { return on.Goto(ctx, at, nil, nil) }); !steps.IsCertificateFault(err) {
				t.Errorf("in the page: %v", err)
			}
			// It is told before the driver's page is there.
			if err := pg.Playwright().WaitForURL(at); err != nil {
				t.Fatal(err)
			}
			if _, err := pg.Playwright().Goto("/"); err != nil {
				t.Fatal(err)
			}
			pending, err := pg.Files().Listen(ctx, pg.Playwright(), steps.CaptureOptions{Kind: "pdf"})
			if err != nil {
				t.Fatal(err)
			}
			defer pending.Close()
			if _, err := pg.Playwright().Evaluate("at => { open(at) }", at); err != nil {
				t.Fatal(err)
			}
			d, err := pending.Wait(ctx)
			if err == nil {
				_, err = d.Receive(ctx, io.Discard)
			}
			if !steps.IsCertificateFault(err) {
				t.Errorf("in a tab: %v", err)
			}
			if d, err = pg.Files().Fetch(ctx, pg.Playwright(), steps.Link{URL: at}); err == nil {
				_, err = d.Receive(ctx, io.Discard)
			}
			if !steps.IsCertificateFault(err) {
				t.Errorf("beside the browser: %v", err)
			}
		})
	}
}
