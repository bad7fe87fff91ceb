package main

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"pipe/cmd/pipe/internal/app"
	"pipe/pipeline/practice"
)

// A Prometheus scrapes a run under way, and answers every query of the dashboard.
func TestMetrics(t *testing.T) {
	t.Parallel()
	scraped, seen := make(chan struct{}), make(chan struct{})
	j := newJob(t, practice.Options{
		Vehicles: 10, Missing: 1, Duplicates: 1,
		// Nothing is done before the first scrape, and not all before the queries are answered.
		OnModal: func(ctx context.Context, n int) {
			wait(ctx, scraped)
			if n > 6 {
				wait(ctx, seen)
			}
		},
	}, straight(t)...)
	address := freeAddress(t)
	run := j.start("--metrics", address, "--contexts", "1", "--pages", "3")
	run.await("attempt_started", 1)
	prom := startPrometheus(t, address)
	prom.await("pipe_run_info")
	close(scraped)
	run.await("item_done", 6)
	prom.await(`pipe_items{status="done"} >= 6`)
	for title, queries := range dashboard(t) {
		for _, query := range queries {
			t.Run(title, func(t *testing.T) {
				p := *prom
				p.t = t
				p.await(query)
			})
		}
	}
	text := scrape(t, address)
	for _, v := range j.site.Vehicles() {
		j.noSecret("the metrics", text, v.Reference, practice.DefaultPassword)
	}
	has(t, text, `pipe_run_info{spec="inventory",version="`, `pipe_sessions{state="ready"} 1`, `pipe_duplicate_rows_total 1`)
	close(seen)
	run.await("run_ended", 1)
	for range run.events { // until it ends
	}
	if _, err := net.DialTimeout("tcp", address, time.Second); err == nil {
		t.Error("the metrics are served after the run")
	}
}

// scrape reads the metrics.
func scrape(t *testing.T, address string) string {
	t.Helper()
	res, err := http.Get("http://" + address + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatal(res.Status, err)
	}
	return string(text)
}

// dashboard gives the queries of the dashboard's panels, by their titles, as Grafana
// would send them.
func dashboard(t *testing.T) map[string][]string {
	t.Helper()
	src, err := os.ReadFile(filepath.Join("..", "..", "specs", "guide", "grafana-dashboard.json"))
	if err != nil {
		t.Fatal(err)
	}
	var board struct {
		Panels []struct {
			Title   string
			Targets []struct{ Expr string }
		}
	}
	if err := json.Unmarshal(src, &board); err != nil {
		t.Fatal(err)
	}
	values := strings.NewReplacer("$instance", ".*", "$__rate_interval", "1m")
	all := map[string][]string{}
	for _, panel := range board.Panels {
		for _, target := range panel.Targets {
			query := values.Replace(target.Expr)
			if regexp.MustCompile(`\$`).MatchString(query) {
				t.Errorf("%s: nothing is known for the variable in %s", panel.Title, query)
			}
			all[panel.Title] = append(all[panel.Title], query)
		}
	}
	if len(all) < 15 {
		t.Errorf("only %d panels are found", len(all))
	}
	return all
}

// freeAddress is an address that nobody listens at.
func freeAddress(t *testing.T) string {
	t.Helper()
	listen, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listen.Close() }()
	return listen.Addr().String()
}

// What no metrics can be served at is told before anything happens.
func TestMetricsAddress(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	j := newJob(t, practice.Options{Vehicles: 1})
	has(t, j.run(app.ExitEnvironment, "--metrics", taken.Addr().String()), "serving metrics: ", "in use")
	has(t, j.run(app.ExitSpec, "--metrics", "9464"), "--metrics: want an address such as :9464")
	if n := j.site.Counts().Logins; n != 0 {
		t.Errorf("%d logins", n)
	}
}
