// Package testbrowser starts a browser for the tests of a room, and lends each test a
// context of it. Tests alone import it; it may use any room.
package testbrowser

import (
	"context"
	"flag"
	"fmt"
	"os"
	"testing"
	"time"

	"go.uber.org/goleak"

	"pipe/pipeline"
	"pipe/pipeline/browser"
	"pipe/pipeline/capture"
	"pipe/pipeline/provision"
	"pipe/pipeline/session"
)

const (
	// contexts are so many tests that run at once.
	contexts   = 3
	startLimit = 15 * time.Minute // with what is to be installed first
)

var (
	pool *session.Pool
	// free are the numbers of the contexts that no test has.
	free = make(chan int, contexts)
)

// Main is TestMain of a package whose tests use a browser. With -short there is none.
func Main(m *testing.M) {
	flag.Parse()
	if testing.Short() {
		os.Exit(m.Run())
	}
	code, err := run(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func run(m *testing.M) (int, error) {
	ctx, cancel := context.WithTimeout(context.Background(), startLimit)
	defer cancel()
	rt, err := provision.Ensure(ctx, provision.Options{Say: func(line string) { fmt.Fprintln(os.Stderr, line) }})
	if err != nil {
		return 0, err
	}
	downloads, err := os.MkdirTemp("", "pipe-test-*")
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
	code := m.Run()
	if err := pool.Close(context.WithoutCancel(ctx)); err != nil || code != 0 {
		return code, err
	}
	return code, goleak.Find()
}

// Open lends the test a page in a context of its own, until it ends. It skips the test with
// -short.
func Open(t testing.TB) pipeline.Page {
	t.Helper()
	if testing.Short() {
		t.Skip("needs a browser")
	}
	n := <-free
	lent, err := pool.Open(t.Context(), n)
	if err != nil {
		free <- n
		t.Fatal(err)
	}
	t.Cleanup(func() {
		lent.DiscardContext()
		lent.Done()
		free <- n
	})
	return lent
}
