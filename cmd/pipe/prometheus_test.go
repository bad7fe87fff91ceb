package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// prometheus is a server that scrapes one address each second.
type prometheus struct {
	t   *testing.T
	url string
}

// startPrometheus starts Debian's Prometheus.
func startPrometheus(t *testing.T, scrapes string) *prometheus {
	t.Helper()
	path, err := exec.LookPath("prometheus")
	if err != nil {
		t.Fatalf("prometheus, of Debian's package of that name: %v", err)
	}
	dir := t.TempDir()
	config := filepath.Join(dir, "prometheus.yml")
	text := fmt.Sprintf("global: {scrape_interval: 1s}\nscrape_configs:\n  - job_name: pipe\n    static_configs: [{targets: [%q]}]\n", scrapes)
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	p := &prometheus{t: t, url: "http://" + freeAddress(t)}
	ctx, cancel := context.WithCancel(t.Context())
	cmd := exec.CommandContext(ctx, path, "--config.file="+config, "--storage.tsdb.path="+filepath.Join(dir, "data"), "--web.listen-address="+strings.TrimPrefix(p.url, "http://"))
	var log bytes.Buffer
	cmd.Stdout, cmd.Stderr = &log, &log
	cmd.Cancel, cmd.WaitDelay = func() error { return cmd.Process.Signal(os.Interrupt) }, time.Minute
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var watch sync.WaitGroup
	watch.Go(func() { _ = cmd.Wait() })
	t.Cleanup(func() {
		cancel()
		watch.Wait()
		if t.Failed() {
			t.Log(log.String())
		}
	})
	return p
}

// sample is one answer to a query.
type sample struct {
	Metric map[string]string `json:"metric"`
	Value  [2]any            `json:"value"`
}

// query gives what the server answers; an error is what is wrong with the query, or
// that the server is not up yet.
func (p *prometheus) query(query string) ([]sample, error) {
	res, err := http.Get(p.url + "/api/v1/query?query=" + url.QueryEscape(query))
	if err != nil {
		return nil, err
	}
	defer func() { _ = res.Body.Close() }()
	var got struct {
		Status, Error string
		Data          struct{ Result []sample }
	}
	if err := json.NewDecoder(res.Body).Decode(&got); err != nil {
		return nil, err
	}
	if got.Status != "success" {
		return nil, fmt.Errorf("%s", got.Error)
	}
	return got.Data.Result, nil
}

// await waits until a query is answered with a number of its own, not NaN.
func (p *prometheus) await(query string) {
	p.t.Helper()
	var last string
	eventually(p.t, query, func() bool {
		got, err := p.query(query)
		last = fmt.Sprint(got, err)
		for _, one := range got {
			if one.Value[1] != "NaN" {
				return true
			}
		}
		return false
	})
	p.t.Logf("%s: %s", query, last)
}
