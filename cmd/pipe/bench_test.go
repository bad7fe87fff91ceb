package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"pipe/cmd/pipe/internal/app"
	"pipe/pipeline/bench"
)

// The benchmark has a figure of everything, of pipe and of both peers, and each run of
// them is right.
func TestBench(t *testing.T) {
	t.Parallel()
	needsBrowser(t)
	j := &job{t: t, dir: t.TempDir()}
	j.plainly()
	const items = 6
	out := j.pipe(app.ExitDone, "bench", "--items", "6", "--runs", "1", "--shape", "1x2", "--latency", "none", "--json", "bench.json")
	has(t, out, "1 context of 2 pages", "pipe against script", "pipe against fused", "fused, first to last")
	src, err := os.ReadFile(filepath.Join(j.dir, "bench.json"))
	j.must(err)
	var r bench.Report
	j.must(json.Unmarshal(src, &r))
	if r.Machine.CPUs < 1 || r.Versions["browser"] == "" || r.Items != items || len(r.Shapes) != 1 || len(r.Shapes[0].Programs) != 3 {
		t.Fatalf("%s", src)
	}
	for _, p := range r.Shapes[0].Programs {
		f, n := p.Median, p.Counted
		within := func(what string, got, from, to float64) {
			if !(got >= from && got <= to) {
				t.Errorf("%s: %s is %v, which is not from %v to %v", p.Name, what, got, from, to)
			}
		}
		within("items a minute", f.Rate*float64(f.Wall)/60, items-1e-6, items+1e-6)
		within("ideal", f.Ideal, 0.01, 1)
		within("page use", f.PageUse, 0.1, 1)
		within("start", float64(f.StartUp), 0.1, float64(f.Wall))
		within("memory", f.Peak, 50e6, 10e9)
		within("attempts", f.Attempts, 1, 1)
		within("functions", n.Functions, 1, n.Commands)
		within("calls", n.RoundTrips, 2, 1000)
		sum := 0.0
		for _, took := range f.CPUOf {
			sum += float64(took)
		}
		within("CPU of all kinds", sum, float64(f.CPU)-1e-6, float64(f.CPU)+1e-6)
		for _, kind := range []bench.Kind{bench.Renderer, bench.Browser, bench.Driver} {
			within("CPU of "+string(kind), float64(f.CPUOf[kind]), 0.001, float64(f.CPU))
		}
		if own := f.CPUOf[bench.Program]; (own > 0) == p.Peer {
			t.Errorf("%s: pipe itself takes %v", p.Name, own)
		}
		for _, a := range p.Against {
			within("rate against "+a.Name, a.Rate.Median, a.Rate.Min, a.Rate.Max)
		}
		if want := map[bool]int{true: 0, false: 2}[p.Peer]; len(p.Against) != want {
			t.Errorf("%s is held against %d programs, want %d", p.Name, len(p.Against), want)
		}
	}
}

// What cannot be measured is told before anything is.
func TestBenchRefuses(t *testing.T) {
	t.Parallel()
	j := &job{t: t, dir: t.TempDir()}
	for text, args := range map[string][]string{
		`"5" is no shape: want contexts x pages, as 1x5 or 5x1`:    {"--shape", "5"},
		`"all" is no peer: there are none, script, fused and both`: {"--peer", "all"},
		`--latency is site or none, not "some"`:                    {"--latency", "some"},
		`there is no spec at nowhere.yaml`:                         {"nowhere.yaml"},
		`there must be one item and one run at least`:              {"--items", "0"},
		`a latency cannot be negative`:                             {"--pdf-latency", "-1s"},
	} {
		has(t, j.pipe(app.ExitSpec, append([]string{"bench"}, args...)...), text)
	}
}
