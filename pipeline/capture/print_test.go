package capture

import (
	"bytes"
	"context"
	"testing"

	"pipe/pipeline"
	"pipe/pipeline/artifact"
	"pipe/pipeline/session"
	"pipe/steps"
)

// A page that is itself the document is printed: one that opens in a tab, one
// that opens in place, and the page as it is.
func TestPrint(t *testing.T) {
	t.Parallel()
	how := map[string]any{"paperWidth": 8.27, "paperHeight": 11.7, "printBackground": true, "displayHeaderFooter": true, "headerTemplate": "<b style='font-size:10px'>on top</b>"}
	store, err := artifact.Open(t.Context(), t.TempDir(), artifact.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = store.Close() }()
	for kind := range browsers() {
		t.Run(kind, func(t *testing.T) {
			ctx := limited(t)
			site := newFiles(t)
			pool := launch(t, kind, session.Options{})
			pg := open(ctx, t, pool, 0)
			for _, way := range []string{"document", "documenthere", "as it is"} {
				var d steps.Delivery
				if way == "as it is" {
					if _, err := pg.Playwright().Goto(site.URL + "/document?n=A1"); err != nil {
						t.Fatal(err)
					}
					if d, err = pg.Files().Print(ctx, pg.Playwright(), how); err != nil {
						t.Fatal(err)
					}
				} else {
					d = asked(ctx, t, pg, site, way, "A1", steps.CaptureOptions{Print: how})
				}
				provePrint(ctx, t, store, d, way)
			}
			if n := len(pg.Playwright().Context().Pages()); n != 1 {
				t.Errorf("%d pages are open, want the pool's one", n)
			}
		})
	}
}

func provePrint(ctx context.Context, t *testing.T, store pipeline.Store, d steps.Delivery, way string) {
	t.Helper()
	if d == nil {
		t.Fatalf("%s: nothing came", way)
	}
	var got bytes.Buffer
	how, err := d.Receive(ctx, &got)
	if err != nil {
		t.Fatalf("%s: %v", way, err)
	}
	file, err := store.Create(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Discard()
	if _, err := file.Write(got.Bytes()); err != nil {
		t.Fatal(err)
	}
	proof, err := store.Prove(ctx, file, pipeline.Expectation{Type: "pdf", Contains: []string{"Report of A1", "on top", "second page"}})
	if err != nil || proof.Pages != 2 || how.Via != "print" {
		t.Errorf("%s: %d pages via %s, %v", way, proof.Pages, how.Via, err)
	}
}
