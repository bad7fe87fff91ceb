package main

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"pipe/cmd/pipe/internal/app"
	"pipe/pipeline"
	"pipe/pipeline/ledger"
	"pipe/pipeline/practice"
)

// started is a run under way that tells its events.
type started struct {
	*job
	cmd    *exec.Cmd
	events chan pipeline.Event
	// rest is what it printed after its events, once it has ended.
	rest chan string
}

// start begins `pipe run --json`.
func (j *job) start(args ...string) *started {
	j.t.Helper()
	cmd, errs := j.command(append([]string{"run", "inventory.yaml", "--json"}, args...)...)
	cmd.Stdout = nil
	out, err := cmd.StdoutPipe()
	j.must(err)
	j.must(cmd.Start())
	s := &started{job: j, cmd: cmd, events: make(chan pipeline.Event, 1000), rest: make(chan string, 1)}
	go func() {
		defer close(s.events)
		for scan := bufio.NewScanner(out); scan.Scan(); {
			var e pipeline.Event
			if json.Unmarshal(scan.Bytes(), &e) == nil && e.Kind != "" {
				s.events <- e
			}
		}
		_, _ = io.Copy(io.Discard, out)
	}()
	j.t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		if j.t.Failed() {
			j.t.Log(errs.String())
		}
	})
	return s
}

// await reads events until n of a kind have come.
func (s *started) await(kind pipeline.EventKind, n int) {
	s.t.Helper()
	const most = 2 * time.Minute
	limit := time.NewTimer(most)
	defer limit.Stop()
	for n > 0 {
		select {
		case e, ok := <-s.events:
			if !ok {
				s.t.Fatalf("the run ended before its %s", kind)
			}
			if e.Kind == kind {
				n--
				limit.Reset(most)
			}
		case <-limit.C:
			s.t.Fatalf("no %s within two minutes", kind)
		}
	}
}

// ended waits for the process's end and wants an exit code.
func (s *started) ended(want int) {
	s.t.Helper()
	for range s.events {
	}
	_ = s.cmd.Wait()
	if code := s.cmd.ProcessState.ExitCode(); code != want {
		s.t.Errorf("exit code %d, want %d", code, want)
	}
}

// placesAreDone makes sure that under the final names there are whole files
// alone, at most the one in hand more than the ledger has.
func (j *job) placesAreDone() {
	j.t.Helper()
	read := reader(j.t)
	files, err := filepath.Glob(filepath.Join(j.out, "files", "*"))
	j.must(err)
	for _, f := range files {
		if err := read(f, strings.TrimSuffix(filepath.Base(f), ".pdf")); err != nil {
			j.t.Errorf("after the kill: %s: %v", f, err)
		}
	}
	if done := len(j.done()); len(files) < done || len(files) > done+1 {
		j.t.Errorf("%d files in place and %d on record", len(files), done)
	}
}

// family are the processes that a test's runs have started, as folders of
// /proc.
func family(t *testing.T) []string {
	t.Helper()
	var found []string
	procs, err := filepath.Glob("/proc/[0-9]*/environ")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range procs {
		env, err := os.ReadFile(p)
		if err == nil && strings.Contains(string(env), "PIPE_TEST="+t.Name()+"\x00") {
			found = append(found, filepath.Dir(p))
		}
	}
	return found
}

// orphans waits until no browser or driver of a killed run is left.
func orphans(t *testing.T) {
	t.Helper()
	var left []string
	for range 100 {
		if left = family(t); len(left) == 0 {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Errorf("still running: %v", left)
}

// The first interrupt lets the items in hand end and starts no more; the same
// command goes on.
func TestInterruptedOnce(t *testing.T) {
	t.Parallel()
	j := newJob(t, practice.Options{Vehicles: 32, PDFLatency: latency(500*time.Millisecond, 500*time.Millisecond)}, straight(t)...)
	s := j.start("--contexts", "1", "--pages", "3")
	s.await(pipeline.ItemDone, 5)
	j.must(s.cmd.Process.Signal(syscall.SIGINT))
	s.ended(app.ExitInterrupted)
	done := len(j.done())
	if done < 5 || done > 25 {
		t.Errorf("%d items are done", done)
	}
	if produced := len(j.site.Counts().Produced); produced != done {
		t.Errorf("the site produced %d PDFs and %d items are done: one in hand was not finished", produced, done)
	}
	has(t, j.run(app.ExitDone), "inventory: 32 of 32 done")
	j.whole()
	j.onceEach()
}

// The second interrupt stops at once; nothing is lost.
func TestInterruptedTwice(t *testing.T) {
	t.Parallel()
	const hour = time.Hour
	j := newJob(t, practice.Options{Vehicles: 20, PDFLatency: latency(hour, hour)})
	s := j.start("--contexts", "1", "--pages", "3")
	s.await(pipeline.PageFreed, 1)
	j.must(s.cmd.Process.Signal(syscall.SIGINT))
	s.await(pipeline.Stopping, 1)
	began := time.Now()
	j.must(s.cmd.Process.Signal(syscall.SIGINT))
	s.ended(app.ExitInterrupted)
	if took := time.Since(began); took > hour/60 {
		t.Errorf("it took %v to stop, where a report takes %v", took, hour)
	}
	has(t, j.pipe(app.ExitDone, "status", "inventory.yaml"), totals(20, 0, 0, 20, 0))
}

// A second run in the same folder is refused.
func TestTwoRunsAtOnce(t *testing.T) {
	t.Parallel()
	refused := make(chan struct{})
	j := newJob(t, practice.Options{Vehicles: 6, OnReport: beyond(2, refused)})
	s := j.start("--contexts", "1")
	s.await(pipeline.ItemDone, 1)
	has(t, j.run(app.ExitEnvironment), "another run is at work in", "--out")
	close(refused)
	s.ended(app.ExitDone)
	j.whole()
	j.onceEach()
}

// A second run joins: both do some of the items, no item is done twice, and the
// one that ends first knows that all is done, and that the list is short.
func TestJoin(t *testing.T) {
	t.Parallel()
	joined := make(chan struct{})
	j := newJob(t, practice.Options{
		Vehicles: 40, PDFLatency: latency(200*time.Millisecond, 400*time.Millisecond), OnReport: beyond(6, joined),
	}, append(straight(t), "    format: csv", "    format: csv\n  expect: {rows: {min: 41}}")...)
	first := j.start("--contexts", "1", "--pages", "2")
	first.await(pipeline.ItemDone, 6)
	second, out := j.command("run", "inventory.yaml", "--join", "--contexts", "1", "--pages", "2")
	j.must(second.Start())
	eventually(t, "an item in the second run's hand", func() bool { return j.runsAtWork() == 2 })
	close(joined)
	const short = "SHORT LIST: the source has 40 rows, and source.expect.rows wants 41 at least"
	if err := second.Wait(); second.ProcessState.ExitCode() != app.ExitFailed {
		t.Errorf("the second run, which did not read the list: %v", err)
	}
	has(t, out.String(), "inventory: 40 of 40 done", totals(40, 40, 0, 0, 0), short)
	first.ended(app.ExitFailed)
	j.whole()
	j.onceEach()
	led, err := ledger.OpenReadOnly(t.Context(), app.LedgerPath(j.out))
	j.must(err)
	defer func() { _ = led.Close() }()
	runs, err := led.Runs(t.Context())
	j.must(err)
	if len(runs) != 2 || runs[0].Done < 5 || runs[1].Done < 5 || runs[0].Done+runs[1].Done != 40 || runs[0].Attempts+runs[1].Attempts != 40 {
		t.Errorf("the runs: %+v", runs)
	}
	has(t, j.run(app.ExitFailed, "--join"), "this run: nothing to do", short)
}

// When one of two runs is killed, the other does what that had in hand.
func TestJoinedRunIsKilled(t *testing.T) {
	t.Parallel()
	joined := make(chan struct{})
	j := newJob(t, practice.Options{
		Vehicles: 20, PDFLatency: latency(300*time.Millisecond, 500*time.Millisecond), OnReport: beyond(4, joined),
	}, straight(t)...)
	first := j.start("--contexts", "1", "--pages", "3")
	first.await(pipeline.ItemDone, 2)
	second := j.start("--join", "--contexts", "1", "--pages", "2")
	eventually(t, "an item in the second run's hand", func() bool { return j.runsAtWork() == 2 })
	close(joined)
	second.await(pipeline.ItemDone, 2)
	j.must(first.cmd.Process.Kill())
	first.ended(-1)
	second.ended(app.ExitDone)
	has(t, j.pipe(app.ExitDone, "status", "inventory.yaml"), totals(20, 20, 0, 0, 0))
	before := j.site.Counts()
	has(t, j.run(app.ExitDone), "this run: nothing to do")
	if after := j.site.Counts(); len(after.Produced) != len(before.Produced) {
		t.Error("something was produced again")
	}
	j.whole()
}

// What hangs ends at its limit, and heals; nobody waits for ever.
func TestHangs(t *testing.T) {
	t.Parallel()
	const hang = 20 * time.Minute
	j := newJob(t, practice.Options{Vehicles: 24, Faults: practice.Faults{Hang: 0.12, HangFor: hang}},
		"retry:", "timeouts: {item: 16s, step: 8s, capture: 8s}\n\nretry:", "attempts: 3", "attempts: 6", "initial: 3s", "initial: 10ms")
	began := time.Now()
	has(t, j.run(app.ExitDone, "--contexts", "1", "--pages", "4"), "inventory: 24 of 24 done")
	j.whole()
	if hangs := j.site.Counts().Faults["hang"]; hangs < 3 || time.Since(began) > hang/2 {
		t.Errorf("%d hangs, all done after %v", hangs, time.Since(began))
	}
}
