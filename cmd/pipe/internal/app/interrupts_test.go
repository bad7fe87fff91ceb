package app

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"pipe/pipeline"
	"pipe/pipeline/ledger"
)

// The first interrupt ends what comes before the first item, and nothing that went
// well.
func TestInterruptBeforeTheFirstItem(t *testing.T) {
	t.Parallel()
	stop := make(chan struct{})
	close(stop)
	err := untilStopped(t.Context(), stop, func(ctx context.Context) error {
		<-ctx.Done()
		return ctx.Err()
	})
	if CodeOf(err) != ExitInterrupted {
		t.Errorf("got %v", err)
	}
	if err := untilStopped(t.Context(), stop, func(context.Context) error { return nil }); err != nil {
		t.Errorf("what went well: %v", err)
	}
	broken := errors.New("no browser")
	if err := untilStopped(t.Context(), make(chan struct{}), func(context.Context) error { return broken }); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
}

// A terminal that is gone ends a run as SIGTERM does, unless nohup has it ignored.
func TestHangup(t *testing.T) { //nolint:paralleltest // signals are the process's
	if !slices.Contains(heeded(), os.Signal(syscall.SIGHUP)) && !signal.Ignored(syscall.SIGHUP) {
		t.Error("SIGHUP ends nothing")
	}
	signal.Ignore(syscall.SIGHUP)
	defer signal.Reset(syscall.SIGHUP)
	if slices.Contains(heeded(), os.Signal(syscall.SIGHUP)) {
		t.Error("it counts though it is ignored")
	}
}

// A run that gives no sign of life any more was killed.
func TestStatusOfKilledRun(t *testing.T) {
	t.Parallel()
	for want, ago := range map[string]time.Duration{"is under way": 0, "was killed, or its machine was": time.Hour} {
		led, err := ledger.Open(t.Context(), LedgerPath(t.TempDir()))
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = led.Close() }()
		if _, err := led.BeginRun(t.Context(), pipeline.RunInfo{Spec: "night", Started: time.Now().Add(-ago)}); err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		if err := printRun(t.Context(), led, Std{Out: &out}); err != nil || !strings.Contains(out.String(), want) {
			t.Errorf("no %q in %q, %v", want, out.String(), err)
		}
	}
}
