package browser

import (
	"context"
	"pipe/pipeline"
	"testing"
	"time"
)

// browsers are the kinds that the machine has: a headless shell, and Chromium
// with its PDF viewer.
func browsers() []string { return []string{"/usr/bin/chromium-headless-shell", "/usr/bin/chromium"} }

func limited(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

func launch(t testing.TB, kind string, opts Options) *Pool {
	t.Helper()
	if kind == "" {
		kind = browsers()[0]
	}
	opts.DriverDir, opts.Node, opts.Browser = "/tmp/x/driver", "/usr/bin/node", kind
	opts.Downloads = t.TempDir()
	pool, err := Launch(limited(t), opts)
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

func open(ctx context.Context, t testing.TB, pool *Pool, worker int) pipeline.Page {
	t.Helper()
	pg, err := pool.Open(ctx, worker)
	if err != nil {
		t.Fatal(err)
	}
	return pg
}
