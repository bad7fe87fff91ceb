package snapshot_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"pipe/pipeline"
	"pipe/pipeline/report/snapshot"
)

// slowLedger is a ledger of one running run, in a bubble's time, which the real
// one knows nothing of.
type slowLedger struct {
	version atomic.Int64
	writes  atomic.Int64
	// takes is how long a write takes.
	takes   time.Duration
	broken  atomic.Bool
	started time.Time
	partial bool
	totals  pipeline.Totals
	reasons []pipeline.ReasonCount
}

func (l *slowLedger) Version(context.Context) (int64, error) {
	if l.broken.Load() {
		return 0, errors.New("the ledger is gone")
	}
	return l.version.Load(), nil
}

func (l *slowLedger) Totals(context.Context) (pipeline.Totals, error) {
	l.writes.Add(1)
	time.Sleep(l.takes)
	return l.totals, nil
}

func (l *slowLedger) LastRun(context.Context) (pipeline.RunRow, error) {
	return pipeline.RunRow{Number: 5, Started: l.started, Partial: l.partial}, nil
}

func (l *slowLedger) Files(context.Context) iter.Seq2[pipeline.FileRow, error] {
	return func(func(pipeline.FileRow, error) bool) {}
}

func (l *slowLedger) Records(context.Context) iter.Seq2[pipeline.RecordRow, error] {
	return func(func(pipeline.RecordRow, error) bool) {}
}

func (l *slowLedger) Rejected(context.Context) iter.Seq2[pipeline.RejectedRow, error] {
	return func(func(pipeline.RejectedRow, error) bool) {}
}

func (l *slowLedger) FailureReasons(context.Context) ([]pipeline.ReasonCount, error) {
	return l.reasons, nil
}

func (l *slowLedger) Durations(context.Context) (pipeline.Durations, error) {
	return pipeline.Durations{}, nil
}

func (l *slowLedger) Workers(context.Context) ([]pipeline.WorkerRow, error) { return nil, nil }

// FinishedSince: one item every 6 s, but every 30 s in the last 5 minutes.
func (l *slowLedger) FinishedSince(_ context.Context, since time.Time) (int, error) {
	ago := time.Since(since)
	recent := min(ago, 5*time.Minute)
	return int(recent/(30*time.Second) + (ago-recent)/(6*time.Second)), nil
}

// runFor lets Run go on for a while of the bubble's time, with a commit each
// second.
func runFor(t *testing.T, led *slowLedger, log *slog.Logger, dir string, d time.Duration) {
	t.Helper()
	w, err := snapshot.New(led, snapshot.Options{Dir: dir, Log: log})
	check(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), d)
	defer cancel()
	var commits sync.WaitGroup
	defer commits.Wait()
	commits.Go(func() {
		for ctx.Err() == nil {
			led.version.Add(1)
			time.Sleep(time.Second)
		}
	})
	w.Run(ctx)
}

func TestRunPace(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		takes time.Duration
		want  int64
	}{
		"each 3 s": {0, 19}, // in 59 s
		"5 %":      {time.Second, 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				led := &slowLedger{takes: c.takes, started: time.Now()}
				runFor(t, led, nil, dir, 59*time.Second)
				if got := led.writes.Load(); got != c.want {
					t.Errorf("%d writes in 59 s, want %d", got, c.want)
				}
			})
		})
	}
}

func TestRunRestsWhenNothingIsCommitted(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		led := &slowLedger{started: time.Now()}
		w, err := snapshot.New(led, snapshot.Options{Dir: dir})
		check(t, err)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		w.Run(ctx)
		if got := led.writes.Load(); got != 1 {
			t.Errorf("%d writes, want 1", got)
		}
	})
}

func TestRunLogsAndGoesOn(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		led := &slowLedger{started: time.Now()}
		led.broken.Store(true)
		time.AfterFunc(10*time.Second, func() { led.broken.Store(false) })
		runFor(t, led, slog.New(slog.NewTextHandler(&log, nil)), dir, 20*time.Second)
		if !strings.Contains(log.String(), "the ledger is gone") {
			t.Errorf("log: %q", log.String())
		}
		if led.writes.Load() == 0 {
			t.Error("it did not try again")
		}
	})
}

func TestTimeLeft(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		elapsed time.Duration
		partial bool
		want    []string
	}{
		"long run":    {time.Hour, false, []string{`"last_5_minutes": 2,`, `"overall": 9.33`, `"seconds_left": 900,`}},
		"young run":   {2 * time.Minute, false, []string{`"last_5_minutes": 2,`, `"overall": 2`, `"seconds_left": 900,`}},
		"just begun":  {0, false, []string{`"last_5_minutes": 0,`, `"seconds_left": null,`}},
		"partial run": {time.Hour, true, []string{`"last_5_minutes": 2,`, `"seconds_left": null,`}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				led := &slowLedger{started: time.Now(), partial: c.partial, totals: pipeline.Totals{In: 3001, Done: 2971, Pending: 30}}
				time.Sleep(c.elapsed)
				w, err := snapshot.New(led, snapshot.Options{Dir: dir})
				check(t, err)
				check(t, w.Write(t.Context()))
				text, err := os.ReadFile(filepath.Join(dir, snapshot.Checkpoint))
				check(t, err)
				for _, want := range append(c.want, `"percent": 99,`, `"run": 5,`) {
					if !strings.Contains(string(text), want) {
						t.Errorf("no %s in %s", want, text)
					}
				}
			})
		})
	}
}

func TestReasonsAreBounded(t *testing.T) {
	t.Parallel()
	led := &slowLedger{started: time.Now()}
	for i := range 25 {
		led.reasons = append(led.reasons, pipeline.ReasonCount{Class: pipeline.NotFound, Reason: fmt.Sprint("no row ", i), Items: 2})
	}
	led.reasons = append(led.reasons, pipeline.ReasonCount{Class: pipeline.Rejected, Reason: "no", Items: 1})
	dir := t.TempDir()
	w, err := snapshot.New(led, snapshot.Options{Dir: dir})
	check(t, err)
	check(t, w.Write(t.Context()))
	text, err := os.ReadFile(filepath.Join(dir, snapshot.Checkpoint))
	check(t, err)
	for want, n := range map[string]int{"no row": 20, `"items": 50`: 1, `"others": 10`: 1, `"class": "rejected"`: 1} {
		if got := strings.Count(string(text), want); got != n {
			t.Errorf("%s: %d times, want %d", want, got, n)
		}
	}
}
