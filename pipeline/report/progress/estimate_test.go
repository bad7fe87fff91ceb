package progress

import (
	"math/rand/v2"
	"testing"
	"time"

	"pipe/pipeline"
)

var start = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

// steady is an estimate of a run that is to do so many items and did some, one every gap.
func steady(toDo, pending, done int, gap time.Duration) (*Estimate, time.Time) {
	e, now := &Estimate{}, start
	totals := pipeline.Totals{In: pending, Pending: pending}
	e.Add(pipeline.Event{Time: now, Kind: pipeline.RunStarted})
	e.Add(pipeline.Event{Time: now, Kind: pipeline.AttemptStarted})
	e.Add(pipeline.Event{Time: now, Kind: pipeline.SourceRead, ToDo: toDo, Totals: &totals})
	for range done {
		now = now.Add(gap)
		totals.Pending, totals.Done = totals.Pending-1, totals.Done+1
		e.Add(pipeline.Event{Time: now, Kind: pipeline.ItemDone, Totals: &totals})
	}
	return e, now
}

// The end of a run that goes on as it did is within the span, which is the narrower the
// more is known; and most of the time where it goes on as unevenly as it did.
func TestLeft(t *testing.T) {
	t.Parallel()
	const gap = 10 * time.Second
	var widths []time.Duration
	for _, done := range []int{1, 5, 100, 1000} {
		e, now := steady(done+60, done+60, done, gap)
		left, ok := e.Left(now)
		if !ok || left.Low > 10*time.Minute || left.High < 10*time.Minute || left.Low > left.Likely || left.Likely > left.High {
			t.Errorf("after %d: %+v, %v", done, left, ok)
		}
		widths = append(widths, left.High-left.Low)
	}
	if widths[0] < 10*time.Minute || widths[3] > 5*time.Minute || widths[1] < widths[2] {
		t.Errorf("the spans are %v wide", widths)
	}
	dice := rand.New(rand.NewPCG(1, 2))
	within := 0
	for range 400 {
		e, now := steady(200, 200, 0, 0)
		wait := func() time.Duration { return time.Duration(dice.ExpFloat64() * float64(gap)) }
		for range 50 {
			now = now.Add(wait())
			e.Add(pipeline.Event{Time: now, Kind: pipeline.ItemDone, Totals: &pipeline.Totals{Pending: 150}})
		}
		var took time.Duration
		for range 150 {
			took += wait()
		}
		if left, ok := e.Left(now); ok && left.Low <= took && took <= left.High {
			within++
		}
	}
	if within < 280 {
		t.Errorf("the end was in its span %d times of 400", within)
	}
}

// What counts is what this run will still do.
func TestToDo(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ toDo, pending, done, want int }{{10, 500, 4, 6}, {500, 500, 4, 496}, {4, 500, 4, 0}, {500, 10, 4, 6}} {
		e, now := steady(c.toDo, c.pending, c.done, time.Second)
		if n, known := e.ToDo(); n != c.want || !known {
			t.Errorf("%+v: %d to do", c, n)
		}
		if left, ok := e.Left(now); ok != (c.want > 0) || ok && left.Likely != time.Duration(c.want)*time.Second {
			t.Errorf("%+v: %+v, %v", c, left, ok)
		}
	}
}

// Nobody can tell before the source is read and something is done, nor during a pause,
// which changes no rate; a hold adds its rest.
func TestNothingToTell(t *testing.T) {
	t.Parallel()
	e, now := steady(60, 60, 0, 0)
	if left, ok := e.Left(now.Add(time.Hour)); ok || e.Rate(now.Add(time.Hour)) != 0 {
		t.Errorf("nothing is done: %+v", left)
	}
	e.known = false
	e.Add(pipeline.Event{Time: now.Add(time.Second), Kind: pipeline.ItemDone})
	if left, ok := e.Left(now.Add(time.Minute)); ok {
		t.Errorf("the source is not read: %+v", left)
	}
	e, now = steady(70, 70, 10, time.Second)
	e.Add(pipeline.Event{Time: now, Kind: pipeline.Paused})
	later := now.Add(8 * time.Hour)
	if left, ok := e.Left(later); ok || e.Rate(later) != 60 {
		t.Errorf("paused: %+v, %v a minute", left, e.Rate(later))
	}
	e.Add(pipeline.Event{Time: later, Kind: pipeline.Continued})
	if left, ok := e.Left(later); !ok || left.Likely != time.Minute || e.Rate(later) != 60 {
		t.Errorf("continued: %+v, %v a minute", left, e.Rate(later))
	}
	e.Add(pipeline.Event{Time: later, Kind: pipeline.Held, Until: later.Add(time.Hour)})
	if left, _ := e.Left(later); left.Likely != time.Hour+time.Minute {
		t.Errorf("held: %+v", left)
	}
}

// The rate is that of late, a stall shows in it, and a slow run is not known by one item.
func TestRate(t *testing.T) {
	t.Parallel()
	e, now := steady(9999, 9999, 1000, time.Second)
	if r := e.Rate(now); r != 60 {
		t.Errorf("%v a minute", r)
	}
	if r := e.Rate(now.Add(5 * time.Minute)); r > 35 {
		t.Errorf("after a stall: %v a minute", r)
	}
	for range 300 {
		now = now.Add(2 * time.Second)
		e.Add(pipeline.Event{Time: now, Kind: pipeline.ItemFailed})
	}
	if r := e.Rate(now); r != 30 {
		t.Errorf("of late: %v a minute", r)
	}
	if len(e.ends) > 160 {
		t.Errorf("it keeps %d", len(e.ends))
	}
	slow, now := steady(99, 99, 40, 4*time.Minute)
	if r := slow.Rate(now); r != 0.25 {
		t.Errorf("a slow one: %v a minute", r)
	}
}

func TestSpan(t *testing.T) {
	t.Parallel()
	const s, m, h = time.Second, time.Minute, time.Hour
	for _, c := range []struct {
		low, high time.Duration
		want      string
	}{
		{0, 0, "up to 5 s"},
		{21 * s, 38 * s, "20–40 s"},
		{s, 9 * s, "up to 10 s"},
		{4*m + 10*s, 5*m + 1*s, "4–6 min"},
		{30 * s, 2 * m, "up to 2 min"},
		{5 * m, 5 * m, "5 min"},
		{85 * m, 100 * m, "85–100 min"},
		{2*h + 11*m, 2*h + 41*m, "2h10m–2h45m"},
		{11 * h, 20*h + 29*m, "11h00m–20h30m"},
	} {
		if got := (Span{Low: c.low, High: c.high}).String(); got != c.want {
			t.Errorf("%v to %v: %q, want %q", c.low, c.high, got, c.want)
		}
	}
}
