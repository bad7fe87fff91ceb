package progress

import (
	"fmt"
	"math"
	"sort"
	"time"

	"pipe/pipeline"
)

const (
	// recently is the stretch of time that tells the present rate, and least how many
	// items it is made longer for.
	recently = 5 * time.Minute
	least    = 20
	// within is how many standard deviations a span is to each side: four times in five
	// the end is in it, if the run goes on as it did of late.
	within = 1.28
)

// Estimate tells how fast a run is and how long it will take, by its events. The zero
// value is ready for use.
type Estimate struct {
	// begun is when the first item was, ends are when items came to an end of late.
	begun time.Time
	ends  []time.Time
	// toDo is how many items this run is to do, of which settled are; known is false
	// until the source is read. pending is how many are left of all.
	toDo, settled, pending int
	known                  bool
	paused, held           time.Time
}

// Add takes the next event in.
func (e *Estimate) Add(ev pipeline.Event) {
	if ev.Totals != nil {
		e.pending = ev.Totals.Left()
	}
	switch {
	case ev.Kind == pipeline.RunStarted:
		*e = Estimate{}
	case ev.Kind == pipeline.SourceRead:
		e.toDo, e.known = ev.ToDo, true
	case ev.Kind == pipeline.AttemptStarted && e.begun.IsZero():
		e.begun = ev.Time
	case ev.Kind == pipeline.Held:
		e.held = ev.Until
	case ev.Kind == pipeline.Resumed:
		e.held = time.Time{}
	case ev.Kind == pipeline.Paused:
		e.paused = ev.Time
	case ev.Kind == pipeline.Continued && !e.paused.IsZero():
		e.leaveOut(ev.Time.Sub(e.paused))
		e.paused = time.Time{}
	case settles(ev.Kind):
		e.settled++
		e.ends = append(e.ends, ev.Time)
		if i := e.first(ev.Time); i > 1 {
			e.ends = e.ends[i-1:]
		}
	}
}

// leaveOut has the rate be as if a pause had not been.
func (e *Estimate) leaveOut(pause time.Duration) {
	if !e.begun.IsZero() {
		e.begun = e.begun.Add(pause)
	}
	for i := range e.ends {
		e.ends[i] = e.ends[i].Add(pause)
	}
}

// first is the first of the ends that tell the present rate.
func (e *Estimate) first(now time.Time) int {
	late := sort.Search(len(e.ends), func(i int) bool { return now.Sub(e.ends[i]) <= recently })
	return min(late, max(len(e.ends)-least, 0))
}

// recent gives the items that tell the present rate: when the first of them was begun to
// be waited for, and when each came to its end.
func (e *Estimate) recent(now time.Time) (from time.Time, ends []time.Time) {
	i := e.first(now)
	if i == 0 {
		return e.begun, e.ends
	}
	return e.ends[i-1], e.ends[i:]
}

// at is the time that counts: while the run is paused it stands still.
func (e *Estimate) at(now time.Time) time.Time {
	if !e.paused.IsZero() {
		return e.paused
	}
	return now
}

// Rate is in items a minute, of late.
func (e *Estimate) Rate(now time.Time) float64 {
	now = e.at(now)
	from, ends := e.recent(now)
	span := now.Sub(from)
	if len(ends) == 0 || span < time.Second {
		return 0
	}
	return float64(len(ends)) / span.Minutes()
}

// ToDo is how many items this run will still do, which may be fewer than are pending;
// known is false until the source is read.
func (e *Estimate) ToDo() (n int, known bool) {
	return max(min(e.toDo-e.settled, e.pending), 0), e.known
}

// Span is how long something may take.
type Span struct{ Low, Likely, High time.Duration }

// Left is how long the run will take from now on. It is false where nobody can tell: the
// source is not read, nothing has come to an end yet, the run is paused, or it has
// nothing left to do.
func (e *Estimate) Left(now time.Time) (Span, bool) {
	n, known := e.ToDo()
	from, ends := e.recent(now)
	if !known || n == 0 || len(ends) == 0 || !e.paused.IsZero() {
		return Span{}, false
	}
	mean := now.Sub(from).Seconds() / float64(len(ends))
	// The deviation of the gaps between the ends, the one that is open with them. One more
	// is made up, as far from the mean as that is long: few gaps say little.
	sum, last := mean*mean, from
	for _, end := range ends {
		sum += math.Pow(end.Sub(last).Seconds()-mean, 2)
		last = end
	}
	sum += math.Pow(max(now.Sub(last).Seconds()-mean, 0), 2)
	deviation := math.Sqrt(sum / float64(len(ends)))
	left := float64(n)
	// The mean is off by its own error, for each item; and the items will differ.
	off := within * deviation * math.Sqrt(left*left/float64(len(ends))+left)
	hold := max(e.held.Sub(now), 0)
	return Span{
		Low: hold + seconds(max(left*mean-off, left*mean/4)), Likely: hold + seconds(left*mean), High: hold + seconds(left*mean+off),
	}, true
}

// seconds is a time that is no longer than a year: nobody plans further.
func seconds(s float64) time.Duration {
	const year = 365 * 24 * time.Hour
	return min(time.Duration(min(s, year.Seconds())*float64(time.Second)), year)
}

// String gives the span as a person says it: 20–40 s, 4–6 min, 2h10m–2h40m; never a
// time of nothing.
func (s Span) String() string {
	low, high := s.Low, s.High
	var unit time.Duration
	word := func(d time.Duration) string { return fmt.Sprintf("%dh%02dm", int(d.Hours()), int(d.Minutes())%60) }
	between := ""
	switch {
	case high < time.Minute:
		unit, between = 5*time.Second, " s"
	case high < 2*time.Hour:
		unit, between = time.Minute, " min"
	case high < 10*time.Hour:
		unit = 5 * time.Minute
	default:
		unit = 30 * time.Minute
	}
	low, high = low.Truncate(unit), max((high+unit-1).Truncate(unit), unit)
	if between != "" {
		of := time.Second
		if unit == time.Minute {
			of = unit
		}
		word = func(d time.Duration) string { return fmt.Sprint(int(d / of)) }
	}
	switch low {
	case 0:
		return "up to " + word(high) + between
	case high:
		return word(low) + between
	default:
		return word(low) + "–" + word(high) + between
	}
}
