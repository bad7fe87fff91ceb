package source_test

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
	"pipe/pipeline/practice"
	"pipe/pipeline/provision"
	"pipe/pipeline/session"
)

// site is the practice site of all tests here, and pool the browser, with a context for
// each that runs at once.
var (
	site *practice.Site
	pool *session.Pool
)

const contexts = 3

// freeWorkers are the contexts that no test has.
var freeWorkers = make(chan int, contexts)

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

func inBrowser(run func() int) (code int, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), 15*time.Minute)
	defer cancel()
	rt, err := provision.Ensure(ctx, provision.Options{Say: func(line string) { fmt.Fprintln(os.Stderr, line) }})
	if err != nil {
		return 0, err
	}
	if site, err = practice.Start(ctx, practice.Options{Vehicles: 20, AjaxLatency: practice.Latency{Max: 100 * time.Millisecond}}); err != nil {
		return 0, err
	}
	defer func() { _ = site.Close() }()
	downloads, err := os.MkdirTemp("", "pipe-source-*")
	if err != nil {
		return 0, err
	}
	defer func() { _ = os.RemoveAll(downloads) }()
	captures := capture.New(nil)
	pool, err = session.Launch(ctx, session.Options{
		Contexts: contexts, BaseURL: site.URL(), Login: signIn,
		Browser: browser.Options{DriverDir: rt.Launcher.Dir, Node: rt.Launcher.Node, Executable: rt.Browser, Downloads: downloads, Extension: captures},
		Capture: func(ctx context.Context, page *browser.Page, lent *session.Page) (session.Capture, error) {
			return captures.Attach(ctx, page, lent)
		},
	})
	if err != nil {
		return 0, err
	}
	for n := range contexts {
		freeWorkers <- n
	}
	code = run()
	if err := pool.Close(ctx); err != nil || code != 0 {
		return code, err
	}
	if err := site.Close(); err != nil {
		return code, err
	}
	return code, goleak.Find()
}

// signIn signs a context in at the practice site.
func signIn(_ context.Context, page pipeline.Page, _ int) error {
	p := page.Playwright()
	if _, err := p.Goto("/login"); err != nil {
		return err
	}
	if err := p.GetByLabel("User name").Fill(practice.DefaultUser); err != nil {
		return err
	}
	if err := p.GetByLabel("Password").Fill(practice.DefaultPassword); err != nil {
		return err
	}
	if err := p.Locator("input[type=submit],button[type=submit],button").First().Click(); err != nil {
		return err
	}
	return p.Locator("#user").WaitFor()
}

// onePage lends a test the page of the one worker that is its own.
type onePage struct {
	*session.Pool
	worker int
}

func (p *onePage) Workers() []pipeline.Worker { return p.Pool.Workers()[p.worker : p.worker+1] }

func (p *onePage) Open(ctx context.Context, _ int) (pipeline.Page, error) {
	return p.Pool.Open(ctx, p.worker)
}
