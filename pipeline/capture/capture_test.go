package capture

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"pipe/pipeline"
	"pipe/pipeline/browser"
	"pipe/pipeline/session"
	"pipe/steps"
)

// take opens the site's page, clicks and receives what comes.
func take(ctx context.Context, t testing.TB, pg pipeline.Page, site *files, way, n string) ([]byte, steps.Receipt, error) {
	t.Helper()
	d, err := ask(ctx, t, pg, site, way, n, steps.CaptureOptions{Kind: "pdf"})
	if err != nil {
		return nil, steps.Receipt{}, err
	}
	var got bytes.Buffer
	how, err := d.Receive(ctx, &got)
	return got.Bytes(), how, err
}

// ask is take up to the delivery.
func ask(ctx context.Context, t testing.TB, pg pipeline.Page, site *files, way, n string, want steps.CaptureOptions) (steps.Delivery, error) {
	t.Helper()
	if _, err := pg.Playwright().Goto(site.URL + "/?n=" + n); err != nil {
		return nil, err
	}
	catch, err := pg.Files().Listen(ctx, pg.Playwright(), want)
	if err != nil {
		return nil, err
	}
	defer catch.Close()
	if err := pg.Playwright().Locator("#" + way).Click(); err != nil {
		return nil, err
	}
	return catch.Wait(ctx)
}

// asked is ask that must go well; it may be called from any goroutine.
func asked(ctx context.Context, t testing.TB, pg pipeline.Page, site *files, way, n string, want steps.CaptureOptions) steps.Delivery {
	t.Helper()
	d, err := ask(ctx, t, pg, site, way, n, want)
	if err != nil {
		t.Errorf("%s of %s: %v", way, n, err)
	}
	return d
}

// Each way that a site can deliver a file gives its true bytes, and the site
// produces it once.
func TestCatchEveryWay(t *testing.T) {
	t.Parallel()
	for kind := range browsers() {
		t.Run(kind, func(t *testing.T) {
			ctx := limited(t)
			site := newFiles(t)
			pool := launch(t, kind, session.Options{})
			pg := open(ctx, t, pool, 0)
			for _, w := range ways {
				one, cancel := context.WithTimeout(ctx, time.Minute)
				got, how, err := take(one, t, pg, site, w.way, "1")
				cancel()
				if err != nil {
					t.Errorf("%s: %v", w.way, err)
					continue
				}
				want := content(w.way + "-1")
				if w.made {
					want = []byte("%PDF-1.4 " + strings.Replace(w.way, "dataframe", "data", 1) + "-1")
				}
				if !bytes.Equal(got, want) {
					t.Errorf("%s: got %d bytes, want %d", w.way, len(got), len(want))
				}
				if !strings.Contains(w.via, how.Via) {
					t.Errorf("%s: came via %s, want %s", w.way, how.Via, w.via)
				}
				if strings.Contains(w.way, "xhr") {
					told := pg.Playwright().Locator(fmt.Sprintf("#out:text-is('%d')", len(want)))
					if err := told.WaitFor(); err != nil {
						t.Errorf("%s: the page's script did not get its bytes: %v", w.way, err)
					}
				}
				if n := site.count(w.way + "-1"); !w.made && n != 1 {
					t.Errorf("%s: produced %d times, want once", w.way, n)
				}
				if err := pg.CloseStrays(ctx); err != nil {
					t.Errorf("%s: %v", w.way, err)
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
	t.Parallel()
	ctx := limited(t)
	site := newFiles(t)
	pool := launch(t, "shell", session.Options{Loss: session.Loss{URL: steps.Glob("**/login**")}})
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
	if err := fail("lost"); !errors.Is(err, steps.ErrSessionLost) {
		t.Errorf("a login page in the file's place: %v", err)
	}
	short, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	if _, _, err := take(short, t, pg, site, "page", "1"); !errors.Is(err, steps.ErrTimeout) {
		t.Errorf("no file at all: %v", err)
	}
}

// Pages of one context that open tabs at the same time never take each other's
// file, and no page is held while the site produces one.
func TestCatchIsThePagesOwn(t *testing.T) {
	t.Parallel()
	const pages, rounds = 7, 4
	ctx := limited(t)
	site := newFiles(t)
	site.slow = 200 * time.Millisecond
	pool := launch(t, "shell", session.Options{Pages: pages})
	var wg, receiving sync.WaitGroup
	for w := range pages {
		wg.Go(func() {
			pg := open(ctx, t, pool, w)
			for i := range rounds {
				n := fmt.Sprintf("%d-%d", w, i)
				way := []string{"open", "post", "noopener", "blank"}[(w+i)%4]
				d := asked(ctx, t, pg, site, way, n, steps.CaptureOptions{Kind: "pdf"})
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

// A plain address is fetched with the session's cookies.
func TestFetch(t *testing.T) {
	t.Parallel()
	ctx := limited(t)
	site := newFiles(t)
	pool := launch(t, "shell", session.Options{Loss: session.Loss{URL: steps.Glob("**/login**")}})
	pg := open(ctx, t, pool, 0)
	if _, err := pg.Playwright().Goto(site.URL + "/"); err != nil {
		t.Fatal(err)
	}
	fetch := func(url string) ([]byte, error) {
		d, err := pg.Files().Fetch(ctx, pg.Playwright(), steps.Link{URL: url})
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
	if _, err := fetch("/void"); !errors.Is(err, steps.ErrSessionLost) {
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

// A driver that dies while the browser tells of a tab is a page that is gone:
// Playwright's Go port panics there.
func TestPopupOfDeadDriver(t *testing.T) {
	ctx := limited(t)
	pool := launch(t, "shell", session.Options{})
	pg := open(ctx, t, pool, 0)
	if n, err := browser.EndLeftProcesses(ctx, processes(t)); err != nil || n == 0 {
		t.Fatalf("ended %d processes, %v", n, err)
	}
	// An answer that does not come is how the connection's end is known.
	if _, err := steps.CallWithin(ctx, browser.CallLimit, "asking", func() (any, error) { return pg.Playwright().Evaluate("1") }); err == nil {
		t.Fatal("the driver answers")
	}
	pg.(*session.Page).Capture.(*Page).popupOpened(pg.Playwright())
	pg.Discard()
	pg.Done()
	open(ctx, t, pool, 0).Done()
}
