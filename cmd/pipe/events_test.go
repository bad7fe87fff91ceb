package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"pipe/cmd/pipe/internal/app"
	"pipe/pipeline"
	"pipe/pipeline/practice"
)

// Every line of a run's JSON is as `pipe schema --events` says, on a bad day too: what is
// in it has the names of steps and accounts, and the schema takes no other.
func TestEventsAreAsTheSchemaSays(t *testing.T) {
	t.Parallel()
	j := newJob(t, practice.Options{
		Vehicles: 12, Missing: 2, Duplicates: 2, SessionRequests: 15, Faults: practice.Faults{ServerError: 0.1, RateLimited: 0.1, TruncatedPDF: 0.2, RetryAfter: time.Second},
	}, append(straight(t), "initial: 3s", "initial: 10ms",
		"- click: {role: button, name: Print/Email Reports}", "- {name: Open the reports, click: {role: button, name: Print/Email Reports}}",
		`{username: "${{ secret.DEALER_USERNAME }}"`, `{name: north, username: "${{ secret.DEALER_USERNAME }}"`)...)
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(j.pipe(app.ExitDone, "schema", "--events")))
	j.must(err)
	c := jsonschema.NewCompiler()
	j.must(c.AddResource("events.json", doc))
	schema, err := c.Compile("events.json")
	j.must(err)
	out := j.run(app.ExitFailed, "--json")
	seen := map[pipeline.EventKind]pipeline.Event{}
	for line := range strings.Lines(out) {
		v, err := jsonschema.UnmarshalJSON(strings.NewReader(line))
		j.must(err)
		if err := schema.Validate(v); err != nil {
			t.Errorf("%s: %v", line, err)
		}
		var e pipeline.Event
		dec := json.NewDecoder(bytes.NewReader([]byte(line)))
		if dec.Decode(&e) == nil && (e.Kind != pipeline.StepStarted || e.StepName != "") {
			seen[e.Kind] = e
		}
	}
	for _, kind := range []pipeline.EventKind{
		pipeline.RunStarted, pipeline.LoggingIn, pipeline.LoggedIn, pipeline.LoginLost, pipeline.SourceFound, pipeline.SourceRead, pipeline.DuplicateRow, pipeline.AttemptStarted,
		pipeline.StepStarted, pipeline.PageFreed, pipeline.ItemDone, pipeline.AttemptFailed, pipeline.ItemFailed, pipeline.RunEnded,
	} {
		if _, told := seen[kind]; !told {
			t.Errorf("nothing tells of %s", kind)
		}
	}
	started := seen[pipeline.RunStarted]
	if len(started.Sessions) != 2 || started.Sessions[0] != (pipeline.Session{Name: "c1", Account: "1", AccountName: "north"}) || started.Pages != 4 {
		t.Errorf("the run began as %+v", started)
	}
	if seen[pipeline.StepStarted].StepName != "Open the reports" || seen[pipeline.LoggedIn].AccountName != "north" || seen[pipeline.SourceRead].ToDo != 14 {
		t.Errorf("step %q, account %q, %d to do", seen[pipeline.StepStarted].StepName, seen[pipeline.LoggedIn].AccountName, seen[pipeline.SourceRead].ToDo)
	}
}

// A run that begins with one worker and is to end in a minute that it cannot keep says so
// once, and has all that the spec has; nothing else changes.
func TestFinishByOfARun(t *testing.T) {
	t.Parallel()
	j := newJob(t, practice.Options{Vehicles: 24, PDFLatency: latency(200*time.Millisecond, 400*time.Millisecond)}, append(straight(t), "pace: {delay: 0s}", "pace: {delay: 500ms}")...)
	s := j.start("--contexts", "1", "--pages", "1", "--finish-by", time.Now().Add(4*time.Second).Format(time.RFC3339))
	s.await(pipeline.SourceRead, 1)
	late, pages := 0, 0
	for e := range s.events {
		switch e.Kind {
		case pipeline.Late:
			late++
			has(t, e.Reason, "up to 4 workers from now on, in place of 1")
		case pipeline.Adapted:
			pages = max(pages, e.Pages)
		}
	}
	s.ended(app.ExitDone)
	if late != 1 || pages != 4 {
		t.Errorf("told to be late %d times, and %d pages at most", late, pages)
	}
	has(t, j.pipe(app.ExitSpec, "run", "inventory.yaml", "--finish-by", "soon"), "--finish-by: want a time such as 06:30")
}
