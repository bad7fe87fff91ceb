package pipeline

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/time/rate"
)

// desk is a dispatcher in a bubble's time, with what it is joined to.
type desk struct {
	in   chan *job
	out  chan *job
	back chan settled
	stop chan struct{}
	done chan error
}

func newDesk(ctx context.Context, pace *rate.Limiter) *desk {
	d := &desk{make(chan *job), make(chan *job), make(chan settled), make(chan struct{}), make(chan error, 1)}
	go func() {
		d.done <- (&dispatcher{in: d.in, out: d.out, settled: d.back, stop: d.stop, pace: pace, tell: func(Event) {}, open: new(atomic.Int64)}).run(ctx)
	}()
	return d
}

// A failed job comes back when its time has come, before those that have not
// had a turn, and the desk closes when all are settled.
func TestDispatchAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t.Context(), nil)
		a, b, c := &job{}, &job{}, &job{}
		go func() {
			for _, j := range []*job{a, b, c} {
				d.in <- j
			}
			close(d.in)
		}()
		if got := <-d.out; got != a {
			t.Fatal("not the first job")
		}
		a.due = time.Now().Add(time.Minute)
		d.back <- settled{job: a, again: true}
		if got := <-d.out; got != b {
			t.Fatal("not the second job")
		}
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		if got := <-d.out; got != a {
			t.Fatal("the job that failed is not first, now that it is due")
		}
		d.back <- settled{job: a}
		d.back <- settled{job: b}
		d.back <- settled{job: <-d.out}
		if _, open := <-d.out; open {
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
		d := newDesk(t.Context(), nil)
		a, b := &job{}, &job{}
		go func() { d.in <- a; d.in <- b; close(d.in) }()
		<-d.out
		began := time.Now()
		a.due = began.Add(10 * time.Second)
		d.back <- settled{job: a, again: true, began: began, class: RateLimited, asked: 10 * time.Second}
		for range 2 {
			d.back <- settled{job: <-d.out}
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
		d := newDesk(t.Context(), rate.NewLimiter(rate.Every(time.Second), 1))
		go func() {
			for range 4 {
				d.in <- &job{}
			}
			close(d.in)
		}()
		began := time.Now()
		for i := range 4 {
			j := <-d.out
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
		d := newDesk(t.Context(), nil)
		a := &job{}
		d.in <- a
		d.in <- &job{}
		<-d.out
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
		d := newDesk(ctx, nil)
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

func TestRuleWaits(t *testing.T) {
	t.Parallel()
	r := rule{initial: 2 * time.Second, most: 9 * time.Second}
	for failures, want := range map[int]time.Duration{1: 2 * time.Second, 2: 4 * time.Second, 3: 8 * time.Second, 4: 9 * time.Second, 60: 9 * time.Second} {
		if got := r.wait(failures); got != want {
			t.Errorf("after %d failures it waits %v, want %v", failures, got, want)
		}
	}
}

// A site that is down is asked by one item at a time, ever more rarely, and by
// all again once one has got through.
func TestDispatchSiteDown(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var told []Event
		d := &desk{make(chan *job), make(chan *job), make(chan settled), make(chan struct{}), make(chan error, 1)}
		go func() {
			d.done <- (&dispatcher{in: d.in, out: d.out, settled: d.back, stop: d.stop, tell: func(e Event) { told = append(told, e) }, open: new(atomic.Int64)}).run(t.Context())
		}()
		go func() {
			for range 6 {
				d.in <- &job{}
			}
			close(d.in)
		}()
		start := time.Now()
		down := func(j *job, began time.Time) settled {
			j.due = time.Now().Add(time.Second)
			return settled{job: j, again: true, began: began, class: SiteDown, rule: rule{initial: time.Minute, most: time.Hour}}
		}
		// Three are in hand when it goes down.
		first := []*job{<-d.out, <-d.out, <-d.out}
		for _, j := range first {
			d.back <- down(j, start)
		}
		seen := map[*job]bool{}
		for round := range 3 {
			j := <-d.out
			if seen[j] {
				t.Error("the same item asks again")
			}
			seen[j] = true
			if at, want := time.Since(start), time.Duration(1<<(round+1)-1)*time.Minute; at != want {
				t.Errorf("it was asked after %v, want %v", at, want)
			}
			synctest.Wait()
			select {
			case <-d.out:
				t.Error("two ask at once")
			default:
			}
			d.back <- down(j, time.Now())
		}
		j := <-d.out
		d.back <- settled{job: j, began: time.Now()}
		back := time.Now()
		for range 5 {
			j := <-d.out
			defer func() { d.back <- settled{job: j, began: back} }()
		}
		if time.Since(back) != 0 {
			t.Error("it is back, and the others wait")
		}
		kinds := map[EventKind]int{}
		for _, e := range told {
			kinds[e.Kind]++
		}
		if kinds[Held] != 4 || kinds[Resumed] != 1 {
			t.Errorf("told: %+v", told)
		}
	})
}

// One failure alone to reach the site holds nobody back, and a burst of
// refusals is one refusal.
func TestDispatchWeather(t *testing.T) {
	t.Parallel()
	start := time.Now()
	at := func(s int) time.Time { return start.Add(time.Duration(s) * time.Second) }
	r := rule{initial: 10 * time.Second, most: time.Hour}
	var w weather
	w.take(at(1), settled{began: at(0), class: SiteDown, rule: r})
	if w.probing() || w.open.After(at(1)) {
		t.Error("one failure alone holds the site back")
	}
	w.take(at(2), settled{began: at(1)})
	for _, s := range []int{3, 4, 5} {
		w.take(at(s), settled{began: at(2), class: RateLimited, rule: r})
	}
	if w.open != at(13) {
		t.Errorf("a burst holds it back for %v, want 10s", w.open.Sub(at(3)))
	}
	w.take(at(14), settled{began: at(13), class: RateLimited, rule: r})
	if w.open != at(34) {
		t.Errorf("the second refusal holds it back for %v, want 20s", w.open.Sub(at(14)))
	}
	w.take(at(36), settled{began: at(35)})
	w.take(at(38), settled{began: at(37), class: RateLimited, asked: 3 * time.Second, rule: r})
	if w.open != at(41) {
		t.Errorf("it is held back for %v, want the 3s that it asks for", w.open.Sub(at(38)))
	}
}
