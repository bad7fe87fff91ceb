package engine_test

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pipe/pipeline"
	"pipe/pipeline/artifact"
	"pipe/pipeline/engine"
	"pipe/pipeline/ledger"
	"pipe/specs"
	"pipe/steps"
)

// inBubble runs a subtest in a bubble's time: what waits takes no time, and what
// works takes none either.
func inBubble(t *testing.T, name string, f func(t *testing.T)) {
	t.Helper()
	t.Run(name, func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, f)
	})
}

// testRun is a run of a spec on the site.
type testRun struct {
	*testing.T
	site   *site
	ledger *ledger.Ledger
	cfg    engine.Config

	mu     sync.Mutex
	events []pipeline.Event
	// told is closed, and made anew, with each event.
	told chan struct{}
}

// Observe keeps what it is told.
func (n *testRun) Observe(e pipeline.Event) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.events = append(n.events, e)
	close(n.told)
	n.told = make(chan struct{})
}

// waitDone waits until an item is done.
func (n *testRun) waitDone(ctx context.Context, key string) {
	for {
		n.mu.Lock()
		told := n.told
		done := slices.ContainsFunc(n.events, func(e pipeline.Event) bool { return e.Kind == pipeline.ItemDone && e.Key == key })
		n.mu.Unlock()
		if done {
			return
		}
		select {
		case <-told:
		case <-ctx.Done():
			n.Errorf("%s was not done in time", key)
			return
		}
	}
}

const plan = `
name: night
key: ${{ item.ref }}
source: {items: [{ref: A}, {ref: B}, {ref: C}, {ref: D}, {ref: E}, {ref: F}]}
download:
  - capture: {url: "/${{ item.ref }}", as: "${{ item.ref }}.txt", expect: {type: any, contains: "file of ${{ item.ref }}"}}
record: {fields: {name: "${{ file.name }}", size: "${{ file.size }}"}}
retry: {attempts: 3, backoff: {initial: 1ms, max: 2ms}}
`

// newTestRun makes ready to run the plan with some of its text replaced, with a
// page or more.
func newTestRun(t *testing.T, s *site, pages int, edits ...string) *testRun {
	t.Helper()
	src := strings.NewReplacer(edits...).Replace(plan)
	spec, err := specs.Parse("night.yaml", []byte(src), specs.Options{Verbs: steps.Verbs()})
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	led, err := ledger.Open(t.Context(), filepath.Join(dir, "ledger.sqlite"))
	if err != nil {
		t.Fatal(err)
	}
	store, err := artifact.Open(t.Context(), dir, artifact.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = store.Close(), led.Close() })
	n := &testRun{T: t, site: s, ledger: led, told: make(chan struct{})}
	n.cfg = engine.Config{
		Spec: spec, Ledger: led, Store: store, Pages: &pool{s, pages}, Observer: n, Dir: dir, Stop: make(chan struct{}),
	}
	return n
}

// run runs to the end, which must be a good one.
func (n *testRun) run() engine.Result {
	n.Helper()
	ctx, cancel := context.WithTimeout(n.Context(), time.Minute)
	defer cancel()
	result, err := engine.Run(ctx, n.cfg)
	if err != nil {
		n.Fatal(err)
	}
	return result
}

// done is the key of an item that is done, "" where none is.
func (n *testRun) done() string {
	n.Helper()
	for key, row := range n.items() {
		if row.Status == pipeline.Done {
			return key
		}
	}
	return ""
}

// items are the ledger's rows by key.
func (n *testRun) items() map[string]pipeline.ItemRow {
	n.Helper()
	rows := map[string]pipeline.ItemRow{}
	for row, err := range n.ledger.Items(n.Context(), "") {
		if err != nil {
			n.Fatal(err)
		}
		rows[row.Key] = row
	}
	return rows
}

func (n *testRun) want(result engine.Result, want pipeline.Totals) {
	n.Helper()
	if result.Totals != want {
		n.Errorf("got %+v, want %+v", result.Totals, want)
	}
}

func (n *testRun) kinds(kind pipeline.EventKind) []pipeline.Event {
	n.mu.Lock()
	defer n.mu.Unlock()
	var found []pipeline.Event
	for _, e := range n.events {
		if e.Kind == kind {
			found = append(found, e)
		}
	}
	return found
}

func good(_ context.Context, key string, _ int) (string, error) { return "the file of " + key, nil }
