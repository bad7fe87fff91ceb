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

// A terminal that is closed sends SIGHUP twice, and the items in hand are finished still.
func TestHangupTwice(t *testing.T) { //nolint:paralleltest // signals are the process's
	if signal.Ignored(syscall.SIGHUP) {
		t.Skip("SIGHUP is ignored")
	}
	said := make(chan string, 2)
	ctx, stop, done := interrupts(t.Context(), nil, func(text string) { said <- text })
	defer done()
	self, err := os.FindProcess(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	send := func(s os.Signal) {
		if err := self.Signal(s); err != nil {
			t.Fatal(err)
		}
	}
	send(syscall.SIGHUP)
	<-stop
	send(syscall.SIGHUP)
	select {
	case <-ctx.Done():
		t.Error("the second SIGHUP stops the run at once")
	case <-time.After(200 * time.Millisecond):
	}
	send(syscall.SIGTERM)
	<-ctx.Done()
	if len(said) != 2 {
		t.Errorf("told %d times", len(said))
	}
}

// A run that gives no sign of life any more was killed.
func TestStatusOfKilledRun(t *testing.T) {
	t.Parallel()
	const killed = "was killed, or its machine was"
	for name, c := range map[string]struct {
		ago    time.Duration
		atWork bool
		want   string
	}{
		"at work":            {0, true, "is under way"},
		"killed just now":    {0, false, killed},
		"of another machine": {time.Hour, true, killed},
	} {
		dir := t.TempDir()
		led, err := ledger.Open(t.Context(), LedgerPath(dir))
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = led.Close() }()
		if _, err := led.BeginRun(t.Context(), pipeline.RunInfo{Spec: "night", Started: time.Now().Add(-c.ago)}); err != nil {
			t.Fatal(err)
		}
		if c.atWork {
			f, err := enter(t.Context(), dir, false)
			if err != nil || f.settle() != nil {
				t.Fatal(err)
			}
			defer func() { _ = f.leave() }()
		}
		var out bytes.Buffer
		if err := printRun(t.Context(), led, dir, Std{Out: &out}); err != nil || !strings.Contains(out.String(), c.want) {
			t.Errorf("%s: no %q in %q, %v", name, c.want, out.String(), err)
		}
	}
}

// What the keyboard asks for is what signals ask for: to drain is a first interrupt, as
// often as it is asked for; to stop now is a second one, and needs no first.
func TestStopRequests(t *testing.T) { //nolint:paralleltest // signals are the process's
	for name, c := range map[string]struct {
		asked          []stopRequest
		drained, ended bool
		said           int
	}{
		"drain":                 {[]stopRequest{drain}, true, false, 1},
		"drain, more than once": {[]stopRequest{drain, drain, drain}, true, false, 1},
		"drain, and stop":       {[]stopRequest{drain, stopNow}, true, true, 2},
		"stop":                  {[]stopRequest{stopNow}, false, true, 1},
		"interrupt twice":       {[]stopRequest{interrupt, interrupt}, true, true, 2},
		"drain and interrupt":   {[]stopRequest{drain, interrupt}, true, true, 2},
	} {
		asked := make(chan stopRequest)
		said := make(chan string, 4)
		ctx, stop, done := interrupts(t.Context(), asked, func(text string) { said <- text })
		for _, how := range c.asked {
			asked <- how
		}
		if c.drained {
			<-stop
		}
		if c.ended {
			<-ctx.Done()
		}
		if alive := ctx.Err() == nil; alive == c.ended {
			t.Errorf("%s: the run goes on: %v", name, alive)
		}
		done()
		if len(said) != c.said {
			t.Errorf("%s: told %d times, want %d", name, len(said), c.said)
		}
	}
}
