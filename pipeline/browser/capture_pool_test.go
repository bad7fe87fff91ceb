package browser

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
	"pipe/pipeline/provision"
)

func mainC(m *testing.M) { goleak.VerifyTestMain(m) }

// browsersC are the kinds that are driven: a headless shell, and a browser that
// can show windows and has a PDF viewer.
func browsersC() map[string]provision.Options {
	return map[string]provision.Options{"shell": {}, "chromium": {Headed: true}}
}

func limitedC(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// processesC is where the processes of the test's browsers are written down.
func processesC(t testing.TB) string {
	return filepath.Join(os.TempDir(), fmt.Sprintf("%s-%d.json", strings.ReplaceAll(t.Name(), "/", "-"), os.Getpid()))
}

func launchC(t testing.TB, kind string, opts Options) *Pool {
	t.Helper()
	if testing.Short() {
		t.Skip("needs a browser")
	}
	want := browsersC()[kind]
	want.Say = func(line string) { t.Log(line) }
	rt, err := provision.Ensure(t.Context(), want)
	if err != nil {
		t.Fatal(err)
	}
	captures := NewCaptures(nil)
	opts.Capture = func(ctx context.Context, page *Page, lent *LentPage) (Capture, error) {
		return captures.Attach(ctx, page, lent)
	}
	opts.Browser.Extension = captures
	opts.Browser.DriverDir, opts.Browser.Node, opts.Browser.Executable = rt.DriverDir, rt.Node, rt.Browser
	opts.Browser.Downloads, opts.Browser.Processes = t.TempDir(), processesC(t)
	pool, err := Launch(limitedC(t), opts)
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

func openC(ctx context.Context, t testing.TB, pool *Pool, worker int) pipeline.Page {
	t.Helper()
	pg, err := pool.Open(ctx, worker)
	if err != nil {
		t.Fatal(err)
	}
	return pg
}
