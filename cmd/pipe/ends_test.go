//go:build unix

package main

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/json"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"pipe/cmd/pipe/internal/app"
	"pipe/pipeline"
	"pipe/pipeline/practice"
)

// A browser, or a driver, that is lost again and again ends the run with its reason, and
// no item has lost a try.
func TestCrashLoopEndsRun(t *testing.T) {
	t.Parallel()
	for at, which := range []string{"driver", "browser"} {
		t.Run(which, func(t *testing.T) {
			t.Parallel()
			j := newJob(t, practice.Options{Vehicles: 3, PDFLatency: latency(time.Minute, time.Minute)},
				append(straight(t), "attempts: 3", "attempts: 2", "initial: 3s", "initial: 10ms")...)
			s := j.start("--contexts", "1", "--pages", "2")
			dead := map[int]bool{}
			reason := ""
			for e := range s.events {
				switch e.Kind {
				case pipeline.AttemptStarted:
					s.killNoted(at, dead)
				case pipeline.ItemFailed:
					t.Errorf("%s failed: %s", e.Key, e.Reason)
				case pipeline.RunEnded:
					reason = e.Reason
				}
			}
			s.ended(app.ExitEnvironment)
			has(t, reason, "was lost 6 times within", "no item came through between")
			has(t, j.pipe(app.ExitDone, "status", "inventory.yaml"), totals(3, 0, 0, 3, 0))
			db, err := sql.Open("sqlite", "file:"+app.LedgerPath(j.out)+"?mode=ro")
			j.must(err)
			defer func() { _ = db.Close() }()
			var counted int
			j.must(db.QueryRowContext(t.Context(), `SELECT SUM(counted) FROM items`).Scan(&counted))
			if counted != 0 {
				t.Errorf("%d tries were lost", counted)
			}
			orphans(t)
		})
	}
}

// killNoted kills the driver (0) or the browser (1) that the run has noted, once.
func (s *started) killNoted(at int, dead map[int]bool) {
	var noted []struct{ PID int }
	text, _ := os.ReadFile(filepath.Join(s.out, app.ProcessesFile))
	if json.Unmarshal(text, &noted) == nil && len(noted) == 2 && !dead[noted[at].PID] && noted[at].PID > 1 {
		dead[noted[at].PID] = true
		_ = syscall.Kill(noted[at].PID, syscall.SIGKILL) // it may have gone by itself
	}
}

// Whoever reads the output goes away, as head does: the run goes on to its end, and ends
// as it would have. A terminal that goes away ends it as SIGTERM does, and of one that was
// killed the status says so.
func TestOutputGoesAway(t *testing.T) {
	t.Parallel()
	held := make(chan struct{})
	j := newJob(t, practice.Options{Vehicles: 8, OnReport: func(ctx context.Context, n int) { beyond(5, held)(ctx, n) }}, straight(t)...)
	t.Cleanup(func() { close(held) })
	for _, args := range [][]string{{"--limit", "2"}, {"--limit", "2", "--json"}} {
		cmd, _ := j.command(append([]string{"run", "inventory.yaml"}, args...)...)
		read, write, err := os.Pipe()
		j.must(err)
		cmd.Stdout, cmd.Stderr = write, write
		j.must(cmd.Start())
		j.must(write.Close())
		_, _ = bufio.NewReader(read).ReadString('\n')
		j.must(read.Close())
		if err := cmd.Wait(); err != nil {
			t.Errorf("%s: %v", strings.Join(args, " "), err)
		}
	}
	if done := len(j.done()); done != 4 {
		t.Errorf("%d are done", done)
	}
	has(t, j.pipe(app.ExitDone, "status", "inventory.yaml"), ": finished")
	s := j.start("--contexts", "1", "--pages", "2")
	s.await(pipeline.ItemDone, 1)
	if !signal.Ignored(syscall.SIGHUP) {
		j.must(s.cmd.Process.Signal(syscall.SIGHUP))
		s.await(pipeline.Stopping, 1)
	}
	j.must(s.cmd.Process.Kill())
	for range s.events {
	}
	_ = s.cmd.Wait()
	has(t, j.pipe(app.ExitDone, "status", "inventory.yaml"), "was killed, or its machine was")
	orphans(t)
}
