package capture

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"pipe/pipeline"
	"pipe/pipeline/artifact"
	"pipe/pipeline/session"
	"pipe/steps"
)

// windowWays are the ways of the windows' site, in an order in which a window is
// used again.
var windowWays = []string{
	"named", "namedopen", "namedlink", "namedempty", "hidden", "handle", "written", "writtenframe", "writtendata", "later", "refresh",
	"save", "savepipe", "shadow", "bloblocation", "revoked", "untyped", "rewritten", "worker",
	"far", "fardeep", "farblob", "farmove", "faropen", "sandbox", "far", "service",
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
				if kind == "isolated" && !strings.HasPrefix(way, "far") {
					continue
				}
				t.Run(way, func(t *testing.T) {
					one, cancel := context.WithTimeout(ctx, time.Minute)
					defer cancel()
					id := fmt.Sprintf("%s-%d", way, n)
					got, err := site.take(one, t, pg, way, fmt.Sprint(n))
					if err != nil {
						t.Fatal(err)
					}
					if string(got) != "%PDF-1.4 "+id {
						t.Errorf("got %.60q", got)
					}
					if asked, _ := site.state(id); asked > 1 {
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

// A page stays until the file of a window is here that it may use again; where it
// was not known that it would, the file that was cut off is no other's.
func TestWindowUsedAgain(t *testing.T) {
	t.Parallel()
	ctx := limited(t)
	site := newWindows(t, "")
	pool := launch(t, "shell", session.Options{})
	pg := open(ctx, t, pool, 0)
	if _, err := pg.Playwright().Goto(site.URL + "/?n=1"); err != nil {
		t.Fatal(err)
	}
	asked := func(id, selector string) steps.Delivery {
		t.Helper()
		d, err := clicked(ctx, pg, selector, steps.CaptureOptions{Kind: "pdf"})
		if err != nil {
			t.Fatalf("%s: %v", id, err)
		}
		return d
	}
	receive := func(d steps.Delivery) (string, error) {
		var got bytes.Buffer
		_, err := d.Receive(ctx, &got)
		return got.String(), err
	}
	for _, way := range []string{"named", "namedopen", "namedlink"} {
		d := asked(way, "#"+way)
		if _, served := site.state(way + "-1"); !served {
			t.Errorf("%s: the page was let go before the file was here", way)
		}
		if got, err := receive(d); got != "%PDF-1.4 "+way+"-1" {
			t.Errorf("%s: got %.40q, %v", way, got, err)
		}
	}
	first := asked("again-1", "#again")
	failed := make(chan error, 1)
	go func() {
		_, err := receive(first)
		failed <- err
	}()
	<-site.arrived
	if got, err := receive(asked("again-2", "#again")); got != "%PDF-1.4 again-2" {
		t.Errorf("again-2: got %.40q, %v", got, err)
	}
	for _, id := range []string{"again-3", "again-4"} {
		d := asked(id, "#again")
		if _, served := site.state(id); !served {
			t.Errorf("%s: the page was let go before the file was here", id)
		}
		if got, err := receive(d); got != "%PDF-1.4 "+id {
			t.Errorf("%s: got %.40q, %v", id, got, err)
		}
	}
	// An address that is asked for beside the page goes on like it.
	d, err := pg.Files().Fetch(ctx, pg.Playwright(), steps.Link{URL: "/refresh?id=beside"})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := receive(d); got != "%PDF-1.4 beside" {
		t.Errorf("got %.40q, %v", got, err)
	}
	if err := <-failed; !errors.Is(err, errTabReused) {
		t.Errorf("the file that was cut off: %v", err)
	}
}

// Windows and frames that print themselves give their print, and hold no page.
func TestPrintsItself(t *testing.T) {
	t.Parallel()
	how := map[string]any{"displayHeaderFooter": true, "headerTemplate": "<b style='font-size:10px'>on top</b>"}
	store, err := artifact.Open(t.Context(), t.TempDir(), artifact.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = store.Close() }()
	for _, kind := range allKinds() {
		if kind == "isolated" {
			continue
		}
		t.Run(kind, func(t *testing.T) {
			ctx := limited(t)
			site := newWindows(t, "")
			pool := launch(t, kind, session.Options{})
			pg := open(ctx, t, pool, 0)
			for _, way := range []string{"printclose", "printlink", "printafter", "printhere", "printwritten", "printswap", "printframe", "printdialog"} {
				t.Run(way, func(t *testing.T) {
					one, cancel := context.WithTimeout(ctx, time.Minute)
					defer cancel()
					if _, err := pg.Playwright().Goto(site.URL + "/?n=A1&of=[{a,b}]*(1)#/reports/{id}?*"); err != nil {
						t.Fatal(err)
					}
					d, err := clicked(one, pg, "#"+way, steps.CaptureOptions{Print: how})
					if err != nil {
						t.Fatal(err)
					}
					provePrint(one, t, store, d, way)
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
