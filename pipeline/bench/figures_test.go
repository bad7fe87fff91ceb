package bench

import (
	"fmt"
	"math"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

func at(s float64) time.Time { return time.Unix(1_800_000_000, 0).Add(Seconds(s).Std()) }

// close wants a number, but for how it is rounded.
func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if math.Abs(got-want) > 1e-9 {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

func TestMedian(t *testing.T) {
	t.Parallel()
	for want, of := range map[float64][]float64{0: nil, 7: {7}, 2: {9, 1, 2}, 2.5: {4, 1, 2, 3}} {
		near(t, fmt.Sprint(of), Median(of), want)
	}
}

// Programs are compared pair by pair: of a round in which either has done wrong there is
// no pair.
func TestAgainst(t *testing.T) {
	t.Parallel()
	runs := func(rates ...float64) (all []Run) {
		for _, r := range rates {
			run := Run{Figures: Figures{Rate: r}}
			if r == 0 {
				run.Wrong = "it has lost one"
			}
			all = append(all, run)
		}
		return all
	}
	got := against("script", runs(30, 20, 99, 40), runs(10, 10, 0, 10)).Rate
	if want := (Ratio{Median: 3, Min: 2, Max: 4, Pairs: 3}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	if got := against("script", runs(0), runs(10)).Rate; got != (Ratio{}) || got.String() != "–" {
		t.Errorf("of no pair: %+v, %s", got, got)
	}
	s := ShapeReport{Programs: []ProgramReport{
		{Name: "pipe", Runs: runs(30, 0, 50)}, {Name: "other", Runs: runs(10, 10, 10)}, {Name: "script", Peer: true, Runs: runs(20, 20, 20)},
	}}
	s.compare()
	near(t, "median of the right runs", s.Programs[0].Median.Rate, 40)
	var names []string
	for _, p := range s.Programs {
		for _, a := range p.Against {
			names = append(names, p.Name+"/"+a.Name)
		}
	}
	if got := strings.Join(names, " "); got != "pipe/script other/pipe other/script" {
		t.Errorf("compared are %s", got)
	}
}

// A page has an item from its first step on, not while it is logged in.
func TestFigures(t *testing.T) {
	t.Parallel()
	h := newHistory()
	for _, e := range []event{
		{at(1), "attempt_started", "1.1", "A"},
		{at(2), "step_started", "1.1", ""},
		{at(3), "step_started", "1.1", "A"},
		{at(4), "step_started", "1.1", "A"},
		{at(4), "attempt_started", "1.2", "B"},
		{at(5), "step_started", "1.2", "B"},
		{at(6), "page_freed", "1.1", "A"},
		{at(7), "page_freed", "1.2", "B"},
		{at(9), "item_done", "", "A"},
		{at(8), "item_done", "", "B"},
	} {
		h.add(e)
	}
	m := measured{began: at(0), ended: at(10), history: h, sampler: newSampler(1, "pipe"), whole: 4 * time.Second}
	m.machine, m.own = time.Duration(runtime.NumCPU())*5*time.Second+6*time.Second, 2*time.Second
	m.sampler.seen[processKey{1, 1}] = &seenProcess{kind: Program, cpu: time.Second}
	m.sampler.seen[processKey{2, 1}] = &seenProcess{kind: Renderer, cpu: 2 * time.Second}
	m.sampler.spent = []spent{{at(1), time.Second}, {at(2.9), 2 * time.Second}, {at(3.1), 3 * time.Second}}
	m.sampler.samples = []sample{{at(1), 100}, {at(5), 300}, {at(9), 200}}
	f := m.figures(2, 2, 4)
	near(t, "rate", f.Rate, 12)
	near(t, "wall", float64(f.Wall), 10)
	near(t, "ideal", f.Ideal, 0.4)
	near(t, "start", float64(f.StartUp), 3)
	near(t, "CPU of the start", float64(f.StartCPU), 2)
	near(t, "page use", f.PageUse, (3.0+2.0)/(2*4))
	near(t, "CPU", float64(f.CPU), 2)
	near(t, "CPU of renderers", float64(f.CPUOf[Renderer]), 1)
	near(t, "CPU not seen", float64(f.CPUOf[Other]), 0.5)
	near(t, "others", f.Others, 0.5)
	near(t, "peak", f.Peak, 300)
	near(t, "attempts", f.Attempts, 1)
}

// The last quarter of a run may be slower than the first, and larger.
func TestEarlyAndLate(t *testing.T) {
	t.Parallel()
	var done []time.Time
	now := 0.0
	for i := range 1000 {
		now += 0.1
		if i >= 600 {
			now += 0.1
		}
		done = append(done, at(now))
	}
	first, mid, last := parts(done)
	if math.Abs(first-600) > 0.1 || math.Abs(mid-461) > 1 || math.Abs(last-300) > 0.1 {
		t.Errorf("rates %v, %v and %v, want 600, 461 and 300", first, mid, last)
	}
	s := newSampler(1, "")
	for t := range 140 {
		s.samples = append(s.samples, sample{at(float64(t)), int64(t)})
	}
	near(t, "early", s.early(done), 25) // from item 200 to 300: the 20th second to the 30th
	near(t, "end", s.end(done), 129)
	if first, mid, last := parts(done[:5]); first != 0 || mid != 0 || last != 0 {
		t.Error("a handful of items has no quarters")
	}
	near(t, "of nothing", s.early(nil), 0)
}

func TestIdeal(t *testing.T) {
	t.Parallel()
	o := Options{Items: 61, Latencies: Latencies{Page: 0.15, Ajax: 0.2, Modal: 0.2, PDF: 1.5}}
	near(t, "1x5", float64(o.ideal(Shape{1, 5})), 13*0.85+1.5)
}

func TestParse(t *testing.T) {
	t.Parallel()
	if s, err := ParseShape("5x1"); err != nil || s != (Shape{5, 1}) {
		t.Errorf("%v, %v", s, err)
	}
	for _, bad := range []string{"", "5", "0x1", "1x0", "x", "1x1x1", "99x99", "-1x-1"} {
		if _, err := ParseShape(bad); err == nil {
			t.Errorf("%q is a shape", bad)
		}
	}
	if p, err := ParsePeers("both"); err != nil || len(p) != 2 {
		t.Errorf("%v, %v", p, err)
	}
	if _, err := ParsePeers("all"); err == nil {
		t.Error("all are peers")
	}
}

// Shapes are held against the one with the fewest pages; what has no figures is left out.
func TestSpeedUps(t *testing.T) {
	t.Parallel()
	shape := func(s Shape, rates ...float64) (r ShapeReport) {
		r.Shape = s
		for _, rate := range rates {
			r.Programs = append(r.Programs, ProgramReport{Name: fmt.Sprint("p", len(r.Programs)), Median: Figures{MidRate: rate}})
		}
		return r
	}
	got := speedUps([]ShapeReport{shape(Shape{1, 5}, 40, 30), shape(Shape{1, 1}, 10, 0), shape(Shape{5, 1}, 50, 30)})
	want := []SpeedUp{{"p0", Shape{1, 1}, Shape{1, 5}, 4}, {"p0", Shape{1, 1}, Shape{5, 1}, 5}}
	if !slices.Equal(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
}
