package capture

import (
	"bytes"
	"context"
	"fmt"
	"testing"
	"time"

	"pipe/pipeline"
	"pipe/pipeline/session"
	"pipe/steps"
)

// windowWays are the ways of the windows' site, in an order in which a window is
// used again.
var windowWays = []string{
	"named", "namedopen", "namedlink", "namedempty", "hidden", "handle", "written", "writtenframe", "writtendata", "later", "refresh",
	"save", "savepipe", "shadow", "bloblocation", "revoked", "untyped", "rewritten", "worker",
	"far", "fardeep", "farblob", "farmove", "faropen", "sandbox", "far",
}

// Each way of windows, frames of other sites and scripts that save gives its own
// bytes, once.
func TestWindows(t *testing.T) {
	t.Parallel()
	for _, kind := range allKinds() {
		t.Run(kind, func(t *testing.T) {
			ctx := limited(t)
			site := newWindows(t, "")
			pool := launch(t, kind, session.Options{})
			pg := open(ctx, t, pool, 0)
			for n, way := range windowWays {
				t.Run(way, func(t *testing.T) {
					one, cancel := context.WithTimeout(ctx, 10*time.Second)
					defer cancel()
					id := fmt.Sprintf("%s-%d", way, n)
					got, err := site.take(one, t, pg, way, fmt.Sprint(n))
					if err != nil {
						t.Fatal(err)
					}
					if string(got) != "%PDF-1.4 "+id {
						t.Errorf("got %.60q", got)
					}
					if asked := site.asked[id]; asked > 1 {
						t.Errorf("asked for %d times", asked)
					}
					if err := pg.CloseStrays(ctx); err != nil {
						t.Error(err)
					}
				})
			}
			if n := len(pg.Playwright().Context().Pages()); n != 1 {
				t.Errorf("%d pages are open, want the pool's one", n)
			}
		})
	}
}

// take opens the site's page, clicks, and receives what comes.
func (s *windows) take(ctx context.Context, t testing.TB, pg pipeline.Page, way, n string) ([]byte, error) {
	t.Helper()
	if _, err := pg.Playwright().Goto(s.URL + "/?n=" + n); err != nil {
		return nil, err
	}
	d, err := clicked(ctx, pg, "#"+way, steps.CaptureOptions{Kind: "pdf"})
	if err != nil {
		return nil, err
	}
	var got bytes.Buffer
	_, err = d.Receive(ctx, &got)
	return got.Bytes(), err
}

func clicked(ctx context.Context, pg pipeline.Page, selector string, want steps.CaptureOptions) (steps.Delivery, error) {
	catch, err := pg.Files().Listen(ctx, pg.Playwright(), want)
	if err != nil {
		return nil, err
	}
	defer catch.Close()
	if err := pg.Playwright().Locator(selector).Click(); err != nil {
		return nil, err
	}
	return catch.Wait(ctx)
}
