package browser

import (
	"context"
	"testing"
	"time"

	"pipe/pipeline"
	"pipe/pipeline/provision"
)

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
	opts.DriverDir, opts.Node, opts.Browser = rt.DriverDir, rt.Node, rt.Browser
	opts.Downloads = t.TempDir()
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
