//go:build soak && unix

package main

import (
	"sync"
	"testing"
	"time"

	"pipe/cmd/pipe/internal/app"
	"pipe/pipeline"
	"pipe/pipeline/practice"
)

// A bad day of the site brings all that a good one does, and costs no more than
// twice its time and what the site itself has a run wait for: answers that never
// come. Both days are run side by side, so that the machine is the same for both.
func TestSoakFaultsCostLittle(t *testing.T) {
	t.Parallel()
	long(t)
	const items = 100
	day := func(o practice.Options) *job {
		o.Vehicles, o.Seed = items, 23 // a seed with which each fault strikes
		o.PageLatency, o.AjaxLatency = latency(100*time.Millisecond, 300*time.Millisecond), latency(100*time.Millisecond, 300*time.Millisecond)
		o.ModalLatency, o.PDFLatency = latency(100*time.Millisecond, 300*time.Millisecond), latency(500*time.Millisecond, 2*time.Second)
		// Three of ten attempts meet a fault, and one item may meet several.
		j := newJob(t, o, "attempts: 3", "attempts: 6", "retry:", "timeouts: {step: 5s}\nfail_on: {status: [5xx, 0]}\n\nretry:", `lost: {url: "**/login**"}`, `lost: {url: "**/login**", status: 401}`)
		j.plainly()
		return j
	}
	good := day(practice.Options{})
	bad := day(practice.Options{SessionLifetime: 20 * time.Second, Faults: practice.Faults{
		ServerError: 0.05, Hang: 0.01, HangFor: time.Minute, Reset: 0.02, HTMLAsPDF: 0.03, TruncatedPDF: 0.03,
	}})
	var walls [2]time.Duration
	var told [2]map[pipeline.EventKind][]pipeline.Event
	var both sync.WaitGroup
	for i, j := range []*job{good, bad} {
		both.Go(func() {
			began := time.Now()
			told[i] = j.start("--contexts", "2", "--pages", "2").recorded(app.ExitDone)
			walls[i] = time.Since(began)
		})
	}
	both.Wait()
	for _, j := range []*job{good, bad} {
		has(t, j.pipe(app.ExitDone, "status", "inventory.yaml"), totals(items, items, 0, 0, 0))
		j.whole()
	}
	imposed, lost := waits(told[1])
	counts := bad.site.Counts()
	t.Logf("a good day took %v, a bad one %v, of which the site imposed %v; %d attempts failed, and waited %v in vain for what the page did not show; faults %v, %d logins",
		walls[0], walls[1], imposed, len(told[1][pipeline.AttemptFailed]), lost, counts.Faults, counts.Logins)
	if walls[1] > 2*walls[0]+imposed {
		t.Errorf("a bad day takes more than twice as long as a good one, and %v", imposed)
	}
	for _, kind := range []string{"server_error", "reset", "hang", "html_as_pdf", "truncated_pdf"} {
		if counts.Faults[kind] == 0 {
			t.Errorf("no %s struck: the test has no teeth (%v)", kind, counts.Faults)
		}
	}
	if counts.Logins < 4 {
		t.Errorf("%d logins: no session was lost, the test has no teeth", counts.Logins)
	}
}

// waits is what the site had a run wait for at least, one item after all others in
// the worst case: the answers that came after a minute, as an error. lost is what
// was waited for in steps besides, until their time was over.
func waits(told map[pipeline.EventKind][]pipeline.Event) (imposed, lost time.Duration) {
	of := map[string]time.Duration{}
	for _, e := range told[pipeline.AttemptFailed] {
		switch {
		case e.Class == pipeline.SiteDown && e.Took >= time.Minute:
			of[e.Key] += e.Took
			imposed = max(imposed, of[e.Key])
		case e.Class == pipeline.Transient && e.Took >= 5*time.Second:
			lost += 5 * time.Second
		}
	}
	return imposed, lost
}
