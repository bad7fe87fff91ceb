package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"go.uber.org/goleak"

	"pipe/pipeline/artifact"
)

// TestMain lets tests run this very program, race detector and all, as a
// process named pipe.
func TestMain(m *testing.M) {
	// At its end the race detector waits a second for late reports.
	if os.Getenv("GORACE") == "" {
		_ = os.Setenv("GORACE", "atexit_sleep_ms=50")
	}
	testscript.Main(tidy{m}, map[string]func(){"pipe": main})
}

// tidy removes what tests share once they are over, and sees that nothing is
// left running.
type tidy struct{ m *testing.M }

func (t tidy) Run() int {
	code := t.run()
	if code != 0 {
		return code
	}
	if err := goleak.Find(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

func (t tidy) run() int {
	parallel()
	var err error
	if shared, err = os.MkdirTemp("", "pipe-tests-*"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = os.RemoveAll(shared) }()
	defer func() {
		if testing.Short() {
			return // nothing has been proved
		}
		if store, err := proofs(); err == nil {
			_ = store.Close()
		}
	}()
	return t.m.Run()
}

// parallel has more tests run at once than there are processors, unless go test
// is told how many: most of the time they wait, for pages and for reports.
func parallel() {
	flag.Parse()
	given := false
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == "test.parallel" })
	if !given {
		_ = flag.Set("test.parallel", strconv.Itoa(2*runtime.GOMAXPROCS(0)))
	}
}

// shared is a folder for what tests share.
var shared string

// proofs is a store apart from any run, in which tests read files. It starts a
// PDF reader, which takes seconds.
var proofs = sync.OnceValues(func() (*artifact.Store, error) {
	return artifact.Open(context.Background(), filepath.Join(shared, "proofs"), artifact.Options{})
})

// needsBrowser skips a test under -short, which is for use while editing: it
// wants no browser, and nothing that takes its time.
func needsBrowser(t testing.TB) {
	t.Helper()
	if testing.Short() {
		t.Skip("needs a browser")
	}
}

// eventually waits until something is so, however slow the machine.
func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	const most = 2 * time.Minute
	for end := time.Now().Add(most); !is(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("within %v it did not come: %s", most, what)
		}
	}
}

// meet keeps the first n waiting until all of them have come, so that so many
// are under way at once.
func meet(n int) func(context.Context, int) {
	all := make(chan struct{})
	return func(ctx context.Context, i int) {
		if i == n {
			close(all)
		}
		if i <= n {
			wait(ctx, all)
		}
	}
}

// beyond keeps all but the first n waiting until the channel is closed.
func beyond(n int, until <-chan struct{}) func(context.Context, int) {
	return func(ctx context.Context, i int) {
		if i > n {
			wait(ctx, until)
		}
	}
}

func wait(ctx context.Context, until <-chan struct{}) {
	select {
	case <-until:
	case <-ctx.Done():
	}
}

// plain is the program as users have it, for what would take too long, or too
// much memory, under the race detector.
var plain = sync.OnceValues(func() (string, error) {
	path := filepath.Join(shared, "pipe")
	if out, err := exec.Command("go", "build", "-race=false", "-o", path, ".").CombinedOutput(); err != nil {
		return "", fmt.Errorf("building pipe: %w\n%s", err, out)
	}
	return path, nil
})
