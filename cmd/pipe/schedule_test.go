package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"pipe/cmd/pipe/internal/app"
	"pipe/pipeline/practice"
)

// A time that was missed is made up for by a run of its own; Ctrl-C lets it finish what
// it has in hand, and ends all.
func TestSchedule(t *testing.T) {
	t.Parallel()
	inHand, released := make(chan struct{}), make(chan struct{})
	j := newJob(t, practice.Options{Vehicles: 6, OnModal: func(ctx context.Context, n int) {
		if n == 1 {
			close(inHand)
			wait(ctx, released)
		}
	}}, "retry:\n", "schedule: {cron: \"0 3 * * *\", time_zone: UTC, catch_up: 48h}\n\nretry:\n")
	missed := time.Now().UTC().Truncate(24 * time.Hour).Add(3 * time.Hour) // today's three o'clock, or yesterday's
	if missed.After(time.Now()) {
		missed = missed.Add(-24 * time.Hour)
	}
	j.must(os.MkdirAll(j.out, 0o755))
	j.must(os.WriteFile(filepath.Join(j.out, ".schedule.json"), []byte(`{"last": "`+missed.Add(-time.Hour).Format(time.RFC3339)+`"}`), 0o600))
	cmd, out := j.command("schedule", "inventory.yaml")
	j.must(cmd.Start())
	wait(t.Context(), inHand)
	// Nobody else follows it.
	has(t, j.pipe(app.ExitEnvironment, "schedule", "inventory.yaml"), "another pipe schedule follows inventory")
	j.must(cmd.Process.Signal(syscall.SIGINT))
	eventually(t, "the run is asked to end", func() bool {
		text, err := os.ReadFile(filepath.Join(j.out, ".schedule.json"))
		var s struct{ Last time.Time }
		return err == nil && json.Unmarshal(text, &s) == nil && s.Last.Equal(missed)
	})
	close(released)
	if err := cmd.Wait(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	has(t, out.String(), "inventory: runs, for "+missed.Format("2006-01-02 15:04")+" UTC", "inventory: ended with exit code 130", "stopping: the items in hand are finished first")
	if n := len(j.done()); n == 0 || n == 6 {
		t.Errorf("%d items are done, which are those in hand", n)
	}
	if strings.Contains(out.String(), practice.DefaultPassword) {
		t.Error("the output holds a secret")
	}
}
