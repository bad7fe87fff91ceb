package metrics_test

import (
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"

	"pipe/pipeline"
	"pipe/pipeline/report/metrics"
)

// The events of a run come to these metrics.
func TestMetrics(t *testing.T) {
	m := metrics.New("stock", "v1")
	until := time.Unix(1_800_000_000, 0)
	for _, e := range []pipeline.Event{
		{Kind: pipeline.RunStarted, Workers: []string{"c1p1", "c2p1"}, Pages: 2, Sessions: []pipeline.Session{{Name: "c1", Account: "1"}, {Name: "c2", Account: "2"}}},
		{Kind: pipeline.LoggingIn, Worker: "c1", Account: "1"},
		{Kind: pipeline.LoggedIn, Worker: "c1", Account: "1"},
		{Kind: pipeline.AccountGivenUp, Worker: "c2", Account: "2"},
		{Kind: pipeline.BadRow},
		{Kind: pipeline.DuplicateRow},
		{Kind: pipeline.Adapted, Pages: 1},
		{Kind: pipeline.AttemptStarted, Worker: "c1p1", Key: "A"},
		{Kind: pipeline.PageFreed, Worker: "c1p1", Key: "A"},
		{Kind: pipeline.AttemptStarted, Worker: "c1p1", Key: "B"},
		{Kind: pipeline.Recovered, Step: "new page: it crashed"},
		{Kind: pipeline.AttemptFailed, Key: "B", Class: pipeline.RateLimited, Stages: []pipeline.StepTime{{Step: "open", Took: time.Second}}},
		{Kind: pipeline.Held, Class: pipeline.RateLimited, Until: until},
		{Kind: pipeline.ItemDone, Key: "C", Took: 4 * time.Second, Files: []pipeline.File{{Size: 10}, {Size: 5}}, Totals: &pipeline.Totals{In: 3, Done: 1, Pending: 1, Due: 1, Duplicates: 1}},
	} {
		m.Observe(e)
	}
	want := `
# HELP pipe_attempts_total Attempts at items that have ended, by their class of failure; none for those that went well.
# TYPE pipe_attempts_total counter
pipe_attempts_total{class="crashed"} 0
pipe_attempts_total{class="none"} 1
pipe_attempts_total{class="not_found"} 0
pipe_attempts_total{class="proof_failed"} 0
pipe_attempts_total{class="rate_limited"} 1
pipe_attempts_total{class="rejected"} 0
pipe_attempts_total{class="session_lost"} 0
pipe_attempts_total{class="site_down"} 0
pipe_attempts_total{class="spec"} 0
pipe_attempts_total{class="transient"} 0
pipe_attempts_total{class="uncertain"} 0
# HELP pipe_file_bytes_total Bytes of these files.
# TYPE pipe_file_bytes_total counter
pipe_file_bytes_total 15
# HELP pipe_held_until_seconds Until when no item is begun, in seconds since 1970; 0 when nothing holds the run.
# TYPE pipe_held_until_seconds gauge
pipe_held_until_seconds 1.8e+09
# HELP pipe_items_fetching Items whose page is free, and whose file is on its way or being proved.
# TYPE pipe_items_fetching gauge
pipe_items_fetching 1
# HELP pipe_items_pending Items that are still to do, those included that are due again.
# TYPE pipe_items_pending gauge
pipe_items_pending 2
# HELP pipe_items_total Items that this run has settled, by how.
# TYPE pipe_items_total counter
pipe_items_total{status="done"} 1
pipe_items_total{status="failed"} 0
pipe_items_total{status="skipped"} 0
# HELP pipe_pages_limit How many pages may be at work.
# TYPE pipe_pages_limit gauge
pipe_pages_limit 1
# HELP pipe_recoveries_total How often a page was brought back to its home, by what did it.
# TYPE pipe_recoveries_total counter
pipe_recoveries_total{action="closed_stray_tabs"} 0
pipe_recoveries_total{action="new_context"} 0
pipe_recoveries_total{action="new_page"} 1
# HELP pipe_sessions Browser contexts that log in, by state: none, logging_in, ready, lost or given_up.
# TYPE pipe_sessions gauge
pipe_sessions{state="given_up"} 1
pipe_sessions{state="logging_in"} 0
pipe_sessions{state="lost"} 0
pipe_sessions{state="none"} 0
pipe_sessions{state="ready"} 1
# HELP pipe_workers Workers by what they do: busy has an item on its page, idle has none.
# TYPE pipe_workers gauge
pipe_workers{state="busy"} 1
pipe_workers{state="idle"} 1
`
	if err := testutil.GatherAndCompare(m.Gatherer(), strings.NewReader(want),
		"pipe_attempts_total", "pipe_file_bytes_total", "pipe_held_until_seconds", "pipe_items_fetching", "pipe_items_pending", "pipe_items_total",
		"pipe_pages_limit", "pipe_recoveries_total", "pipe_sessions", "pipe_workers"); err != nil {
		t.Error(err)
	}
	// They keep to the conventions of their field.
	problems, err := testutil.GatherAndLint(m.Gatherer())
	for _, p := range problems {
		if strings.HasPrefix(p.Metric, "pipe_") {
			t.Errorf("%s: %s", p.Metric, p.Text)
		}
	}
	if err != nil {
		t.Error(err)
	}
}

// Without a host, nobody else can ask.
func TestServe(t *testing.T) {
	server, err := metrics.New("stock", "v1").Serve(t.Context(), ":0")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(server.URL, "http://127.0.0.1:") {
		t.Errorf("it is served at %s", server.URL)
	}
	if err := server.Close(t.Context()); err != nil {
		t.Error(err)
	}
}
