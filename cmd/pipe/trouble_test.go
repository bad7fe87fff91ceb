package main

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pipe/cmd/pipe/internal/app"
	"pipe/pipeline"
	"pipe/pipeline/practice"
)

// A selector that fits nowhere stops the run early, and the report names it,
// its line, and what is on the page in its place. The same command goes on once
// the spec is put right, with the items too that had no try left.
func TestDrift(t *testing.T) {
	t.Parallel()
	j := newJob(t, practice.Options{Vehicles: 12})
	right := shipped(t, "pace: {delay: 1s}", "pace: {delay: 0s}")
	j.write("inventory.yaml", shipped(t, "pace: {delay: 1s}", "pace: {delay: 0s}", "retry:", "timeouts: {step: 8s}\n\nretry:", "attempts: 3", "attempts: 1",
		`- fill: {selector: "#StockNumber"`, `- fill: {selector: "#StockNo"`))
	out := j.run(app.ExitSpec, "--contexts", "1", "--pages", "5")
	has(t, out, "inventory: stopped: 0 of 12 done", "the spec does not fit the site: all of the first 5 items failed at navigate.steps[2].fill (inventory.yaml:",
		`navigate.steps[2].fill: "#StockNo" is not to be seen on `+j.site.URL()+"/inventory", `| `, `- fill: {selector: "#StockNo"`, "nearest on that page:", "  #StockNumber (textbox")
	if asked := len(j.site.Counts().Opened); asked != 0 {
		t.Errorf("%d vehicles were opened", asked)
	}
	j.write("inventory.yaml", right)
	has(t, j.run(app.ExitDone), "inventory: 12 of 12 done")
	j.whole()
	j.onceEach()
}

// What the page says gives its failure a class, and the class its rule.
func TestClassifyByPage(t *testing.T) {
	t.Parallel()
	j := newJob(t, practice.Options{Vehicles: 16, Faults: practice.Faults{ServerError: 0.25}},
		"retry:", "classify:\n  - {selector: h1, text: object REFERENCE not set, class: rate_limited}\n\ntimeouts: {step: 5s}\n\nretry:", "initial: 3s", "initial: 100ms", "attempts: 3", "attempts: 9")
	s := j.start("--contexts", "1", "--pages", "2")
	classes := map[pipeline.Class]int{}
	held := 0
	for e := range s.events {
		switch e.Kind {
		case pipeline.AttemptFailed:
			classes[e.Class]++
		case pipeline.Held:
			held++
		}
	}
	s.ended(app.ExitDone)
	if classes[pipeline.RateLimited] == 0 || held == 0 {
		t.Errorf("classes of the failures: %v, %d holds", classes, held)
	}
	j.whole()
	if files, err := filepath.Glob(filepath.Join(j.out, "files", "*")); err != nil || len(files) != 16 {
		t.Errorf("%d files, %v", len(files), err)
	}
}

// A site that goes down in the middle costs no item a try: it is asked by one
// at a time until it is back.
func TestOutage(t *testing.T) {
	t.Parallel()
	o := practice.Options{Vehicles: 24, PDFLatency: latency(200*time.Millisecond, 300*time.Millisecond)}
	j := newJob(t, o, append(straight(t), "initial: 3s", "initial: 500ms")...)
	s := j.start("--contexts", "1", "--pages", "3")
	s.await(pipeline.ItemDone, 5)
	o.Addr = strings.TrimPrefix(j.site.URL(), "http://")
	j.must(j.site.Close())
	s.await(pipeline.Held, 2)
	again, err := practice.Start(t.Context(), o)
	j.must(err)
	t.Cleanup(func() { _ = again.Close() })
	j.site = again
	s.await(pipeline.Resumed, 1)
	s.ended(app.ExitDone)
	j.whole()
}
