//go:build unix

package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"pipe/cmd/pipe/internal/app"
	"pipe/pipeline"
	"pipe/pipeline/practice"
)

// What a killed run leaves behind, when its driver hangs, the next run ends.
func TestSweep(t *testing.T) {
	t.Parallel()
	j := newJob(t, practice.Options{Vehicles: 20, PDFLatency: latency(300*time.Millisecond, 300*time.Millisecond)}, straight(t)...)
	s := j.start("--contexts", "1")
	s.await(pipeline.ItemDone, 2)
	var noted []struct{ PID int }
	text, err := os.ReadFile(filepath.Join(j.out, app.ProcessesFile))
	j.must(err)
	j.must(json.Unmarshal(text, &noted))
	if len(noted) != 2 || noted[0].PID == 0 || noted[1].PID == 0 {
		t.Fatalf("noted: %s", text)
	}
	// A driver that hangs outlives a pipe that is killed, and its browser too.
	j.must(syscall.Kill(noted[0].PID, syscall.SIGSTOP))
	j.must(s.cmd.Process.Kill())
	s.ended(-1)
	for _, p := range noted {
		if err := syscall.Kill(p.PID, 0); err != nil {
			t.Errorf("the process %d is gone: the test has no teeth", p.PID)
		}
	}
	has(t, j.run(app.ExitDone), "inventory: 20 of 20 done")
	orphans(t)
	if _, err := os.Stat(filepath.Join(j.out, app.ProcessesFile)); !os.IsNotExist(err) {
		t.Errorf("after a run that ended well processes are noted: %v", err)
	}
}
