package main

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"pipe/cmd/pipe/internal/app"
	"pipe/pipeline"
	"pipe/pipeline/ledger"
)

const localSpec = `name: local
key: ${{ item.ref }}
source: {csv: items.csv}
pool: {contexts: 2, pages: 3, pace: {delay: 1s}}
navigate: {home: "http://127.0.0.1:1/"}
`

// planOf is `pipe plan --json` of the job's spec.
func (j *job) planOf(code int, args ...string) app.Forecast {
	j.t.Helper()
	var p app.Forecast
	out := j.pipe(code, append([]string{"plan", "--json"}, args...)...)
	if err := json.Unmarshal([]byte(out), &p); err != nil {
		j.t.Fatalf("%v:\n%s", err, out)
	}
	return p
}

// onRecord puts items on record as an earlier run would have: by key, how each
// ended, which took the time.
func (j *job) onRecord(dir string, took time.Duration, items []pipeline.Item, ends map[string]pipeline.Status) {
	j.t.Helper()
	ctx := j.t.Context()
	led, err := ledger.Open(ctx, app.LedgerPath(dir))
	j.must(err)
	defer func() { j.must(led.Close()) }()
	run, err := led.BeginRun(ctx, pipeline.RunInfo{Spec: "local", Started: time.Now()})
	j.must(err)
	_, err = led.Admit(ctx, run, items, pipeline.Refresh{})
	j.must(err)
	for _, item := range items {
		end, settled := ends[item.Key]
		if !settled {
			continue
		}
		delete(ends, item.Key) // its other rows are duplicates
		began := time.Now()
		n, err := led.BeginAttempt(ctx, run, item.Key, "c1p1", began)
		j.must(err)
		out := pipeline.Outcome{Item: item, Attempt: n, Status: end, Worker: "c1p1", Started: began, Ended: began.Add(took)}
		if end == pipeline.Failed {
			out.Class, out.Reason = pipeline.NotFound, "there is none"
		}
		j.must(led.Commit(ctx, run, out))
	}
	j.must(led.SourceRead(ctx, run))
	j.must(led.EndRun(ctx, run, pipeline.RunEnd{Ended: time.Now(), Reason: "finished"}))
}

// What a run would find, before any has been and after: each number has a row
// of its own.
func TestPlan(t *testing.T) {
	t.Parallel()
	j := &job{t: t, dir: t.TempDir()}
	j.write("local.yaml", localSpec)
	j.write("items.csv", "ref,colour\nA,red\nB,blue\nC,green\nD,grey\nE,pink\nA,red\n,none\nF,white\n")
	out := filepath.Join(j.dir, "out", "local")

	p := j.planOf(app.ExitFailed, "local.yaml")
	if p.Rows != 8 || p.New != 6 || p.Duplicates != 1 || p.Bad != 1 || p.ToDo != 6 || p.Items != 0 || p.Workers != 6 || p.Sessions != 2 {
		t.Errorf("before any run: %+v", p)
	}
	has(t, j.pipe(app.ExitFailed, "plan", "local.yaml"), "no history yet", "line 8: its key is empty", "no login, 2 sessions, 6 workers")
	if _, err := os.Stat(filepath.Join(j.dir, "out")); !os.IsNotExist(err) {
		t.Errorf("a plan has made the output folder: %v", err)
	}

	row := func(seq int, ref, colour string) pipeline.Item {
		return pipeline.Item{Key: ref, Seq: seq, Fields: map[string]any{"ref": ref, "colour": colour}}
	}
	j.onRecord(out, 4*time.Second,
		[]pipeline.Item{row(1, "A", "red"), row(2, "B", "black"), row(3, "C", "green"), row(4, "D", "gold")},
		map[string]pipeline.Status{"A": pipeline.Done, "B": pipeline.Done, "C": pipeline.Failed})
	before := j.hashes(out)
	p = j.planOf(app.ExitFailed, "local.yaml")
	// A and B are done, B's row has changed; C failed; D waits and has changed.
	if p.New != 2 || p.Done != 2 || p.Failed != 1 || p.Pending != 1 || p.Duplicates != 1 || p.Bad != 1 || p.Changed != 2 || p.ChangedDone != 1 || p.ToDo != 3 {
		t.Errorf("after a run: %+v", p)
	}
	// Three items on three of the six workers, each 4 s and its second of rest.
	if p.PerItem != 4*time.Second || p.Expected != 5*time.Second {
		t.Errorf("an item took %v, expected are %v", p.PerItem, p.Expected)
	}
	has(t, j.pipe(app.ExitFailed, "plan", "local.yaml"),
		"rows 8 = new 2 + pending 1 + failed 1 + done 2 + duplicates 1 + bad 1", "to do: 3 items",
		"2 rows not as on record (1 of them done", "B, D", "failed before: C  there is none", "about 5s")
	if after := j.hashes(out); after != before {
		t.Errorf("a plan has changed the ledger:\n%s\n%s", before, after)
	}
}

// hashes are the ledger's bytes, its journal's included.
func (j *job) hashes(dir string) string {
	j.t.Helper()
	var all string
	for _, suffix := range []string{"", "-wal"} {
		body, err := os.ReadFile(app.LedgerPath(dir) + suffix)
		if os.IsNotExist(err) || err == nil && len(body) == 0 {
			continue // SQLite makes an empty journal for readers too
		}
		j.must(err)
		all += fmt.Sprintf("%x ", sha256.Sum256(body))
	}
	return all
}

// A pace that the spec sets bounds a run whatever its pages could do.
func TestPlanByPace(t *testing.T) {
	t.Parallel()
	j := &job{t: t, dir: t.TempDir()}
	j.write("local.yaml", `name: local
key: ${{ item.ref }}
source: {items: [{ref: A}, {ref: B}, {ref: C}, {ref: D}]}
pool: {pages: 4, pace: {rate: 2/min}}
navigate: {home: "http://127.0.0.1:1/"}
`)
	item := pipeline.Item{Key: "A", Seq: 1, Fields: map[string]any{"ref": "A"}}
	j.onRecord(filepath.Join(j.dir, "elsewhere"), time.Second, []pipeline.Item{item}, map[string]pipeline.Status{"A": pipeline.Done})
	if p := j.planOf(app.ExitDone, "local.yaml", "--out", "elsewhere"); p.ToDo != 3 || p.Expected != 90*time.Second || p.Bound != "pool.pace.rate" {
		t.Errorf("%+v", p)
	}
	if p := j.planOf(app.ExitDone, "local.yaml"); p.ToDo != 4 || p.Items != 0 {
		t.Errorf("without a history: %+v", p)
	}
}

// A list that the site exports is not fetched for a plan: what the last run saw
// serves, and nothing when there was none.
func TestPlanOfExport(t *testing.T) {
	t.Parallel()
	j := &job{t: t, dir: t.TempDir()}
	j.env = []string{"INVENTORY_URL=http://127.0.0.1:1", "DEALER_USERNAME=dealer", "DEALER_PASSWORD=hunter2!"}
	j.write("inventory.yaml", shipped(t))
	text := j.pipe(app.ExitDone, "plan", "inventory.yaml")
	has(t, text, "no run has fetched it yet", "pipe plan inventory.yaml --export", "1 account (account 1)", "no history yet")
	row := func(seq int, key string) pipeline.Item {
		return pipeline.Item{Key: key, Seq: seq, Fields: map[string]any{"stock_number": key}}
	}
	j.onRecord(filepath.Join(j.dir, "out", "inventory"), 2*time.Second, []pipeline.Item{row(1, "A"), row(2, "B"), row(3, "A")},
		map[string]pipeline.Status{"A": pipeline.Done})
	p := j.planOf(app.ExitDone, "inventory.yaml")
	if !p.Known || p.Rows != 3 || p.Done != 1 || p.Pending != 1 || p.Duplicates != 1 || p.ToDo != 1 || p.Expected != 3*time.Second {
		t.Errorf("%+v", p)
	}
	has(t, p.From, "the rows that the last run saw")
}
