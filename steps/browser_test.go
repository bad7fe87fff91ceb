package steps_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"pipe/pipeline/browser"
	"pipe/pipeline/capture"
	"pipe/pipeline/provision"
	"pipe/pipeline/session"
)

// pool is the browser of all tests here. Each test has one of its contexts to
// itself, so that those in parallel see neither each other's tabs nor cookies.
var pool *session.Pool

const contexts = 4

// freeContexts are the numbers of the contexts that no test has.
var freeContexts = make(chan int, contexts)

// held are the contexts that the tests have, for one that shows several pages
// after another.
var held sync.Map // *testing.T: int

// contextOf gives the number of the context that a test has, which waits for one.
func contextOf(t *testing.T) int {
	t.Helper()
	if n, ok := held.Load(t); ok {
		return n.(int)
	}
	n := <-freeContexts
	held.Store(t, n)
	t.Cleanup(func() {
		held.Delete(t)
		freeContexts <- n
	})
	return n
}

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
	downloads, err := os.MkdirTemp("", "pipe-steps-*")
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
		freeContexts <- n
	}
	code := run()
	if err := pool.Close(ctx); err != nil || code != 0 {
		return code, err
	}
	return code, goleak.Find()
}

// needsBrowser skips a test under -short, which is for use while editing.
func needsBrowser(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("needs a browser")
	}
}
