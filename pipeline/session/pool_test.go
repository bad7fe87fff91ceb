package session

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"pipe/pipeline"
	"pipe/pipeline/browser"
	"pipe/pipeline/capture"
	"pipe/pipeline/provision"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// browsers are the kinds that are driven: a headless shell, and a browser that
// can show windows and has a PDF viewer.
func browsers() map[string]provision.Options {
	return map[string]provision.Options{"shell": {}, "chromium": {Headed: true}}
}

func limited(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// processes is where the processes of the test's browsers are written down.
func processes(t testing.TB) string {
	return filepath.Join(os.TempDir(), fmt.Sprintf("%s-%d.json", strings.ReplaceAll(t.Name(), "/", "-"), os.Getpid()))
}

// needsBrowser skips a test under -short, which is for use while editing.
func needsBrowser(t testing.TB) {
	t.Helper()
	if testing.Short() {
		t.Skip("needs a browser")
	}
}

func launch(t testing.TB, kind string, opts Options) *Pool {
	t.Helper()
	needsBrowser(t)
	want := browsers()[kind]
	want.Say = func(line string) { t.Log(line) }
	rt, err := provision.Ensure(t.Context(), want)
	if err != nil {
		t.Fatal(err)
	}
	captures := capture.New(nil)
	opts.Capture = func(ctx context.Context, page *browser.Page, lent *Page) (Capture, error) {
		return captures.Attach(ctx, page, lent)
	}
	opts.Browser.Extension = captures
	opts.Browser.DriverDir, opts.Browser.Node, opts.Browser.Executable = rt.Launcher.Dir, rt.Launcher.Node, rt.Browser
	opts.Browser.Downloads, opts.Browser.Processes = t.TempDir(), processes(t)
	pool, err := Launch(limited(t), opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := pool.Close(ctx); err != nil {
			t.Errorf("closing: %v", err)
		}
	})
	return pool
}

func open(ctx context.Context, t testing.TB, pool *Pool, worker int) pipeline.Page {
	t.Helper()
	pg, err := pool.Open(ctx, worker)
	if err != nil {
		t.Fatal(err)
	}
	return pg
}
