package evidence_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"testing"
	"time"

	"go.uber.org/goleak"

	"pipe/pipeline/browser"
	"pipe/pipeline/capture"
	"pipe/pipeline/provision"
	"pipe/pipeline/session"
)

// pool is the browser of all tests here, with a context and a page for each.
var pool *session.Pool

const contexts = 3

// free are the numbers of the contexts that no test has.
var free = make(chan int, contexts)

func TestMain(m *testing.M) {
	flag.Parse()
	if testing.Short() {
		os.Exit(m.Run())
	}
	code, err := inBrowser(m.Run)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func inBrowser(run func() int) (int, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 15*time.Minute)
	defer cancel()
	rt, err := provision.Ensure(ctx, provision.Options{Say: func(line string) { fmt.Fprintln(os.Stderr, line) }})
	if err != nil {
		return 0, err
	}
	downloads, err := os.MkdirTemp("", "pipe-evidence-*")
	if err != nil {
		return 0, err
	}
	defer func() { _ = os.RemoveAll(downloads) }()
	captures := capture.New(nil)
	pool, err = session.Launch(ctx, session.Options{
		Contexts: contexts,
		Browser:  browser.Options{DriverDir: rt.Launcher.Dir, Node: rt.Launcher.Node, Executable: rt.Browser, Downloads: downloads, Extension: captures},
		Capture: func(ctx context.Context, page *browser.Page, lent *session.Page) (session.Capture, error) {
			return captures.Attach(ctx, page, lent)
		},
	})
	if err != nil {
		return 0, err
	}
	for n := range contexts {
		free <- n
	}
	code := run()
	if err := pool.Close(ctx); err != nil || code != 0 {
		return code, err
	}
	return code, goleak.Find()
}
