package summary

import (
	"slices"
	"strings"
	"time"

	"pipe/pipeline"
)

// Throughput is how many items were settled when, in spans of the same length.
type Throughput struct {
	SpanSeconds float64 `json:"span_seconds"`
	Spans       []Span  `json:"spans"`
}

// Span is a stretch of the run, and what was settled in it.
type Span struct {
	Start   time.Time `json:"start"`
	Done    int       `json:"done"`
	Skipped int       `json:"skipped"`
	Failed  int       `json:"failed"`
}

// Worker is what a worker did.
type Worker struct {
	Name     string `json:"name"`
	Attempts int    `json:"attempts"`
	Done     int    `json:"done"`
	Failed   int    `json:"failed"`
	BusyMS   int64  `json:"busy_ms"`
	// Busy is, by equal parts of the run, which part of it the worker had an item in
	// hand, from 0 to 1, and FailedIn how many of its attempts failed in it. A page
	// may take its next item while the file of the last is still on its way.
	Busy     []float64 `json:"busy"`
	FailedIn []int     `json:"failed_in"`
}

const (
	// spansMost is how many spans the throughput has at most, partsOfRun into how many
	// parts the workers' time is cut.
	spansMost  = 96
	partsOfRun = 160
	// workersMost is how many workers are told of.
	workersMost = 64
)

// spanLengths are those that a clock has.
var spanLengths = []time.Duration{
	time.Second, 2 * time.Second, 5 * time.Second, 10 * time.Second, 15 * time.Second, 30 * time.Second,
	time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute, 15 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 6 * time.Hour,
}

// timeline counts attempts by when they were.
type timeline struct {
	began, ended time.Time
	span         time.Duration
	spans        []Span
	workers      map[string]*Worker
}

func newTimeline(began, ended time.Time) *timeline {
	t := &timeline{began: began, ended: ended, workers: map[string]*Worker{}}
	took := max(ended.Sub(began), time.Second)
	t.span = 24 * time.Hour * (1 + took/(24*time.Hour*spansMost))
	for _, length := range spanLengths {
		if took <= length*spansMost {
			t.span = length
			break
		}
	}
	for i := range int((took + t.span - 1) / t.span) {
		t.spans = append(t.spans, Span{Start: began.Add(time.Duration(i) * t.span)})
	}
	return t
}

func (t *timeline) add(a pipeline.AttemptRow) {
	ended := a.Ended
	if ended.IsZero() {
		ended = t.ended
	}
	w := t.workers[a.Worker]
	if w == nil {
		w = &Worker{Name: a.Worker, Busy: make([]float64, partsOfRun), FailedIn: make([]int, partsOfRun)}
		t.workers[a.Worker] = w
	}
	w.Attempts++
	w.BusyMS += ended.Sub(a.Started).Milliseconds()
	part := max(t.ended.Sub(t.began), time.Second) / partsOfRun
	t.busy(w, part, a.Started.Sub(t.began), ended.Sub(t.began))
	if a.Ended.IsZero() {
		return
	}
	s := &t.spans[within(int(ended.Sub(t.began)/t.span), len(t.spans))]
	switch {
	case a.Status == pipeline.Done:
		s.Done++
		w.Done++
	case a.Status == pipeline.Skipped:
		s.Skipped++
		w.Done++
	case a.Class != pipeline.Interrupted: // tried again, or failed for good
		w.Failed++
		w.FailedIn[within(int(ended.Sub(t.began)/part), partsOfRun)]++
		if a.Status == pipeline.Failed {
			s.Failed++
		}
	}
}

// busy adds an attempt to the parts of the run that it was in.
func (t *timeline) busy(w *Worker, part, from, to time.Duration) {
	for i := within(int(from/part), partsOfRun); i < partsOfRun; i++ {
		begins, ends := time.Duration(i)*part, time.Duration(i+1)*part
		if begins >= to {
			return
		}
		if both := min(ends, to) - max(begins, from); both > 0 {
			w.Busy[i] = min(1, w.Busy[i]+float64(both)/float64(part))
		}
	}
}

// within keeps a place in a list of n.
func within(i, n int) int { return min(max(i, 0), n-1) }

func (t *timeline) throughput() Throughput {
	return Throughput{SpanSeconds: t.span.Seconds(), Spans: t.spans}
}

// all are the workers by their names, numbers in them by what they count.
func (t *timeline) all() []Worker {
	workers := []Worker{}
	for _, w := range t.workers {
		workers = append(workers, *w)
	}
	slices.SortFunc(workers, func(a, b Worker) int {
		if by := len(a.Name) - len(b.Name); by != 0 {
			return by
		}
		return strings.Compare(a.Name, b.Name)
	})
	return workers[:min(len(workers), workersMost)]
}
