package main

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/playwright-community/playwright-go"

	"pipe/cmd/pipe/internal/app"
	"pipe/pipeline"
	"pipe/pipeline/ledger"
	"pipe/pipeline/practice"
)

// gates let the first reports of a site through, and so many more for each gate opened.
func gates(first int, each ...chan struct{}) func(context.Context, int) {
	return func(ctx context.Context, n int) {
		for i, gate := range each {
			if n > first*(i+1) {
				wait(ctx, gate)
			}
		}
	}
}

// state is what server-sent events tell of a spec.
type state struct {
	Running  bool
	Run      int64
	Workers  []struct{ Key string }
	Recent   []struct{ Key, Kind string }
	Steered  *struct{ Paused, Draining bool }
	Finished *struct {
		Code   int
		Output string
	}
}

// awaitState follows the events until the state is as wanted.
func (s *served) awaitState(what string, is func(state) bool) {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, s.base+"/api/events?spec=inventory", nil)
	s.must(err)
	r.Header.Set("Authorization", "Bearer "+s.token)
	answer, err := s.http.Do(r)
	s.must(err)
	defer func() { _ = answer.Body.Close() }()
	lines := bufio.NewScanner(answer.Body)
	lines.Buffer(nil, 1<<20)
	last := ""
	for lines.Scan() {
		text, is1 := strings.CutPrefix(lines.Text(), "data: ")
		if !is1 {
			continue
		}
		last = text
		states := map[string]state{}
		s.must(json.Unmarshal([]byte(text), &states))
		if is(states["inventory"]) {
			return
		}
	}
	s.t.Fatalf("%s: it did not come: %v\n%s", what, lines.Err(), last)
}

func (s state) idle() bool {
	for _, w := range s.Workers {
		if w.Key != "" {
			return false
		}
	}
	return s.Running && len(s.Workers) > 0
}

func (s state) endedWith(code int) bool {
	return !s.Running && s.Finished != nil && s.Finished.Code == code
}

// runOf reads a run from the ledger of a job.
func (j *job) runOf(number int64) pipeline.RunRow {
	j.t.Helper()
	led, err := ledger.OpenReadOnly(j.t.Context(), app.LedgerPath(j.out))
	j.must(err)
	defer func() { _ = led.Close() }()
	row, err := led.Run(j.t.Context(), number)
	j.must(err)
	return row
}

// A run is begun, paused, gone on with and drained by buttons; what failed is tried again
// by its cause and by choice; and a dry run only reads.
func TestServeSteers(t *testing.T) {
	t.Parallel()
	first, second := make(chan struct{}), make(chan struct{})
	j := newJob(t, practice.Options{Vehicles: 40, Missing: 2, OnReport: gates(6, first, second)}, straight(t)...)
	s := j.serve("serve", ".", "--http", "127.0.0.1:0")
	p := s.browse(playwright.BrowserNewContextOptions{Viewport: &playwright.Size{Width: 1280, Height: 900}})
	p.visit("/specs/inventory")
	p.press("Start a run")
	p.await("Run 1")
	p.await("Last items")
	p.press("Pause")
	s.awaitState("paused", func(s state) bool { return s.Steered != nil && s.Steered.Paused })
	close(first)
	s.awaitState("no worker has an item", state.idle)
	begun := len(s.site.Counts().Produced)
	p.press("Resume")
	s.awaitState("it goes on", func(s state) bool { return s.Steered != nil && !s.Steered.Paused && !s.idle() })
	p.press("Finish items in hand, then end")
	s.awaitState("it drains", func(s state) bool { return s.Steered != nil && s.Steered.Draining })
	close(second)
	s.awaitState("it has ended", func(s state) bool { return s.endedWith(app.ExitInterrupted) })
	if row := j.runOf(1); row.Reason != pipeline.RunInterrupted || row.Done < begun || row.Done > 39 {
		t.Errorf("after %d reports it was paused, and has ended so: %+v", begun, row)
	}
	p.await("ended with code 130")

	p.press("Start a run")
	s.awaitState("the rest is done", func(s state) bool { return s.endedWith(app.ExitFailed) })
	p.visit("/specs/inventory/failures")
	p.must(p.GetByRole("button", playwright.PageGetByRoleOptions{Name: "Retry 2 items"}).Click())
	s.awaitState("the cause has been tried again", func(s state) bool { return s.Run == 3 && s.endedWith(app.ExitFailed) })
	if row := j.runOf(3); row.Failed != 2 || row.Done != 0 || !row.Partial {
		t.Errorf("the retry of a cause: %+v", row)
	}
	p.visit("/specs/inventory/items?status=done")
	p.must(p.Locator("tbody input[type=checkbox]").First().Check())
	p.press("Retry 1 chosen item")
	s.awaitState("the chosen item is done again", func(s state) bool { return s.Run == 4 && !s.Running })
	if row := j.runOf(4); row.Done != 1 || row.Failed != 0 {
		t.Errorf("the retry of a chosen item: %+v", row)
	}
	p.visit("/specs/inventory")
	p.must(p.Locator("#limit").Fill("2"))
	p.press("Dry run")
	p.await("2 items walked")
	if row := j.runOf(5); row.Number != 0 {
		t.Errorf("a dry run has left a run: %+v", row)
	}
	s.ends(app.ExitDone)
	j.noRunsLeft()
}

// noRunsLeft wants no process of the job to be left.
func (j *job) noRunsLeft() {
	j.t.Helper()
	j.t.Cleanup(func() { orphans(j.t) })
}

// Runs do not outlive what has started them: interrupted, it waits until the items in hand
// are finished; killed, they finish them by themselves.
func TestServeEnds(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]os.Signal{"interrupted": os.Interrupt, "killed": os.Kill} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			gate := make(chan struct{})
			j := newJob(t, practice.Options{Vehicles: 40, OnReport: gates(3, gate)}, straight(t)...)
			s := j.serve("serve", ".", "--http", "127.0.0.1:0")
			if status, text, _ := s.ask(http.MethodPost, "/api/specs/inventory/start", "{}", nil); status != http.StatusOK {
				t.Fatal(status, text)
			}
			s.awaitState("items come", func(s state) bool { return len(s.Recent) > 0 })
			if status, text, _ := s.ask(http.MethodPost, "/api/specs/inventory/start", "{}", nil); status != http.StatusConflict {
				t.Error("a second run at once:", status, text)
			}
			j.must(s.cmd.Process.Signal(end))
			close(gate)
			eventually(t, "the run has ended", func() bool { return !j.runOf(1).Ended.IsZero() })
			if row := j.runOf(1); row.Reason != pipeline.RunInterrupted || row.Failed != 0 {
				t.Errorf("it has ended so: %+v", row)
			}
			j.noRunsLeft()
		})
	}
}

// A run that another process has started is followed as it goes, in a page that was open
// before there was an output folder.
func TestServeFollows(t *testing.T) {
	t.Parallel()
	gate := make(chan struct{})
	j := newJob(t, practice.Options{Vehicles: 8, OnReport: gates(3, gate)}, straight(t)...)
	s := j.serve("serve", ".", "--http", "127.0.0.1:0")
	p := s.browse(playwright.BrowserNewContextOptions{})
	p.visit("/specs/inventory")
	p.await("Nothing has run yet.")
	run := j.start("--contexts", "1")
	p.await("It is at work in another process")
	if status, text, _ := s.ask(http.MethodPost, "/api/specs/inventory/steer", `{"do":"drain"}`, nil); status != http.StatusConflict {
		t.Error("a run of another process is steered:", status, text)
	}
	close(gate)
	run.ended(app.ExitDone)
	p.must(p.Locator("section", playwright.PageLocatorOptions{HasText: "Runs"}).GetByText("finished").WaitFor())
	if shown := p.is(`document.querySelector(".tiles dd").textContent`); shown != "8" {
		t.Errorf("%s are shown to be done", shown)
	}
	s.ends(app.ExitDone)
}

// A run shows itself, is steered from its pages, and takes them with it when it ends.
func TestRunHTTP(t *testing.T) {
	t.Parallel()
	gate := make(chan struct{})
	j := newJob(t, practice.Options{Vehicles: 40, OnReport: gates(6, gate)}, straight(t)...)
	s := j.serve("run", "inventory.yaml", "--json", "--http", "127.0.0.1:0")
	p := s.browse(playwright.BrowserNewContextOptions{})
	p.visit("/specs/inventory")
	p.await("Run 1")
	p.press("Pause")
	s.awaitState("paused", func(s state) bool { return s.Steered != nil && s.Steered.Paused })
	if status, text, _ := s.ask(http.MethodPost, "/api/specs/inventory/start", "{}", nil); status != http.StatusConflict {
		t.Error("a run begun from another:", status, text)
	}
	p.press("Resume")
	p.press("Finish items in hand, then end")
	s.awaitState("it drains", func(s state) bool { return s.Steered != nil && s.Steered.Draining })
	_, err := p.Goto("about:blank") // it is no fault of the page that the server goes away
	p.must(err)
	close(gate)
	_ = s.cmd.Wait()
	if code := s.cmd.ProcessState.ExitCode(); code != app.ExitInterrupted {
		t.Errorf("exit code %d", code)
	}
}
