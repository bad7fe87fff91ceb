package engine_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"

	"pipe/pipeline"
	"pipe/pipeline/engine"
	"pipe/steps"
)

// What is done once is not done again by a try that follows, in whichever run, and what
// it found is there for the steps after it.
func TestOnceIsPassedOver(t *testing.T) {
	t.Parallel()
	d := &orderDesk{}
	n := newOrders(t, d, failsTwice, ordering, "attempts: 3", "attempts: 1")
	n.run()
	if row := n.items()["A"]; row.Status != pipeline.Failed || d.orders["A"] != 1 {
		t.Fatalf("%+v, ordered %v", row, d.orders)
	}
	for range 2 {
		if _, err := n.ledger.RetryFailed(t.Context()); err != nil {
			t.Fatal(err)
		}
		n.run()
	}
	row := n.items()["A"]
	if row.Status != pipeline.Done || row.Attempts != 3 || d.orders["A"] != 1 {
		t.Errorf("%+v, ordered %v", row, d.orders)
	}
	n.wantNumber("1001")
	// Asked for again, it is ordered again.
	if err := n.ledger.Again(t.Context(), []string{"A"}, false); err != nil {
		t.Fatal(err)
	}
	if row := n.again(); row.Status != pipeline.Done || d.orders["A"] != 2 {
		t.Errorf("asked for again: %+v, ordered %v", row, d.orders)
	}
	n.wantNumber("1002")
}

// What a failure says of what is done once.
func TestOnceFailures(t *testing.T) {
	t.Parallel()
	first := func(taken bool, err error) func(int) (bool, error) {
		return func(n int) (bool, error) {
			if n > 1 {
				return true, nil
			}
			return taken, err
		}
	}
	status := func(code int) error { return &steps.StatusError{URL: "http://site/orders", Status: code} }
	refused := "{name: order, once: true, do: [{" + send + "}, {fail: {class: %s, reason: the site says no}}]}"
	for name, c := range map[string]struct {
		fault  func(int) (bool, error)
		step   string
		status pipeline.Status
		class  pipeline.Class
		orders int
	}{
		"nothing":                   {status: pipeline.Done, orders: 1},
		"taken, and no answer":      {fault: first(true, fmt.Errorf("asking: %w", steps.ErrTimeout)), class: pipeline.Uncertain, orders: 1},
		"not taken, and no answer":  {fault: first(false, fmt.Errorf("asking: %w", steps.ErrTimeout)), class: pipeline.Uncertain},
		"an error of the site":      {fault: first(true, status(500)), class: pipeline.Uncertain, orders: 1},
		"a gateway":                 {fault: first(true, status(504)), class: pipeline.Uncertain, orders: 1},
		"the login is gone":         {fault: first(false, fmt.Errorf("asking: %w", steps.ErrSessionLost)), status: pipeline.Done, orders: 1},
		"the site is unreachable":   {fault: first(true, &pipeline.UnreachableError{Err: steps.ErrTimeout}), class: pipeline.Uncertain, orders: 1},
		"the page crashes":          {fault: first(true, steps.ErrClosed), class: pipeline.Uncertain, orders: 1},
		"the connection breaks":     {fault: first(true, &net.OpError{Op: "read", Err: errors.New("reset")}), class: pipeline.Uncertain, orders: 1},
		"there is no connection":    {fault: first(false, &net.OpError{Op: "dial", Err: errors.New("refused")}), status: pipeline.Done, orders: 1},
		"too many requests":         {fault: first(false, status(429)), status: pipeline.Done, orders: 1},
		"refused":                   {fault: first(false, status(422)), class: pipeline.Rejected},
		"its own retry":             {fault: first(true, steps.ErrTimeout), step: "{name: order, once: true, retry: 3, " + send + "}", class: pipeline.Uncertain, orders: 1},
		"optional":                  {fault: first(true, steps.ErrTimeout), step: "{name: order, once: true, optional: true, " + send + "}", class: pipeline.Uncertain, orders: 1},
		"rescued":                   {fault: first(true, steps.ErrTimeout), step: "{try: [" + ordering + "], rescue: [{" + send + "}]}", class: pipeline.Uncertain, orders: 1},
		"an expression":             {step: "{name: order, once: true, request: {url: /orders, method: POST, body: \"${{ int(item.ref) }}\"}}", class: pipeline.Spec},
		"an if that does not hold":  {step: "{name: order, once: true, if: 'item.ref == \"B\"', " + send + "}", status: pipeline.Done},
		"behind it, in a block":     {step: "{name: order, once: true, do: [{" + send + "}, {expect: 'item.ref == \"B\"'}]}", class: pipeline.Uncertain, orders: 1},
		"a retry of the block":      {step: "{name: order, once: true, retry: 2, do: [{" + send + "}, {expect: 'item.ref == \"B\"'}]}", class: pipeline.Uncertain, orders: 1},
		"a retry in the block":      {fault: first(true, steps.ErrTimeout), step: "{name: order, once: true, do: [{retry: 2, " + send + "}]}", class: pipeline.Uncertain, orders: 1},
		"before it, in a block":     {step: "{name: order, once: true, do: [{expect: 'item.ref == \"B\"'}, {" + send + "}]}", class: pipeline.Transient},
		"rescued in the block":      {fault: first(true, steps.ErrTimeout), step: "{name: order, once: true, do: [{try: [{" + send + "}], rescue: [{set: {late: 'yes'}}]}]}", status: pipeline.Done, orders: 1},
		"refused behind a redirect": {fault: first(true, &steps.RedirectedError{Err: status(404)}), class: pipeline.Uncertain, orders: 1},
		"the login is gone behind":  {fault: first(true, &steps.RedirectedError{Err: steps.ErrSessionLost}), class: pipeline.Uncertain, orders: 1},
		"what cannot be told":       {step: "{name: order, once: true, do: [{" + send + "}, {if: 'int(item.ref) > 0', fail: it is full}]}", class: pipeline.Uncertain, orders: 1},
		"told by the spec, for now": {step: fmt.Sprintf(refused, "transient"), class: pipeline.Transient, orders: 3},
		"told by the spec":          {step: fmt.Sprintf(refused, "rejected"), class: pipeline.Rejected, orders: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := &orderDesk{fault: c.fault}
			n := newOrders(t, d, good, cmp.Or(c.step, ordering), "record:", "classify: [{if: 'error.message contains \"retried\"', class: transient}]\nrecord:")
			if c.status == "" {
				c.status = pipeline.Failed
			}
			n.run()
			row := n.items()["A"]
			if row.Status != c.status || row.Class != c.class || d.orders["A"] != c.orders {
				t.Errorf("it is %s (%s: %s), ordered %d times, want %s (%s) and %d", row.Status, row.Class, row.Reason, d.orders["A"], c.status, c.class, c.orders)
			}
			if c.class != pipeline.Uncertain {
				return
			}
			if row.Attempts != 1 || !strings.Contains(row.Reason, "look on the site") {
				t.Errorf("after %d attempts: %s", row.Attempts, row.Reason)
			}
		})
	}
}

// A run that is stopped while the site has the order leaves it to be looked after; what
// its user finds out settles it.
func TestOnceInterrupted(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		done   bool
		orders int
		number string
	}{"done": {true, 1, "none"}, "redo": {false, 2, "1002"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := &orderDesk{}
			n := newOrders(t, d, good, ordering)
			ctx, cancel := context.WithCancel(t.Context())
			d.fault = func(int) (bool, error) {
				cancel()
				d.fault = nil
				return true, context.Canceled
			}
			if result, err := engine.Run(ctx, n.cfg); err != nil || !result.Interrupted || n.items()["A"].Status != pipeline.Pending {
				t.Fatalf("%+v, %v", result, err)
			}
			for range 2 {
				if row := n.again(); row.Class != pipeline.Uncertain || d.orders["A"] != 1 {
					t.Fatalf("%+v, ordered %v", row, d.orders)
				}
				if _, err := n.ledger.RetryFailed(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			if err := n.ledger.SettleOnce(t.Context(), []string{"A"}, c.done); err != nil {
				t.Fatal(err)
			}
			if row := n.again(); row.Status != pipeline.Done || d.orders["A"] != c.orders {
				t.Errorf("%+v, ordered %v", row, d.orders)
			}
			n.wantNumber(c.number)
		})
	}
}

// What was done for other values of the item is not taken for what is wanted now; a
// value that the step does not use may change.
func TestOnceForOtherValues(t *testing.T) {
	t.Parallel()
	const step = `{name: order, once: true, request: {url: /orders, method: POST, body: "${{ item.ref }}", query: {amount: "${{ item.amount }}"}}}`
	d := &orderDesk{}
	// of makes a run ready whose list has the item with this amount and price.
	of := func(amount, price int) *testRun {
		rows := fmt.Sprintf(`[{ref: A, amount: "%d", price: "%d"}]`, amount, price)
		return newOrders(t, d, good, step, "[{ref: A}, {ref: B}, {ref: C}, {ref: D}, {ref: E}, {ref: F}]", rows, "attempts: 3", "attempts: 1")
	}
	n := of(10, 1)
	for _, c := range []struct {
		amount, price int
		reason        string
	}{
		{10, 1, "no file"},
		{10, 2, "no file"},
		{12, 2, `"order" is to be done once, and was done when item.amount was "10", which is "12" now: look on the site`},
		{10, 2, `when the item had other values`},
	} {
		n.cfg.Spec = of(c.amount, c.price).cfg.Spec
		n.site.answer = func(context.Context, string, int) (string, error) { return "", errors.New("no file") }
		if row := n.again(); row.Status != pipeline.Failed || !strings.Contains(row.Reason, c.reason) {
			t.Errorf("%+v: %s", c, row.Reason)
		}
		if _, err := n.ledger.RetryFailed(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if err := n.ledger.SettleOnce(t.Context(), nil, true); err != nil {
		t.Fatal(err)
	}
	n.site.answer = good
	if row := n.again(); row.Status != pipeline.Done || d.asked != 1 {
		t.Errorf("%+v, asked %d times", row, d.asked)
	}
	n.wantNumber("1001")
}

// A step that has another name is not taken for one that has not begun.
func TestOnceRenamed(t *testing.T) {
	t.Parallel()
	d := &orderDesk{}
	n := newOrders(t, d, failsTwice, ordering, "attempts: 3", "attempts: 1")
	n.run()
	n.cfg.Spec = newOrders(t, &orderDesk{}, good, strings.Replace(ordering, "name: order", "name: request", 1), `size: "${{ file.size }}"`, "size: one").cfg.Spec
	if _, err := n.ledger.RetryFailed(t.Context()); err != nil {
		t.Fatal(err)
	}
	row := n.again()
	if row.Class != pipeline.Spec || d.orders["A"] != 1 || !strings.HasPrefix(row.Reason, `what the spec had done once for this item was called "order"`) {
		t.Errorf("%+v, ordered %v", row, d.orders)
	}
}

// A spec that looks itself whether the site has the order has no need of its user.
func TestOnceByIf(t *testing.T) {
	t.Parallel()
	d := &orderDesk{fault: func(int) (bool, error) { return true, steps.ErrTimeout }}
	look := "{name: orders, request: {url: /orders}}\n  - "
	n := newOrders(t, d, good, look+"{name: order, once: true, if: 'len(steps.orders.json) == 0', "+send+"}")
	if row := n.again(); row.Class != pipeline.Uncertain || d.orders["A"] != 1 {
		t.Fatalf("%+v, ordered %v", row, d.orders)
	}
	if _, err := n.ledger.RetryFailed(t.Context()); err != nil {
		t.Fatal(err)
	}
	if row := n.again(); row.Status != pipeline.Done || d.asked != 1 {
		t.Errorf("%+v, asked %d times", row, d.asked)
	}
}

// The ledger keeps no secret of what is done once, and knows it again all the same.
func TestOnceKeepsNoSecret(t *testing.T) {
	t.Parallel()
	d := &orderDesk{}
	const step = `{name: order, once: true, do: [{name: sent, request: {url: /orders, method: POST, body: "${{ item.pin }}"}}, {set: {pin: "${{ item.pin }}"}}]}`
	n := newOrders(t, d, failsTwice, step, "[{ref: A}, {ref: B}, {ref: C}, {ref: D}, {ref: E}, {ref: F}]", "[{ref: A, pin: hush-hush}]")
	n.cfg.Redact = strings.NewReplacer("hush-hush", "***").Replace
	n.run()
	entry := n.onceSteps("A")["order"]
	if row := n.items()["A"]; row.Status != pipeline.Done || row.Attempts != 3 || d.asked != 1 {
		t.Errorf("%+v, asked %d times", row, d.asked)
	}
	if entry.Item["pin"] != "***" || entry.Found.Vars["pin"] != nil || entry.Found.Steps["sent"] == nil {
		t.Errorf("on record: %+v, %+v", entry, entry.Found)
	}
}
