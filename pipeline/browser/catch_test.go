package browser

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"pipe/pipeline"
	"pipe/steps"
	"strings"
	"sync"
	"testing"
	"time"
)

// take opens the site's page, clicks and receives what comes.
func take(ctx context.Context, t testing.TB, pg pipeline.Page, site *files, way, n string) ([]byte, steps.Received, error) {
	t.Helper()
	if _, err := pg.Playwright().Goto(site.URL + "/?n=" + n); err != nil {
		t.Fatal(err)
	}
	catch, err := pg.Files().Listen(pg.Playwright())
	if err != nil {
		t.Fatal(err)
	}
	defer catch.Close()
	if err := pg.Playwright().Locator("#" + way).Click(); err != nil {
		t.Fatal(err)
	}
	d, err := catch.Wait(ctx)
	if err != nil {
		return nil, steps.Received{}, err
	}
	var got bytes.Buffer
	how, err := d.Receive(ctx, &got)
	return got.Bytes(), how, err
}

// Each way that a site can deliver a file gives its true bytes, and the site
// produces it once.
func TestCatchEveryWay(t *testing.T) {
	for _, kind := range browsers() {
		t.Run(kind, func(t *testing.T) {
			ctx := limited(t)
			site := newFiles(t)
			pool := launch(t, kind, Options{})
			pg := open(ctx, t, pool, 0)
			for way, via := range map[string]string{
				"open": "popup", "post": "popup", "noopener": "popup", "blank": "popup", "redirect": "popup",
				"here": "download", "attached": "download", "save": "download", "blob": "download",
			} {
				one, cancel := context.WithTimeout(ctx, 10*time.Second)
				got, how, err := take(one, t, pg, site, way, "1")
				cancel()
				if err != nil {
					t.Errorf("%s: %v", way, err)
					continue
				}
				want := content(way + "-1")
				if way == "blob" {
					want = []byte("%PDF-1.4 blob-1")
				}
				if !bytes.Equal(got, want) {
					t.Errorf("%s: got %d bytes, want %d", way, len(got), len(want))
				}
				if how.Via != via {
					t.Errorf("%s: came via %s, want %s", way, how.Via, via)
				}
				if n := site.count(way + "-1"); way != "blob" && n != 1 {
					t.Errorf("%s: produced %d times, want once", way, n)
				}
			}
			if n := len(pg.Playwright().Context().Pages()); n != 1 {
				t.Errorf("%d pages are open, want the pool's one", n)
			}
		})
	}
}

// What goes wrong with a delivery is told as what it is.
func TestCatchFailures(t *testing.T) {
	ctx := limited(t)
	site := newFiles(t)
	pool := launch(t, "", Options{Lost: steps.Glob("**/login**")})
	pg := open(ctx, t, pool, 0)
	fail := func(way string) error {
		_, _, err := take(ctx, t, pg, site, way, "1")
		if err == nil {
			t.Fatalf("%s: no error", way)
		}
		return err
	}
	if err := fail("broken"); !strings.Contains(err.Error(), "cut off") && !strings.Contains(err.Error(), "broke off") {
		t.Errorf("a file cut in half: %v", err)
	}
	if err := fail("shut"); !errors.Is(err, errTabClosed) {
		t.Errorf("a tab that closes itself: %v", err)
	}
	var status *steps.StatusError
	if err := fail("gone"); !errors.As(err, &status) || status.Status != 404 {
		t.Errorf("a page that is not there: %v", err)
	}
	if err := fail("tomorrow"); !errors.As(err, &status) || status.Status != 429 || status.RetryAfter != 7*time.Second {
		t.Errorf("a site that wants to rest: %v", err)
	}
	if err := fail("lost"); !errors.Is(err, steps.ErrLost) {
		t.Errorf("a login page in the file's place: %v", err)
	}
	short, cancel := context.WithTimeout(ctx, 500*time.Millisecond)
	defer cancel()
	if _, _, err := take(short, t, pg, site, "page", "1"); !errors.Is(err, steps.ErrTimeout) {
		t.Errorf("no file at all: %v", err)
	}
}

// Pages of one context that open tabs at the same time never take each other's
// file, and no page is held while the site produces one.
func TestCatchIsThePagesOwn(t *testing.T) {
	const pages, rounds = 7, 4
	ctx := limited(t)
	site := newFiles(t)
	site.slow = 200 * time.Millisecond
	pool := launch(t, "", Options{Pages: pages})
	var wg, receiving sync.WaitGroup
	for w := range pages {
		wg.Go(func() {
			pg := open(ctx, t, pool, w)
			for i := range rounds {
				n := fmt.Sprintf("%d-%d", w, i)
				way := []string{"open", "post", "noopener", "blank"}[(w+i)%4]
				d := wait(ctx, t, pg, site, way, n)
				if d == nil {
					return
				}
				receiving.Go(func() {
					var got bytes.Buffer
					if _, err := d.Receive(ctx, &got); err != nil {
						t.Errorf("%s of %s: %v", way, n, err)
					} else if !bytes.Equal(got.Bytes(), content(way+"-"+n)) {
						t.Errorf("%s of %s: another item's file: %.40q", way, n, got.Bytes())
					}
					if c := site.count(way + "-" + n); c != 1 {
						t.Errorf("%s of %s was produced %d times", way, n, c)
					}
				})
			}
		})
	}
	wg.Wait()
	receiving.Wait()
}

// wait is take up to the delivery.
func wait(ctx context.Context, t testing.TB, pg pipeline.Page, site *files, way, n string) steps.Delivery {
	if _, err := pg.Playwright().Goto(site.URL + "/?n=" + n); err != nil {
		t.Error(err)
		return nil
	}
	catch, err := pg.Files().Listen(pg.Playwright())
	if err != nil {
		t.Error(err)
		return nil
	}
	defer catch.Close()
	if err := pg.Playwright().Locator("#" + way).Click(); err != nil {
		t.Error(err)
		return nil
	}
	d, err := catch.Wait(ctx)
	if err != nil {
		t.Errorf("%s of %s: %v", way, n, err)
	}
	return d
}

// A plain address is fetched with the session's cookies.
func TestFetch(t *testing.T) {
	ctx := limited(t)
	site := newFiles(t)
	pool := launch(t, "", Options{Lost: steps.Glob("**/login**")})
	pg := open(ctx, t, pool, 0)
	if _, err := pg.Playwright().Goto(site.URL + "/"); err != nil {
		t.Fatal(err)
	}
	fetch := func(url string) ([]byte, error) {
		d, err := pg.Files().Fetch(pg.Playwright(), url)
		if err != nil {
			t.Fatal(err)
		}
		var got bytes.Buffer
		_, err = d.Receive(ctx, &got)
		return got.Bytes(), err
	}
	if got, err := fetch("/moved?id=plain"); err != nil || !bytes.Equal(got, content("plain")) {
		t.Errorf("got %d bytes, %v", len(got), err)
	}
	if _, err := fetch("/void"); !errors.Is(err, steps.ErrLost) {
		t.Errorf("a login page in the file's place: %v", err)
	}
	var status *steps.StatusError
	if _, err := fetch("/later"); !errors.As(err, &status) || status.RetryAfter != 7*time.Second {
		t.Errorf("a site that wants to rest: %v", err)
	}
	if _, err := fetch("/file?cut=1&id=cut"); err == nil {
		t.Error("half a file counts as a whole one")
	}
}
