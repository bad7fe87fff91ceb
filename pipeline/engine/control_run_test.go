package engine_test

import (
	"context"
	"errors"
	"iter"
	"testing"
	"time"

	"pipe/pipeline"
	"pipe/pipeline/engine"
)

// steeredRun is a run that is paused as soon as the first item is done, in a bubble.
func steeredRun(t *testing.T, pages int, edits ...string) (*testRun, *engine.Control, chan struct{}) {
	t.Helper()
	n := newTestRun(t, newSite(t, good), pages, edits...)
	control, stop := engine.NewControl(), make(chan struct{})
	n.cfg.Control, n.cfg.Stop = control, stop
	n.cfg.Observer = observers{n, func(e pipeline.Event) {
		if e.Kind == pipeline.AttemptStarted {
			control.Pause()
		}
	}}
	return n, control, stop
}

// observers are a run's own, and another that is told too.
type observers struct {
	*testRun
	also func(pipeline.Event)
}

func (o observers) Observe(e pipeline.Event) { o.testRun.Observe(e); o.also(e) }

// A paused run begins nothing for as long as it is, gives its signs of life, and goes on to its end;
// a worker that waits for its account's pace meanwhile begins nothing either.
func TestPauseAndResume(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		pages int
		edits []string
	}{
		"ready":                 {pages: 1},
		"at the account's pace": {2, []string{"source:", "pool: {pace: {account: {rate: 1/min}}}\nsource:"}},
	} {
		inBubble(t, name, func(t *testing.T) {
			n, control, _ := steeredRun(t, c.pages, c.edits...)
			began := time.Now()
			for i := range 5 {
				go func() {
					time.Sleep(time.Duration(i+1) * 10 * time.Minute)
					control.Resume()
				}()
			}
			n.want(n.runWithin(time.Hour), pipeline.Totals{In: 6, Done: 6})
			for i, at := range n.site.begun {
				if want := time.Duration(i) * 10 * time.Minute; at.Sub(began) < want || at.Sub(began) > want+2*time.Minute {
					t.Errorf("item %d was begun after %v, want %v", i, at.Sub(began), want)
				}
			}
			if paused := len(n.kinds(pipeline.Paused)); paused < 5 || len(n.kinds(pipeline.Continued)) < 5 {
				t.Errorf("told of %d pauses", paused)
			}
		})
	}
}

// runWithin runs to the end within a time of the bubble's.
func (n *testRun) runWithin(limit time.Duration) engine.Result {
	n.Helper()
	ctx, cancel := context.WithTimeout(n.Context(), limit)
	defer cancel()
	result, err := engine.Run(ctx, n.cfg)
	if err != nil {
		n.Fatal(err)
	}
	return result
}

// A paused run ends when it is interrupted, drained or now, also while its source is read.
func TestStopWhilePaused(t *testing.T) {
	t.Parallel()
	inBubble(t, "drained", func(t *testing.T) {
		n, _, stop := steeredRun(t, 1)
		time.AfterFunc(10*time.Minute, func() { close(stop) })
		if r := n.runWithin(time.Hour); !r.Interrupted || r.Done != 1 {
			t.Errorf("got %+v", r)
		}
	})
	inBubble(t, "now", func(t *testing.T) {
		n, _, _ := steeredRun(t, 1)
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(10*time.Minute, cancel)
		r, err := engine.Run(ctx, n.cfg)
		if err != nil && !errors.Is(err, context.Canceled) || !r.Interrupted || r.Totals.Pending != 5 {
			t.Errorf("got %+v, %v", r, err)
		}
	})
	inBubble(t, "while the source is read", func(t *testing.T) {
		n, _, stop := steeredRun(t, 1, "source: {items: [{ref: A}, {ref: B}, {ref: C}, {ref: D}, {ref: E}, {ref: F}]}", "source: {csv: list.csv}")
		n.cfg.Control.Pause()
		n.cfg.ReadRows = func(ctx context.Context, _ pipeline.Table) iter.Seq2[pipeline.Row, error] {
			return func(yield func(pipeline.Row, error) bool) {
				if yield(pipeline.Row{Fields: map[string]any{"ref": "A"}}, nil) {
					<-ctx.Done()
					yield(pipeline.Row{}, context.Cause(ctx))
				}
			}
		}
		time.AfterFunc(10*time.Minute, func() { close(stop) })
		if r := n.runWithin(time.Hour); !r.Interrupted || r.Done != 0 {
			t.Errorf("got %+v", r)
		}
	})
}

// A run that is paused from the start and finds nothing to do ends.
func TestPausedWithNothingToDo(t *testing.T) {
	t.Parallel()
	inBubble(t, "again", func(t *testing.T) {
		n := newTestRun(t, newSite(t, good), 2)
		n.run()
		n.cfg.Control = engine.NewControl()
		n.cfg.Control.Pause()
		if r := n.run(); r.Totals.Done != 6 || r.Interrupted {
			t.Errorf("got %+v", r)
		}
	})
}

// Of two runs that share a ledger one is paused: the other does what there is, and the
// paused one then finds nothing left.
func TestPausedRunIsJoined(t *testing.T) {
	t.Parallel()
	inBubble(t, "joined", func(t *testing.T) {
		n, control, _ := steeredRun(t, 1)
		n.cfg.Shared = true
		ended := make(chan engine.Result)
		go func() { ended <- n.runWithin(time.Hour) }()
		for len(n.kinds(pipeline.Paused)) == 0 {
			time.Sleep(time.Second)
		}
		other := n.cfg
		other.Control, other.Observer, other.Join = nil, nil, true
		r, err := engine.Run(t.Context(), other)
		if err != nil || r.Done != 5 {
			t.Errorf("the one that joined: %+v, %v", r, err)
		}
		control.Resume()
		if r := <-ended; r.Done != 1 || r.Totals.Done != 6 || r.Interrupted {
			t.Errorf("the paused one: %+v", r)
		}
	})
}

// A run that is to have fewer workers makes no more pages ready, and the others once it
// may have them.
func TestFewerPagesAreMadeReady(t *testing.T) {
	t.Parallel()
	for name, raise := range map[string]bool{"fewer": false, "and more": true} {
		inBubble(t, name, func(t *testing.T) {
			n := newTestRun(t, newSite(t, good), 3, "source:", "pool: {pace: {delay: 1m}}\nsource:")
			pages, control := prepares(n), engine.NewControl()
			control.SetWorkers(1)
			n.cfg.Control = control
			n.cfg.Observer = observers{n, func(e pipeline.Event) {
				if raise && e.Kind == pipeline.ItemDone && e.Key == "A" {
					control.SetWorkers(3)
				}
			}}
			n.want(n.runWithin(time.Hour), pipeline.Totals{In: 6, Done: 6})
			if got, want := len(pages.prepared), map[bool]int{false: 1, true: 3}[raise]; got != want || pages.unready > 0 {
				t.Errorf("%d pages were made ready, want %d, and %d opened that were not", got, want, pages.unready)
			}
		})
	}
}
