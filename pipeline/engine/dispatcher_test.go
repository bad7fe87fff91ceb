package engine

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/time/rate"

	"pipe/pipeline"
)

// bench is a dispatcher in a bubble's time, with what it is joined to.
type bench struct {
	*testing.T
	assigner *assigner
	in       chan *job
	back     chan settled
	stop     chan struct{}
	done     chan error
	events   []pipeline.Event
}

// newBench starts a dispatcher with workers of one account.
func newBench(ctx context.Context, t *testing.T, pace *rate.Limiter) *bench {
	b := &bench{
		T: t, assigner: newAssigner([]pipeline.Worker{{Name: "c1p1", Context: "c1"}}, 1),
		in: make(chan *job), back: make(chan settled), stop: make(chan struct{}), done: make(chan error, 1),
	}
	d := &dispatcher{
		in: b.in, settled: b.back, stop: b.stop, assigner: b.assigner, pace: pace, hold: &siteHold{},
		report: func(e pipeline.Event) { b.events = append(b.events, e) },
	}
	go func() { b.done <- d.run(ctx) }()
	return b
}

// ask has a worker ask for a job; nil comes when there are no more.
func (b *bench) ask() <-chan *job {
	given := make(chan *job, 1)
	go func() {
		j, _, err := b.assigner.take(context.WithoutCancel(b.Context()), 0)
		if err != nil {
			b.Error(err)
		}
		given <- j
	}()
	return given
}

func (b *bench) next() *job { return <-b.ask() }

// A failed job comes back when its time has come, before those that have not
// had a turn, and the desk closes when all are settled.
func TestDispatchAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newBench(t.Context(), t, nil)
		a, b, c := &job{}, &job{}, &job{}
		go func() {
			for _, j := range []*job{a, b, c} {
				d.in <- j
			}
			close(d.in)
		}()
		if got := d.next(); got != a {
			t.Fatal("not the first job")
		}
		a.due = time.Now().Add(time.Minute)
		d.back <- settled{job: a, again: true}
		if got := d.next(); got != b {
			t.Fatal("not the second job")
		}
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		if got := d.next(); got != a {
			t.Fatal("the job that failed is not first, now that it is due")
		}
		d.back <- settled{job: a}
		d.back <- settled{job: b}
		d.back <- settled{job: d.next()}
		if d.next() != nil {
			t.Error("a job too many")
		}
		if err := <-d.done; err != nil {
			t.Error(err)
		}
	})
}

// A hold keeps all jobs back, for its time and no longer.
func TestDispatchHold(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newBench(t.Context(), t, nil)
		a, b := &job{}, &job{}
		go func() { d.in <- a; d.in <- b; close(d.in) }()
		d.next()
		began := time.Now()
		a.due = began.Add(10 * time.Second)
		d.back <- settled{job: a, again: true, began: began, class: pipeline.RateLimited, asked: 10 * time.Second}
		for range 2 {
			d.back <- settled{job: d.next()}
			if waited := time.Since(began); waited != 10*time.Second {
				t.Errorf("a job came after %v, want 10s", waited)
			}
		}
		<-d.done
	})
}

func TestDispatchPace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newBench(t.Context(), t, rate.NewLimiter(rate.Every(time.Second), 1))
		go func() {
			for range 4 {
				d.in <- &job{}
			}
			close(d.in)
		}()
		began := time.Now()
		for i := range 4 {
			j := d.next()
			if at := time.Since(began); at != time.Duration(i)*time.Second {
				t.Errorf("job %d went out after %v", i, at)
			}
			go func() { d.back <- settled{job: j} }()
		}
		<-d.done
	})
}

// An interrupt drops what waits; what is in hand is waited for.
func TestDispatchStop(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newBench(t.Context(), t, nil)
		a := &job{}
		d.in <- a
		d.in <- &job{}
		d.next()
		close(d.stop)
		synctest.Wait()
		select {
		case <-d.done:
			t.Fatal("it did not wait for the job in hand")
		default:
		}
		d.back <- settled{job: a, again: true}
		if err := <-d.done; err != nil {
			t.Error(err)
		}
	})
}

// The source is not read further than there is room.
func TestDispatchIsBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		d := newBench(ctx, t, nil)
		took := 0
		go func() {
			for {
				select {
				case d.in <- &job{}:
					took++
				case <-ctx.Done():
					return
				}
			}
		}()
		synctest.Wait()
		cancel()
		<-d.done
		if took != readyMost {
			t.Errorf("it took %d jobs, want %d", took, readyMost)
		}
	})
}

// A site that is down is asked by one item at a time, ever more rarely, and by
// all again once one has got through.
func TestDispatchSiteDown(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newBench(t.Context(), t, nil)
		go func() {
			for range 6 {
				d.in <- &job{}
			}
			close(d.in)
		}()
		start := time.Now()
		down := func(j *job, began time.Time) settled {
			j.due = time.Now().Add(time.Second)
			return settled{job: j, again: true, began: began, class: pipeline.SiteDown, rule: pipeline.RetryRule{Initial: time.Minute, Max: time.Hour}}
		}
		// Three are in hand when it goes down.
		first := []*job{d.next(), d.next(), d.next()}
		for _, j := range first {
			d.back <- down(j, start)
		}
		seen := map[*job]bool{}
		asked := d.ask()
		for round := range 3 {
			j := <-asked
			if seen[j] {
				t.Error("the same item asks again")
			}
			seen[j] = true
			if at, want := time.Since(start), time.Duration(1<<(round+1)-1)*time.Minute; at != want {
				t.Errorf("it was asked after %v, want %v", at, want)
			}
			asked = d.ask()
			synctest.Wait()
			if len(asked) > 0 {
				t.Error("two ask at once")
			}
			d.back <- down(j, time.Now())
		}
		j := <-asked
		d.back <- settled{job: j, began: time.Now()}
		back := time.Now()
		for range 5 {
			j := d.next()
			defer func() { d.back <- settled{job: j, began: back} }()
		}
		if time.Since(back) != 0 {
			t.Error("it is back, and the others wait")
		}
		kinds := map[pipeline.EventKind]int{}
		for _, e := range d.events {
			kinds[e.Kind]++
		}
		if kinds[pipeline.Held] != 4 || kinds[pipeline.Resumed] != 1 {
			t.Errorf("told: %+v", d.events)
		}
	})
}

// One failure alone to reach the site holds nobody back, and a burst of
// refusals is one refusal.
func TestSiteHealth(t *testing.T) {
	t.Parallel()
	start := time.Now()
	at := func(s int) time.Time { return start.Add(time.Duration(s) * time.Second) }
	r := pipeline.RetryRule{Initial: 10 * time.Second, Max: time.Hour}
	var w siteHealth
	w.observe(at(1), settled{began: at(0), class: pipeline.SiteDown, rule: r})
	if w.probing() || w.open.After(at(1)) {
		t.Error("one failure alone holds the site back")
	}
	w.observe(at(2), settled{began: at(1)})
	for _, s := range []int{3, 4, 5} {
		w.observe(at(s), settled{began: at(2), class: pipeline.RateLimited, rule: r})
	}
	if w.open != at(13) {
		t.Errorf("a burst holds it back for %v, want 10s", w.open.Sub(at(3)))
	}
	w.observe(at(14), settled{began: at(13), class: pipeline.RateLimited, rule: r})
	if w.open != at(34) {
		t.Errorf("the second refusal holds it back for %v, want 20s", w.open.Sub(at(14)))
	}
	w.observe(at(36), settled{began: at(35)})
	w.observe(at(38), settled{began: at(37), class: pipeline.RateLimited, asked: 3 * time.Second, rule: r})
	if w.open != at(41) {
		t.Errorf("it is held back for %v, want the 3s that it asks for", w.open.Sub(at(38)))
	}
}
