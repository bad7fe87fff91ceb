package summary_test

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pipe/pipeline"
	"pipe/pipeline/ledger"
	"pipe/pipeline/report/summary"
)

var evening = time.Date(2026, 11, 29, 22, 0, 0, 0, time.UTC)

// house is a ledger and the run under way.
type house struct {
	t   *testing.T
	led *ledger.Ledger
	run int64
	at  time.Time
}

func newHouse(t *testing.T) *house {
	t.Helper()
	led, err := ledger.Open(t.Context(), filepath.Join(t.TempDir(), "ledger.sqlite"))
	check(t, err)
	t.Cleanup(func() { check(t, led.Close()) })
	return &house{t: t, led: led, at: evening}
}

// begin begins a run of a spec's revision with these keys.
func (h *house) begin(revision string, keys ...string) {
	h.t.Helper()
	var err error
	h.run, err = h.led.BeginRun(h.t.Context(), pipeline.RunInfo{Spec: "inventory", Revision: revision, Started: h.at})
	check(h.t, err)
	var items []pipeline.Item
	for i, key := range keys {
		items = append(items, pipeline.Item{Key: key, Seq: i + 1, Fields: map[string]any{"ref": key}})
	}
	_, err = h.led.Admit(h.t.Context(), h.run, items, pipeline.Refresh{})
	check(h.t, err)
}

// attempt has a worker take a second for an item, on top of ten minutes.
func (h *house) attempt(key, worker string, status pipeline.Status, class pipeline.Class, reason, step string) {
	h.t.Helper()
	h.at = h.at.Add(10 * time.Minute)
	n, err := h.led.BeginAttempt(h.t.Context(), h.run, key, worker, h.at)
	check(h.t, err)
	out := pipeline.Outcome{
		Item: pipeline.Item{Key: key}, Attempt: n, Status: status, Class: class, Reason: reason, Step: step, Worker: worker,
		Started: h.at, Ended: h.at.Add(time.Second), Phases: map[string]time.Duration{"navigate": 300 * time.Millisecond, "download": 600 * time.Millisecond},
	}
	if status == pipeline.Done {
		out.Files = []pipeline.File{{Name: key + ".pdf", Size: 1, SHA256: key, Type: "pdf"}}
	}
	check(h.t, h.led.Commit(h.t.Context(), h.run, out))
}

func (h *house) end(reason string) {
	h.t.Helper()
	check(h.t, h.led.EndRun(h.t.Context(), h.run, pipeline.RunEnd{Ended: h.at.Add(time.Minute), Reason: reason}))
	h.at = h.at.Add(time.Hour)
}

func (h *house) report(o summary.Options) *summary.Report {
	h.t.Helper()
	o.Spec, o.Commands = "inventory", summary.Commands{Spec: "x.yaml", Out: " --out o", Key: func(flag, key string) (string, bool) { return " --" + flag + "=" + key, key != "E" }}
	r, err := summary.Make(h.t.Context(), h.led, o)
	check(h.t, err)
	return r
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

const wait = "navigate.steps[1].wait"

// two is a run that failed A, C and E, and did B, and another one of the spec as it was
// changed, that did C.
func two(t *testing.T) *house {
	t.Helper()
	h := newHouse(t)
	h.begin("old", "A", "B", "C", "D", "E")
	h.attempt("A", "c1p1", pipeline.Pending, pipeline.Transient, "a time-out", "")
	h.attempt("A", "c1p2", pipeline.Failed, pipeline.NotFound, "there is no A", wait+" (x.yaml:12:5)")
	h.attempt("B", "c1p1", pipeline.Done, "", "", "")
	h.attempt("C", "c1p1", pipeline.Failed, pipeline.ProofFailed, "no PDF", "download[0].capture (x.yaml:20:3)")
	h.attempt("D", "c1p1", pipeline.Skipped, "", "sold", "")
	h.attempt("E", "c1p2", pipeline.Failed, pipeline.NotFound, "there is no E", wait+" (x.yaml:14:5)")
	check(t, h.led.NoteEvidence(t.Context(), pipeline.Evidence{
		Run: h.run, Of: pipeline.EvidenceOfItem, Key: "A", Attempt: 2, Class: pipeline.NotFound, Step: wait + " (x.yaml:12:5)", Reason: "there is no A", Taken: h.at, Folder: "evidence/run-1/1",
		Files: []pipeline.EvidenceFile{{Name: pipeline.EvidenceScreenshot, Size: 1}},
	}))
	check(t, h.led.NoteEvidence(t.Context(), pipeline.Evidence{Run: h.run, Of: pipeline.EvidenceOfItem, Key: "C", Attempt: 1, Class: pipeline.Transient, Reason: "a time-out", Taken: h.at, Folder: "evidence/run-1/2"}))
	h.end(pipeline.RunFinished)
	check(t, h.led.Again(t.Context(), []string{"C"}, false))
	h.begin("new", "A", "B", "C", "D", "E")
	check(t, h.led.NoteEvidence(t.Context(), pipeline.Evidence{Run: h.run, Of: pipeline.EvidenceOfLogin, Class: pipeline.SessionLost, Reason: "refused", Taken: h.at, Folder: "evidence/run-2/1"}))
	h.attempt("C", "c1p1", pipeline.Done, "", "", "")
	h.end(pipeline.RunFinished)
	return h
}

// The report of the newest run has the items as they stand, and why the failed ones
// failed, whichever run that was.
func TestNewest(t *testing.T) {
	t.Parallel()
	r := two(t).report(summary.Options{Revision: "new"})
	if r.Outcome != "2 of 5 done, 1 skipped, 2 failed" || !r.Newest || r.Run.Number != 2 || r.Run.Done != 1 || r.Run.State != pipeline.StateFinished {
		t.Errorf("%s of %+v", r.Outcome, r.Run)
	}
	if len(r.Causes) != 1 {
		t.Fatalf("%d causes: %+v", len(r.Causes), r.Causes)
	}
	c := r.Causes[0]
	if c.Class != pipeline.NotFound || c.Step != wait || c.Items != 2 || !slices.Equal(c.Keys, []string{"A", "E"}) || c.Reasons != 1 || c.Changed != 2 {
		t.Errorf("%+v", c)
	}
	if c.Evidence == nil || c.Evidence.Folder != "evidence/run-1/1" || !c.Evidence.Has(pipeline.EvidenceScreenshot) {
		t.Errorf("its evidence is %+v", c.Evidence)
	}
	if c.Next.Line != "pipe run x.yaml --out o --retry-failed" || !strings.Contains(c.Next.Why, "has changed since") || r.Next != c.Next {
		t.Errorf("next: %+v, %+v", c.Next, r.Next)
	}
	if len(r.Skipped) != 1 || r.Skipped[0].Reason != "sold" {
		t.Errorf("skipped: %+v", r.Skipped)
	}
	if len(r.Evidence) != 1 || r.Evidence[0].Reason != "refused" {
		t.Errorf("evidence beside the items: %+v", r.Evidence)
	}
	var items []string
	for item, err := range r.Items("") {
		check(t, err)
		items = append(items, item.Key+" "+string(item.Status)+" "+strings.Join(item.Files, ","))
	}
	if want := []string{"A failed ", "B done B.pdf", "C done C.pdf", "D skipped ", "E failed "}; !slices.Equal(items, want) {
		t.Errorf("items: %q", items)
	}
}

// That of an older run has the items that it had in hand, as it left them.
func TestOlder(t *testing.T) {
	t.Parallel()
	h := two(t)
	r := h.report(summary.Options{Run: 1, Revision: "old", Line: func(path string) (string, string) { return "x.yaml:14:5", path }})
	if r.Outcome != "1 of 5 done, 1 skipped, 3 failed" || r.Newest || len(r.Causes) != 2 || len(r.Evidence) != 0 {
		t.Errorf("%s: %+v", r.Outcome, r.Causes)
	}
	c := r.Causes[0]
	if c.Changed != 0 || c.Place != "x.yaml:14:5" || c.Line != wait || c.Next.Line != "pipe try x.yaml --item=A" {
		t.Errorf("%+v", c)
	}
	if e := r.Causes[1].Evidence; e == nil || e.Folder != "evidence/run-1/2" || e.Class != pipeline.Transient {
		t.Errorf("the evidence of another attempt: %+v", e)
	}
	statuses := ""
	for item, err := range r.Items("") {
		check(t, err)
		statuses += item.Key + string(item.Status[0]) + " "
	}
	if statuses != "Af Bd Cf Ds Ef " {
		t.Errorf("items: %s", statuses)
	}
	if _, err := summary.Make(t.Context(), h.led, summary.Options{Run: 3}); !errors.Is(err, summary.ErrNoRun) {
		t.Errorf("of a run that there is none of: %v", err)
	}
}

// The drawings count each attempt once.
func TestCharts(t *testing.T) {
	t.Parallel()
	r := two(t).report(summary.Options{Run: 1})
	settled, within := 0, time.Duration(0)
	for _, s := range r.Throughput.Spans {
		settled += s.Done + s.Skipped + s.Failed
		within += time.Duration(r.Throughput.SpanSeconds) * time.Second
	}
	if settled != 5 || within < r.Run.Elapsed() || len(r.Throughput.Spans) > 96 {
		t.Errorf("%d settled in %v of %v, in %d spans", settled, within, r.Run.Elapsed(), len(r.Throughput.Spans))
	}
	if len(r.Workers) != 2 || r.Workers[0].Name != "c1p1" || r.Workers[0].Attempts != 4 || r.Workers[0].Done != 2 || r.Workers[0].Failed != 2 || r.Workers[1].Failed != 2 {
		t.Errorf("workers: %+v", r.Workers)
	}
	busy := 0.0
	for _, part := range r.Workers[0].Busy {
		busy += part
	}
	if got := time.Duration(busy / 160 * float64(r.Run.Elapsed())); got < 3900*time.Millisecond || got > 4100*time.Millisecond {
		t.Errorf("c1p1 was busy for %v", got)
	}
	if len(r.Stages) != 2 || r.Stages[0].Name != "navigate" || r.Stages[0].Attempts != 1 || r.Stages[1].MaxMS != 600 {
		t.Errorf("stages: %+v", r.Stages)
	}
	for _, s := range r.Stages {
		if s.MedianMS < s.MaxMS*95/100 || s.MedianMS > s.MaxMS || len(s.Buckets) != 1 || s.Buckets[0].FromMS > float64(s.MaxMS) || s.Buckets[0].ToMS < float64(s.MaxMS) {
			t.Errorf("%s: %+v", s.Name, s)
		}
	}
}

// A run that is under way, one that was killed, and one that nobody has closed.
func TestStates(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.begin("r", "A", "B")
	h.attempt("A", "c1p1", pipeline.Done, "", "", "")
	check(t, h.led.Beat(t.Context(), h.run, h.at))
	for want, o := range map[pipeline.RunState]summary.Options{
		pipeline.StateRunning: {Now: h.at.Add(time.Second)},
		pipeline.StateDied:    {Now: h.at.Add(time.Second), Deserted: true},
	} {
		r := h.report(o)
		if r.Run.State != want || r.Counts.Pending != 1 {
			t.Errorf("%s, not %s: %s", r.Run.State, want, r.Outcome)
		}
	}
	if r := h.report(summary.Options{Now: h.at.Add(time.Hour)}); r.Run.State != pipeline.StateDied || !r.Run.Ended.Equal(h.at) || r.Outcome != "killed: 1 of 2 done, 1 pending" || r.Next.Line != "pipe run x.yaml --out o" {
		t.Errorf("%+v, %s, next %+v", r.Run, r.Outcome, r.Next)
	}
	h.at = h.at.Add(time.Hour)
	h.begin("r", "A", "B")
	h.end("the disk is full")
	if r := h.report(summary.Options{}); r.Run.State != pipeline.StateStopped || !strings.HasPrefix(r.Outcome, "stopped: ") {
		t.Errorf("%+v, %s", r.Run, r.Outcome)
	}
	if r := h.report(summary.Options{Run: 1}); r.Run.State != pipeline.StateDied {
		t.Errorf("%+v", r.Run)
	}
}

// A step that is done once and was cut short is told, and comes before what failed.
func TestUncertain(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.begin("r", "A", "B")
	n, err := h.led.BeginAttempt(t.Context(), h.run, "A", "c1p1", h.at)
	check(t, err)
	check(t, h.led.BeginOnce(t.Context(), h.run, "A", n, "order", nil, h.at))
	check(t, h.led.Commit(t.Context(), h.run, pipeline.Outcome{Item: pipeline.Item{Key: "A"}, Attempt: n, Status: pipeline.Failed, Class: pipeline.Uncertain, Reason: "cut short", Started: h.at, Ended: h.at}))
	h.attempt("B", "c1p1", pipeline.Failed, pipeline.Transient, "a time-out", "")
	h.end(pipeline.RunFinished)
	r := h.report(summary.Options{})
	if len(r.Uncertain) != 1 || r.Uncertain[0].Key != "A" || r.Uncertain[0].Step != "order" || r.Next.Line != "pipe run x.yaml --out o --uncertain=done --only=A" {
		t.Errorf("%+v, next %+v", r.Uncertain, r.Next)
	}
}
