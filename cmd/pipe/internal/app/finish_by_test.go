package app

import (
	"strings"
	"testing"
	"time"

	"pipe/pipeline"
	"pipe/pipeline/engine"
	"pipe/specs"
)

func TestParseFinishBy(t *testing.T) {
	t.Parallel()
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	evening := time.Date(2026, 11, 30, 22, 15, 0, 0, berlin)
	for text, want := range map[string]string{
		"06:30": "2026-12-01T06:30:00+01:00", "22:16": "2026-11-30T22:16:00+01:00", "22:15": "2026-12-01T22:15:00+01:00", "6:30": "2026-12-01T06:30:00+01:00",
		"2026-12-02T05:00:00Z": "2026-12-02T06:00:00+01:00",
		"2026-11-30T05:00:00Z": "is over", "half past six": "want a time such as 06:30", "25:00": "want a time", "": "want a time",
	} {
		at, err := parseFinishBy(text, evening)
		switch {
		case err != nil && (CodeOf(err) != ExitSpec || !strings.Contains(err.Error(), want)):
			t.Errorf("%q: %v", text, err)
		case err == nil && at.Format(time.RFC3339) != want:
			t.Errorf("%q is %v, want %s", text, at, want)
		}
	}
	// The clock is put forward in between: half past six is when it shows that.
	at, err := parseFinishBy("06:30", time.Date(2026, 3, 28, 22, 0, 0, 0, berlin))
	if err != nil || at.Sub(time.Date(2026, 3, 28, 22, 0, 0, 0, berlin)) != 7*time.Hour+30*time.Minute {
		t.Errorf("got %v, %v", at, err)
	}
}

// watched is a run of 1,000 items that is watched over, with 2 workers at first of 4.
type watched struct {
	*finishBy
	now    time.Time
	totals pipeline.Totals
	told   []pipeline.Event
}

func (w *watched) Observe(e pipeline.Event) {
	if e.Kind == pipeline.Late || e.Kind == pipeline.InTime {
		w.told = append(w.told, e)
	}
}

func newWatched(by time.Duration) *watched {
	w := &watched{now: time.Date(2026, 11, 30, 22, 0, 0, 0, time.UTC), totals: pipeline.Totals{In: 1000, Pending: 1000}}
	w.finishBy = &finishBy{by: w.now.Add(by), control: engine.NewControl(), most: 4, next: w}
	w.control.SetWorkers(2)
	w.tell(pipeline.Event{Kind: pipeline.RunStarted, Pages: 4})
	w.tell(pipeline.Event{Kind: pipeline.Adapted, Pages: 2})
	w.tell(pipeline.Event{Kind: pipeline.AttemptStarted})
	w.tell(pipeline.Event{Kind: pipeline.SourceRead, ToDo: 1000, Totals: &w.totals})
	return w
}

func (w *watched) tell(e pipeline.Event) {
	e.Time = w.now
	w.finishBy.Observe(e)
}

// items come to their end, one every gap.
func (w *watched) items(n int, gap time.Duration) {
	for range n {
		w.now = w.now.Add(gap)
		w.totals.Pending--
		totals := w.totals
		w.tell(pipeline.Event{Kind: pipeline.ItemDone, Totals: &totals})
	}
}

func (w *watched) want(t *testing.T, workers int, kinds ...pipeline.EventKind) {
	t.Helper()
	var got []pipeline.EventKind
	for _, e := range w.told {
		got = append(got, e.Kind)
		if !e.Until.Equal(w.by) || e.Reason == "" {
			t.Errorf("told %+v", e)
		}
	}
	if len(got) != len(kinds) || len(got) > 0 && got[len(got)-1] != kinds[len(kinds)-1] || w.control.State().Workers != workers {
		t.Errorf("told %v with %d workers, want %v with %d", got, w.control.State().Workers, kinds, workers)
	}
}

// A run that is in time is left alone; one that is late is told so once, with more workers
// where there are; and once more when that has changed.
func TestFinishBy(t *testing.T) {
	t.Parallel()
	w := newWatched(3 * time.Hour)
	w.items(30, 10*time.Second) // 1,000 take 2 h 46 min
	w.want(t, 2)
	w.items(60, 30*time.Second)
	w.want(t, 4, pipeline.Late)
	if reason := w.told[0].Reason; !strings.Contains(reason, "items are left at ") || !strings.Contains(reason, "was to by 01:00") || !strings.Contains(reason, "up to 4 workers from now on, in place of 2") {
		t.Error(reason)
	}
	w.control.SetWorkers(3) // the operator's word stands
	w.tell(pipeline.Event{Kind: pipeline.Adapted, Pages: 3})
	w.items(60, 30*time.Second)
	w.want(t, 3, pipeline.Late)
	w.items(200, 2*time.Second)
	w.want(t, 3, pipeline.Late, pipeline.InTime)
	w.items(60, 60*time.Second)
	w.want(t, 4, pipeline.Late, pipeline.InTime, pipeline.Late)
}

// What the site asks for goes before: while it is held back, or fewer pages are at work
// for its sake, there are no more workers; and the first items alone make nobody late.
func TestFinishByAndTheSite(t *testing.T) {
	t.Parallel()
	w := newWatched(2 * time.Hour)
	w.items(1, 10*time.Second)
	w.want(t, 2)
	w.tell(pipeline.Event{Kind: pipeline.Adapted, Pages: 1, Reason: "the site asks for a slower pace"})
	w.tell(pipeline.Event{Kind: pipeline.Held, Until: w.now.Add(time.Hour)})
	w.items(30, 10*time.Second)
	w.want(t, 2, pipeline.Late)
	w.now = w.now.Add(time.Hour)
	w.look(w.now)
	w.want(t, 2, pipeline.Late)
	w.tell(pipeline.Event{Kind: pipeline.Adapted, Pages: 2, Reason: "the site is well"})
	w.want(t, 4, pipeline.Late)
}

// A run that stands still is late by the clock alone, and one that is stopped, or has
// nothing left to do, never is.
func TestFinishByTheClock(t *testing.T) {
	t.Parallel()
	w := newWatched(time.Hour)
	w.now = w.now.Add(59 * time.Minute)
	w.look(w.now)
	w.want(t, 2)
	w.now = w.now.Add(2 * time.Minute)
	w.look(w.now)
	w.want(t, 4, pipeline.Late)
	if want := "it is past 23:00, and 1000 items are left"; !strings.HasPrefix(w.told[0].Reason, want) {
		t.Error(w.told[0].Reason)
	}
	for name, change := range map[string]func(*watched){
		"stopped": func(w *watched) {
			stop := make(chan struct{})
			close(stop)
			w.stop = stop
		},
		"done": func(w *watched) { w.items(1000, time.Millisecond) },
	} {
		w := newWatched(time.Hour)
		change(w)
		w.look(w.now.Add(2 * time.Hour))
		if len(w.told) > 0 {
			t.Errorf("%s: told %+v", name, w.told)
		}
	}
}

// With a time to end by the flags say with how many workers the run begins, and the spec
// with how many it may end; a pool that is larger than the spec's stays as it is.
func TestRoomToSpeedUp(t *testing.T) {
	t.Parallel()
	own := specs.Pool{Contexts: 2, Pages: 3, PerAccount: 1}
	for _, c := range []struct{ contexts, pages, wantContexts, wantPages, atFirst int }{{2, 1, 2, 3, 2}, {1, 1, 2, 3, 1}, {2, 3, 2, 3, 0}, {4, 3, 4, 3, 0}} {
		pool, control := own, engine.NewControl()
		pool.Contexts, pool.Pages = c.contexts, c.pages
		most := roomToSpeedUp(&pool, own, control)
		if most != 6 || pool.Contexts != c.wantContexts || pool.Pages != c.wantPages || control.State().Workers != c.atFirst {
			t.Errorf("%+v: %d of %+v, %+v", c, most, pool, control.State())
		}
	}
}
