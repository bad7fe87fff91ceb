package capture

import (
	"cmp"
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
	"pipe/pipeline/provision"
	"pipe/pipeline/session"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// browsers are the kinds that are driven: a headless shell, and a browser that
// can show windows and has a PDF viewer.
func browsers() map[string]provision.Options {
	return map[string]provision.Options{"shell": {}, "chromium": {Headed: true}}
}

// allKinds are those, and a browser that shows its windows where there is a
// display. The one named isolated gives each site a process, which a shell does
// not do by itself.
func allKinds() []string {
	kinds := []string{"shell", "chromium", "isolated"}
	if provision.Display() == nil {
		kinds = append(kinds, "headed")
	}
	return kinds
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

func launch(t testing.TB, kind string, opts session.Options) *session.Pool {
	t.Helper()
	if testing.Short() {
		t.Skip("needs a browser")
	}
	want, known := browsers()[kind]
	switch {
	case kind == "isolated":
		opts.Browser.Args = append(opts.Browser.Args, "--site-per-process")
	case !known:
		want, opts.Browser.Headed = browsers()["chromium"], true
	}
	want.Say = func(line string) { t.Log(line) }
	rt, err := provision.Ensure(t.Context(), want)
	if err != nil {
		t.Fatal(err)
	}
	captures := New(nil)
	opts.Capture = func(ctx context.Context, page *browser.Page, lent *session.Page) (session.Capture, error) {
		return captures.Attach(ctx, page, lent)
	}
	opts.Browser.Extension = captures
	opts.Browser.DriverDir, opts.Browser.Node, opts.Browser.Executable = rt.Launcher.Dir, rt.Launcher.Node, rt.Browser
	opts.Browser.Downloads, opts.Browser.Processes = cmp.Or(opts.Browser.Downloads, t.TempDir()), processes(t)
	pool, err := session.Launch(limited(t), opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
		defer cancel()
		if err := pool.Close(ctx); err != nil {
			t.Errorf("closing: %v", err)
		}
	})
	return pool
}

func open(ctx context.Context, t testing.TB, pool *session.Pool, worker int) pipeline.Page {
	t.Helper()
	pg, err := pool.Open(ctx, worker)
	if err != nil {
		t.Fatal(err)
	}
	return pg
}
