package engine_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"testing"

	"pipe/pipeline"
	"pipe/steps"
)

// orderDesk is a site that takes orders, and has its own count of them.
type orderDesk struct {
	mu     sync.Mutex
	orders map[string]int
	asked  int
	// fault is what comes of the n-th request, from 1, and whether the order is taken.
	fault func(n int) (taken bool, err error)
}

func (d *orderDesk) ask(_ context.Context, asked steps.SiteRequest) (*steps.SiteResponse, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if asked.Method == http.MethodGet {
		text := "[]"
		if len(d.orders) > 0 {
			text = `["A"]`
		}
		return &steps.SiteResponse{Status: 200, Body: []byte(text)}, nil
	}
	d.asked++
	taken, err := true, error(nil)
	if d.fault != nil {
		taken, err = d.fault(d.asked)
	}
	if taken {
		d.orders[string(asked.Body)]++
	}
	if err != nil {
		return nil, err
	}
	return &steps.SiteResponse{Status: 201, Body: fmt.Appendf(nil, `{"number": %d}`, 1000+d.orders[string(asked.Body)])}, nil
}

// send is the request that sends an order, and ordering the step of it.
const (
	send     = `request: {url: /orders, method: POST, body: "${{ item.ref }}"}`
	ordering = `{name: order, once: true, ` + send + `}`
)

// newOrders makes ready to order for one item by a step, and to take its receipt.
func newOrders(t *testing.T, d *orderDesk, answer func(context.Context, string, int) (string, error), step string, edits ...string) *testRun {
	t.Helper()
	d.orders = map[string]int{}
	s := newSite(t, answer)
	s.ask = d.ask
	return newTestRun(t, s, 1, append(edits, "[{ref: A}, {ref: B}, {ref: C}, {ref: D}, {ref: E}, {ref: F}]", "[{ref: A}]",
		"download:\n", "download:\n  - "+step+"\n", `size: "${{ file.size }}"`, `number: "${{ steps.order?.json.number ?? 'none' }}"`)...)
}

// again runs the same once more, on a site that does as it should.
func (n *testRun) again() pipeline.ItemRow {
	n.Helper()
	n.run()
	return n.items()["A"]
}

// failsTwice is a file that comes at the third try.
func failsTwice(ctx context.Context, key string, attempt int) (string, error) {
	if attempt < 3 {
		return "", errors.New("reset")
	}
	return good(ctx, key, attempt)
}

func (n *testRun) wantNumber(want string) {
	n.Helper()
	for row, err := range n.ledger.Records(n.Context()) {
		if err != nil || fmt.Sprint(row.Fields[1].Value) != want {
			n.Errorf("the record's number is %v (%v), want %s", row.Fields[1].Value, err, want)
		}
	}
}

func (n *testRun) onceSteps(key string) map[string]pipeline.OnceEntry {
	n.Helper()
	known, err := n.ledger.OnceSteps(n.Context(), key)
	if err != nil {
		n.Fatal(err)
	}
	return known
}
