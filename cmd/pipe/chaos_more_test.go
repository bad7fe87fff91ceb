package main

import (
	"encoding/json"
	"html"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pipe/cmd/pipe/internal/app"
	"pipe/pipeline"
	"pipe/pipeline/practice"
)

// noSecret wants no secret in a text, however it is written there.
func (j *job) noSecret(what, text string, secrets ...string) {
	j.t.Helper()
	for _, secret := range secrets {
		asJSON, err := json.Marshal(secret)
		j.must(err)
		quoted := strconv.Quote(secret)
		for _, form := range []string{
			secret, url.QueryEscape(secret), url.PathEscape(secret), html.EscapeString(secret),
			strings.Trim(string(asJSON), `"`), quoted[1 : len(quoted)-1],
		} {
			if at := strings.Index(text, form); at >= 0 {
				j.t.Errorf("%s holds a secret: …%q…", what, text[max(0, at-60):min(len(text), at+len(form)+20)])
				break
			}
		}
	}
}

// Many vehicles, eight pages in two contexts, nothing in step, contexts made new
// all the while: no file is wrong, none is produced twice, no lock lets the pages
// into their download section one after the other, and the run needs no more at
// its end than it did at its beginning. The soak test has two thousand.
func TestMany(t *testing.T) {
	t.Parallel()
	many(t, 60, 16, 20, 1.5)
}

// many measures what the run needs while a window of items comes home, after the
// first so many and at the end. A run that is young may still grow a little.
func many(t *testing.T, vehicles, first, window int, growth float64) {
	t.Helper()
	jitter := latency(0, 20*time.Millisecond)
	const kept = 4 // come home one by one, in the quiet, where goroutines are looked at again
	next := make(chan struct{}, kept)
	j := newJob(t, practice.Options{
		Vehicles: vehicles + kept, PageLatency: jitter, ModalLatency: jitter, PDFLatency: jitter, OnModal: meet(6), OnReport: beyond(vehicles, next),
	}, append(straight(t), "attempts: 3", "attempts: 1")...)
	j.plainly()
	t.Cleanup(func() {
		if t.Failed() {
			cmd, out := j.command("status", "inventory.yaml")
			_ = cmd.Run() // it tells which failed, and why
			t.Log(out)
		}
	})
	s := j.start("--contexts", "2", "--pages", "4")
	var early, late needs
	s.await(pipeline.ItemDone, first)
	s.logMemory(first)
	early.measure(s, window)
	for at := first + window; ; at += window {
		s.logMemory(at)
		left := vehicles - window - at
		if s.await(pipeline.ItemDone, min(window, left)); left <= window {
			break
		}
	}
	late.measure(s, window)
	s.logMemory(vehicles)
	before, after := early.sum(), late.sum()
	most := int(float64(before.goroutines)*growth) + 20
	for range kept - 1 { // with the last of them the run ends
		// A short run may have written its metrics once in the whole window, and on a
		// busy machine what is behind with the browser is gone when a leak's would not be.
		if after.goroutines > most {
			written := s.metrics().Updated
			next <- struct{}{}
			s.await(pipeline.ItemDone, 1)
			eventually(t, "newer metrics", func() bool { return s.metrics().Updated.After(written) })
			after.goroutines = min(after.goroutines, s.metrics().Process.Goroutines)
		}
	}
	close(next)
	s.ended(app.ExitDone)
	j.whole()
	j.onceEach()
	if c := j.site.Counts(); c.DownloadMax < 6 || c.Logins != 2 {
		t.Errorf("%d pages in their download section at once, %d logins", c.DownloadMax, c.Logins)
	}
	t.Logf("memory %d MB and %d goroutines after %d items, %d MB and %d at the end", before.memory>>20, before.goroutines, first, after.memory>>20, after.goroutines)
	if float64(after.memory) > float64(before.memory)*growth {
		t.Errorf("the processes need %d MB at the end, and %d MB after %d items", after.memory>>20, before.memory>>20, first)
	}
	if after.goroutines > most {
		t.Errorf("%d goroutines at the end, and %d after %d items", after.goroutines, before.goroutines, first)
	}
}

// needs are what a run's processes need, at several moments.
type needs []need

type need struct {
	memory     int64
	goroutines int
}

// measure looks ten times while a number of items comes home.
func (n *needs) measure(s *started, items int) {
	s.t.Helper()
	for range 10 {
		s.await(pipeline.ItemDone, items/10)
		*n = append(*n, need{memory: s.memory(), goroutines: s.metrics().Process.Goroutines})
	}
}

// ownMetrics are those that a run tells of itself in metrics.json.
type ownMetrics struct {
	Updated time.Time
	Process struct{ Goroutines int }
}

func (s *started) metrics() ownMetrics {
	s.t.Helper()
	path := filepath.Join(s.out, "metrics.json")
	eventually(s.t, "metrics.json", func() bool { _, err := os.Stat(path); return err == nil })
	text, err := os.ReadFile(path)
	s.must(err)
	var own ownMetrics
	s.must(json.Unmarshal(text, &own))
	if own.Process.Goroutines == 0 {
		s.t.Fatalf("metrics.json knows no goroutines: %s", text)
	}
	return own
}

// sum is the median of the memory, and the fewest goroutines: the PDF reader has
// many for moments, which are gone when a leak's would not be.
func (n needs) sum() need {
	byMemory := slices.SortedFunc(slices.Values(n), func(a, b need) int { return int(a.memory - b.memory) })
	byGoroutines := slices.SortedFunc(slices.Values(n), func(a, b need) int { return a.goroutines - b.goroutines })
	return need{byMemory[len(n)/2].memory, byGoroutines[0].goroutines}
}
