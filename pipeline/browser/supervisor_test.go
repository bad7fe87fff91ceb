package browser

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/playwright-community/playwright-go"
	"github.com/sourcegraph/conc"
	"go.uber.org/goleak"

	"pipe/pipeline/provision"
	"pipe/steps"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// installed gives the driver and the browser to start, and a limit for the test.
func installed(t *testing.T) (context.Context, Options) {
	t.Helper()
	if testing.Short() {
		t.Skip("needs a browser")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	t.Cleanup(cancel)
	rt, err := provision.Ensure(ctx, provision.Options{Say: func(line string) { t.Log(line) }})
	if err != nil {
		t.Fatal(err)
	}
	return ctx, Options{DriverDir: rt.Launcher.Dir, Node: rt.Launcher.Node, Executable: rt.Browser, Downloads: t.TempDir()}
}

// A browser that dies takes its pages with it and is replaced, on the same driver;
// in the end nothing is left, neither processes nor what runs beside.
func TestSupervisor(t *testing.T) {
	ctx, opts := installed(t)
	noted := filepath.Join(t.TempDir(), "processes.json")
	opts.Processes = noted
	s, err := Supervise(ctx, opts)
	if err != nil {
		t.Fatal(err)
	}
	first, err := s.Current(ctx)
	if err != nil {
		t.Fatal(err)
	}
	in, err := first.NewContext(ctx, playwright.BrowserNewContextOptions{}, plainTransport{http.DefaultTransport.(*http.Transport)}, nil)
	if err != nil {
		t.Fatal(err)
	}
	page, err := in.NewPage(ctx)
	if err != nil {
		t.Fatal(err)
	}
	told, ended := make(chan error, 8), make(chan error, 1)
	page.Watch(func(err error) { told <- err })
	first.Go(func(ctx context.Context) {
		<-ctx.Done()
		ended <- context.Cause(ctx)
	})
	if err := endProcessTrees(ctx, first.process); err != nil {
		t.Fatal(err)
	}
	for _, why := range []chan error{told, ended} {
		if err := <-why; !errors.Is(err, steps.ErrClosed) {
			t.Errorf("the page, or what ran beside, was told %v", err)
		}
	}
	second, err := s.Current(ctx)
	if err != nil || second == first || second.driver != first.driver || page.Alive() {
		t.Fatalf("after its death: the same browser %v, another driver %v, %v", second == first, second.driver != first.driver, err)
	}
	if err := s.Close(ctx); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(noted); !errors.Is(err, fs.ErrNotExist) || second.process.is(ctx) {
		t.Errorf("something is left: %v", err)
	}
	if _, err := s.Current(ctx); err == nil {
		t.Error("a supervisor that is closed starts a browser")
	}
}

// Runs in one process may start their browsers at the same moment, which the
// race detector looks at.
func TestSupervisorsStartTogether(t *testing.T) {
	ctx, opts := installed(t)
	opts.CloseLimit = 10 * time.Second
	var starts conc.WaitGroup
	for i := range 4 {
		opts := opts
		opts.Downloads, opts.Processes = t.TempDir(), filepath.Join(t.TempDir(), fmt.Sprintf("%d.json", i))
		starts.Go(func() {
			s, err := Supervise(ctx, opts)
			if err != nil {
				t.Error(err)
				return
			}
			if err := s.Close(ctx); err != nil {
				t.Error(err)
			}
		})
	}
	starts.Wait()
}

// Tasks may start tasks while they are waited for, and none is started once all
// are through.
func TestTasks(t *testing.T) {
	all, n := newTasks(), 0
	let := make(chan struct{})
	all.start(func() {
		<-let
		all.start(func() { n++ })
	})
	close(let)
	all.wait()
	all.start(func() { n++ })
	if n != 1 {
		t.Errorf("%d tasks ran, want 1", n)
	}
}

// plainTransport has no headers of a spec.
type plainTransport struct{ *http.Transport }

func (t plainTransport) Close() { t.CloseIdleConnections() }

func (plainTransport) Headers(string) map[string]string { return nil }

func (plainTransport) Trusted() []string { return nil }
