package console

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"pipe/pipeline"
)

var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

func after(seconds int) time.Time { return noon.Add(time.Duration(seconds) * time.Second) }

// night is a small run, told by its events.
func night() []pipeline.Event {
	totals := func(done, failed, pending int) *pipeline.Totals {
		return &pipeline.Totals{In: 6, Done: done, Failed: failed, Pending: pending, Duplicates: 1}
	}
	return []pipeline.Event{
		{Time: noon, Kind: pipeline.RunStarted, Run: 7, Spec: "inventory", Workers: []string{"c1p1", "c1p2"}},
		{Time: after(1), Kind: pipeline.LoggedIn, Worker: "c1", Account: "1"},
		{Time: after(2), Kind: pipeline.StepStarted, Worker: "c1p1", Step: "source.export.steps[0].goto"},
		{Time: after(3), Kind: pipeline.DuplicateRow, Key: "A1"},
		{Time: after(4), Kind: pipeline.SourceRead, Totals: totals(0, 0, 5), ToDo: 5},
		{Time: after(5), Kind: pipeline.AttemptStarted, Worker: "c1p1", Key: "A1", Attempt: 1},
		{Time: after(6), Kind: pipeline.StepStarted, Worker: "c1p1", Key: "A1", Step: "navigate.steps[2].fill"},
		{Time: after(10), Kind: pipeline.PageFreed, Worker: "c1p1", Key: "A1", Attempt: 1},
		{Time: after(12), Kind: pipeline.ItemDone, Worker: "c1p1", Key: "A1", Attempt: 1, Took: 7 * time.Second, Files: []pipeline.File{{Name: "A1.pdf"}}, Totals: totals(1, 0, 4)},
		{Time: after(13), Kind: pipeline.AttemptStarted, Worker: "c1p2", Key: "B2", Attempt: 2},
		{Time: after(20), Kind: pipeline.AttemptFailed, Worker: "c1p2", Key: "B2", Attempt: 2, Class: pipeline.Transient, Reason: "the site\x1b[2Janswered 502", Step: "navigate.home"},
		{Time: after(30), Kind: pipeline.ItemFailed, Worker: "c1p2", Key: "B2", Attempt: 3, Class: pipeline.NotFound, Reason: "no vehicle B2", Totals: totals(1, 1, 3)},
	}
}

func TestPlain(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	v := Plain(&out, Options{})
	for _, e := range append(night(), pipeline.Event{Time: after(65), Kind: pipeline.PageFreed, Key: "C3"}) {
		v.Observe(e)
	}
	slog.New(slog.NewTextHandler(v.Log(), nil)).Info("a note")
	if err := v.Close(); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"12:00:00 run 7 of inventory, workers: c1p1 c1p2", "12:00:01 logged in  c1, account 1", "12:00:03 duplicate  A1",
		"12:00:04 source     6 in: 0 done before, 0 failed before, 5 to do, 1 duplicates", "12:00:12 done       A1  7s  A1.pdf",
		"12:00:20 retry      B2  attempt 2, transient: the site[2Janswered 502  at navigate.home",
		"12:00:30 FAILED     B2  attempt 3, not_found: no vehicle B2", "12:01:05 progress   50 %: 1 done, 1 failed, 3 pending; 2.0 a minute, up to 4 min left", `msg="a note"`,
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in:\n%s", want, out.String())
		}
	}
	if strings.Contains(out.String(), "\x1b") {
		t.Error("a site's escape sequence reaches the terminal")
	}
}

// Every line is an object.
func TestJSON(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	v := JSON(&out)
	for _, e := range night() {
		v.Observe(e)
	}
	slog.New(slog.NewJSONHandler(v.Log(), nil)).Info("a note")
	if err := v.Close(); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != len(night())+1 {
		t.Errorf("%d lines for %d events and a note", len(lines), len(night()))
	}
	for _, line := range lines {
		var v map[string]any
		if err := json.Unmarshal([]byte(line), &v); err != nil {
			t.Errorf("%s: %v", line, err)
		}
	}
	var e pipeline.Event
	if err := json.Unmarshal([]byte(lines[8]), &e); err != nil || e.Kind != pipeline.ItemDone || e.Totals.Done != 1 || e.Files[0].Name != "A1.pdf" {
		t.Errorf("got %+v, %v", e, err)
	}
}

// The live view gives its terminal back, with its notes on it.
func TestLive(t *testing.T) {
	t.Parallel()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	shown := make(chan string)
	go func() {
		text, _ := io.ReadAll(r)
		shown <- string(text)
	}()
	v := Live(nil, w, Options{Now: func() time.Time { return after(40) }})
	for _, e := range night() {
		v.Observe(e)
	}
	if _, err := io.WriteString(v.Log(), "a log line\n"); err != nil {
		t.Error(err)
	}
	if err := v.Close(); err != nil {
		t.Error(err)
	}
	if err := v.Close(); err != nil {
		t.Errorf("closed twice: %v", err)
	}
	_ = w.Close()
	text := <-shown
	for _, want := range []string{"FAILED     B2", "a log line"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q on the terminal: %q", want, text)
		}
	}
}

// A terminal that does not know its size takes no line away.
func TestLiveWithoutSize(t *testing.T) {
	t.Parallel()
	p := &liveModel{live: &liveView{notes: []string{"a log line"}}, width: 80, height: 24}
	p.Update(tea.WindowSizeMsg{})
	if p.width != 80 || p.height != 24 {
		t.Errorf("the picture is %d by %d", p.width, p.height)
	}
	if got := fmt.Sprint(p.above()()); !strings.Contains(got, "a log line") {
		t.Errorf("printed %q", got)
	}
}

func TestReport(t *testing.T) {
	t.Parallel()
	f := Final{
		Spec: "inventory", SpecPath: "specs/inventory.yaml", Out: "out/inventory", Reason: "finished",
		Totals: pipeline.Totals{In: 20, Done: 5, Failed: 13, Pending: 1, Duplicates: 1}, DoneNow: 5, FailedNow: 13, Elapsed: 3 * time.Minute,
	}
	for i := range 13 {
		key := string(rune('A' + i))
		f.Failed = append(f.Failed, pipeline.ItemRow{Key: "K" + key, Class: pipeline.NotFound, Reason: "no vehicle K" + key, Step: "navigate.steps[4].expect (x.yaml:9:3)"})
	}
	show := func() string {
		var out bytes.Buffer
		Report(&out, f)
		return out.String()
	}
	got := show()
	for _, want := range []string{
		"inventory: 5 of 19 done", "in 20 = done 5 + failed 13 + pending 1 + duplicates 1", "this run: 5 done, 13 failed, in 3m00s (6.0 a minute)",
		"failed 13, not_found: no vehicle KA (so for KA)  at navigate.steps[4].expect (x.yaml:9:3)", "KA KB KC KD KE KF KG KH KI KJ … and 3 more",
		"next: pipe run specs/inventory.yaml --retry-failed", "output: out/inventory",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in:\n%s", want, got)
		}
	}
	f.Totals.Skipped, f.Totals.In, f.SkippedNow = 2, 22, 2
	f.Skipped = []pipeline.ItemRow{{Key: "S1", Reason: "S1 has no report"}, {Key: "S2", Reason: "S2 has no report"}}
	got = show()
	for _, want := range []string{
		"5 of 21 done, 2 skipped\n", "in 22 = done 5 + skipped 2 + failed 13 +", "this run: 5 done, 2 skipped, 13 failed, ", "  skipped 2: S1 has no report (so for S1)\n    S1 S2\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in:\n%s", want, got)
		}
	}
	f.Totals.Skipped, f.Totals.In = 0, 20
	f.Reason = "interrupted"
	if got := show(); !strings.Contains(got, "interrupted: 5 of 19 done") || !strings.Contains(got, "goes on where this one stopped") {
		t.Error(got)
	}
	f.Reason, f.Color = "the disk is full", true
	if got := show(); !strings.Contains(got, "\x1b[1;31minventory: stopped: 5 of 19 done\n  the disk is full") {
		t.Error(got)
	}
}
