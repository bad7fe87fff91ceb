package render

import (
	"fmt"
	"math"
	"time"

	"pipe/pipeline/report/summary"
)

// barsView is the throughput: bars of what was settled, over time.
type barsView struct {
	// Span is how long each bar is, Most the most items that one has.
	Span  string
	Most  int
	Spans []barView
	Times []tick
}

type barView struct {
	Title string
	Parts []piece
}

// tick is a text of an axis; Less is true for one that a narrow page has no room for.
type tick struct {
	X      float64
	Anchor string
	Text   string
	Less   bool
}

// barsHigh is the height of the bars in pixels.
const barsHigh = 120

func barsOf(r *summary.Report, zone *time.Location) barsView {
	spans := r.Throughput.Spans
	length := time.Duration(r.Throughput.SpanSeconds * float64(time.Second))
	v := barsView{Span: duration(length)}
	for _, s := range spans {
		v.Most = max(v.Most, s.Done+s.Skipped+s.Failed)
	}
	if v.Most == 0 {
		return barsView{}
	}
	wide := 100 / float64(len(spans))
	clock := func(t time.Time) string { return t.In(zone).Format("15:04:05") }
	if r.Run.Elapsed() > time.Hour {
		clock = func(t time.Time) string { return t.In(zone).Format("15:04") }
	}
	for i, s := range spans {
		bar := barView{Title: fmt.Sprintf("%s: %d done, %d skipped, %d failed", clock(s.Start), s.Done, s.Skipped, s.Failed)}
		y := barsHigh + 10.0
		for _, part := range []struct {
			n    int
			tone string
		}{{s.Done, "done"}, {s.Skipped, "skipped"}, {s.Failed, "failed"}} {
			if part.n == 0 {
				continue
			}
			h := round(float64(part.n) / float64(v.Most) * barsHigh)
			y = round(y - h)
			bar.Parts = append(bar.Parts, piece{Tone: part.tone, X: round(float64(i) * wide), W: round(wide * 0.86), Y: y, H: h})
		}
		if len(bar.Parts) > 0 {
			v.Spans = append(v.Spans, bar)
		}
	}
	run := r.Run
	v.Times = []tick{
		{X: 0, Anchor: "start", Text: clock(run.Started)}, {X: 50, Anchor: "middle", Text: clock(run.Started.Add(run.Elapsed() / 2))}, {X: 100, Anchor: "end", Text: clock(run.Ended)},
	}
	return v
}

// stageView is how long attempts spent in a stage: bars over durations that grow tenfold.
type stageView struct {
	Name             string
	Attempts         int
	Median, P90, Max string
	MedianX          float64
	Bars             []piece
}

// stagesOf draws all stages along one axis.
func stagesOf(stages []summary.Stage) (views []stageView, ticks []tick) {
	from, to := math.Inf(1), 0.0
	for _, s := range stages {
		for _, b := range s.Buckets {
			from, to = min(from, b.FromMS), max(to, b.ToMS)
		}
	}
	if to == 0 {
		return nil, nil
	}
	width := math.Log(to / from)
	at := func(ms float64) float64 { return round(min(max(math.Log(ms/from)/width, 0), 1) * 100) }
	for _, s := range stages {
		v := stageView{Name: s.Name, Attempts: s.Attempts, Median: milliseconds(s.MedianMS), P90: milliseconds(s.P90MS), Max: milliseconds(s.MaxMS), MedianX: at(float64(max(s.MedianMS, 1)))}
		most := 0
		for _, b := range s.Buckets {
			most = max(most, b.Attempts)
		}
		for _, b := range s.Buckets {
			h := max(1, round(float64(b.Attempts)/float64(most)*26))
			v.Bars = append(v.Bars, piece{X: at(b.FromMS), W: round((at(b.ToMS) - at(b.FromMS)) * 0.9), Y: 32 - h, H: h})
		}
		views = append(views, v)
	}
	for ms := 1.0; ms <= to; ms *= 10 {
		if ms < from {
			continue
		}
		t := tick{X: at(ms), Anchor: "middle", Text: axisTime(ms), Less: len(ticks)%2 == 1}
		switch {
		case t.X < 4:
			t.Anchor = "start"
		case t.X > 96:
			t.Anchor = "end"
		}
		ticks = append(ticks, t)
	}
	return views, ticks
}

func axisTime(ms float64) string {
	if ms < 1000 {
		return fmt.Sprintf("%g ms", ms)
	}
	return fmt.Sprintf("%g s", ms/1000)
}

// workerView is what a worker did over the time of the run.
type workerView struct {
	Name                   string
	Attempts, Done, Failed int
	Busy                   string
	Parts                  []piece
}

func workersOf(r *summary.Report) []workerView {
	var views []workerView
	whole := float64(max(r.Run.Elapsed().Milliseconds(), 1))
	for _, w := range r.Workers {
		v := workerView{Name: w.Name, Attempts: w.Attempts, Done: w.Done, Failed: w.Failed, Busy: fmt.Sprintf("%.0f %%", min(1, sum(w.Busy)/float64(max(len(w.Busy), 1)))*100)}
		if len(w.Busy) == 0 {
			v.Busy = fmt.Sprintf("%.0f %%", float64(w.BusyMS)/whole*100)
		}
		wide := 100 / float64(max(len(w.Busy), 1))
		for i := 0; i < len(w.Busy); {
			// Parts that look the same are one rectangle.
			high, n := level(w.Busy[i]), 1
			for i+n < len(w.Busy) && level(w.Busy[i+n]) == high {
				n++
			}
			if high > 0 {
				v.Parts = append(v.Parts, piece{Tone: "busy", X: round(float64(i) * wide), W: round(float64(n) * wide), Y: 18 - high, H: high})
			}
			i += n
		}
		for i, n := range w.FailedIn {
			if n > 0 {
				v.Parts = append(v.Parts, piece{Tone: "failed", X: round(float64(i) * wide), W: round(max(wide, 0.5)), Y: 0, H: 18})
			}
		}
		views = append(views, v)
	}
	return views
}

// level is the height of a part of a worker's time, in pixels: one of a few, so that
// neighbours are the same.
func level(busy float64) float64 {
	if busy <= 0 {
		return 0
	}
	return math.Ceil(busy*4) * 4.5
}

func sum(all []float64) (total float64) {
	for _, x := range all {
		total += x
	}
	return total
}
