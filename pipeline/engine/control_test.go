package engine

import (
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pipe/pipeline"
)

// steered is a dispatcher with a control, so many workers that all ask, and as many jobs
// as are put in.
type steered struct {
	*bench
	control *Control
	freed   chan struct{}
	mu      sync.Mutex
	given   []*job
}

func newSteered(t *testing.T, workers, jobs int, limiter *concurrencyLimiter) *steered {
	s := &steered{control: NewControl(), freed: make(chan struct{})}
	slots := make([]pipeline.Worker, workers)
	s.bench = &bench{
		T: t, assigner: newAssigner(slots, 1), in: make(chan *job), back: make(chan settled), stop: make(chan struct{}), done: make(chan error, 1),
	}
	s.control.begin(workers)
	d := &dispatcher{
		in: s.in, settled: s.back, freed: s.freed, stop: s.stop, assigner: s.assigner, hold: &siteHold{}, control: s.control, workers: workers,
		limiter: limiter, fetches: 100, report: func(e pipeline.Event) { s.events = append(s.events, e) },
	}
	go func() { s.done <- d.run(t.Context()) }()
	go func() {
		defer close(s.in)
		for range jobs {
			select {
			case s.in <- &job{}:
			case <-s.stop:
				return
			}
		}
	}()
	for range workers {
		go s.work()
	}
	return s
}

func (s *steered) work() {
	for j := range (<-chan *job)(s.jobs()) {
		s.mu.Lock()
		s.given = append(s.given, j)
		s.mu.Unlock()
	}
}

// jobs are those that one worker is given, as often as it asks.
func (s *steered) jobs() chan *job {
	jobs := make(chan *job)
	go func() {
		defer close(jobs)
		for {
			j := <-s.ask()
			if j == nil {
				return
			}
			jobs <- j
		}
	}()
	return jobs
}

// end ends the work on the first of the jobs that are on pages.
func (s *steered) end(a settled) {
	s.freed <- struct{}{}
	s.mu.Lock()
	a.job, s.given = s.given[0], s.given[1:]
	s.mu.Unlock()
	s.back <- a
	synctest.Wait()
}

func (s *steered) kinds() (kinds []pipeline.EventKind) {
	for _, e := range s.events {
		kinds = append(kinds, e.Kind)
	}
	return kinds
}

// At most as many items are on pages as the control says, from when it says so, and at
// most as many as the site allows.
func TestControlWorkers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSteered(t, 4, 30, newConcurrencyLimiter(1, 4))
		want := func(what string, pages int) {
			t.Helper()
			if synctest.Wait(); len(s.given) != pages {
				t.Errorf("%s: %d on pages, want %d", what, len(s.given), pages)
			}
		}
		want("all", 4)
		s.control.SetWorkers(1)
		want("those on pages stay", 4)
		for left := range 3 {
			s.end(settled{})
			want("fewer", 3-left)
		}
		s.end(settled{})
		want("one at a time", 1)
		s.control.SetWorkers(3)
		want("more again", 3)
		time.Sleep(time.Second)
		s.end(settled{class: pipeline.RateLimited, began: time.Now()})
		s.end(settled{}) // its page was free, and taken, before the site's word came
		want("the site asks for two", 2)
		s.control.SetWorkers(100)
		want("the site's word counts still", 2)
		if got := s.control.State(); got != (ControlState{Workers: 4, Most: 4}) {
			t.Errorf("the state is %+v", got)
		}
		var told []int
		for _, e := range s.events {
			if e.Kind == pipeline.Adapted {
				told = append(told, e.Pages)
			}
		}
		if !slices.Equal(told, []int{1, 3, 2, 2}) {
			t.Errorf("told of %d", told)
		}
		close(s.stop)
		for len(s.given) > 0 {
			s.end(settled{})
		}
		<-s.done
	})
}

// A pause begins nothing, whatever is due, and lets what is in hand end; then it goes on.
func TestControlPause(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSteered(t, 2, 5, nil)
		synctest.Wait()
		s.control.Pause()
		s.control.Pause()
		synctest.Wait()
		s.given[0].due = time.Now().Add(time.Minute)
		s.end(settled{again: true})
		s.end(settled{})
		time.Sleep(time.Hour)
		if synctest.Wait(); len(s.given) > 0 {
			t.Errorf("%d begun while it is paused", len(s.given))
		}
		select {
		case <-s.done:
			t.Error("it ended with items to do")
		default:
		}
		s.control.Resume()
		for range 4 {
			synctest.Wait()
			s.end(settled{})
		}
		if err := <-s.done; err != nil {
			t.Error(err)
		}
		if got := s.kinds(); !slices.Equal(got, []pipeline.EventKind{pipeline.Paused, pipeline.Continued}) {
			t.Errorf("told %v", got)
		}
	})
}

// An interrupt ends a run that is paused, at once when nothing is in hand.
func TestControlStopWhilePaused(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSteered(t, 1, 5, nil)
		synctest.Wait()
		s.control.Pause()
		synctest.Wait()
		close(s.stop)
		s.end(settled{again: true})
		if err := <-s.done; err != nil {
			t.Error(err)
		}
	})
}

// What is set before the run holds from its first item on.
func TestControlBeforeTheRun(t *testing.T) {
	t.Parallel()
	c := NewControl()
	if got := c.State(); got != (ControlState{}) {
		t.Errorf("at first: %+v", got)
	}
	c.SetWorkers(0)
	if got := c.State(); got != (ControlState{Workers: 1}) {
		t.Errorf("at least one: %+v", got)
	}
	c.SetWorkers(9)
	c.begin(4)
	if got := c.State(); got != (ControlState{Workers: 4, Most: 4}) {
		t.Errorf("at most all: %+v", got)
	}
	if (*Control)(nil).changes() != nil || (*Control)(nil).holds() {
		t.Error("no control steers")
	}
}
