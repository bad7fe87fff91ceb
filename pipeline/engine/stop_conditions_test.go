package engine_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"pipe/pipeline"
	"pipe/pipeline/engine"
	"pipe/specs"
	"pipe/specs/expr"
	"pipe/steps"
)

// many is a source of n items, R1 to Rn.
func many(n int) string {
	var rows []string
	for i := range n {
		rows = append(rows, fmt.Sprintf("{ref: R%d}", i+1))
	}
	return "[" + strings.Join(rows, ", ") + "]"
}

const six = "[{ref: A}, {ref: B}, {ref: C}, {ref: D}, {ref: E}, {ref: F}]"

// pick is one error or another.
func pick(first bool, one, other error) error {
	if first {
		return one
	}
	return other
}

// absent is the error of a step that did not find its element.
func absent() error {
	t := specs.Target{Any: []specs.Locator{{Role: "button"}}}
	return &steps.AbsentError{Target: t, Err: fmt.Errorf("waiting for button: %w", steps.ErrTimeout)}
}

// A run that makes no sense is stopped; what is not settled is pending, and a
// run that makes sense goes on.
func TestStopWhen(t *testing.T) {
	t.Parallel()
	missing := &steps.StatusError{Status: 404}
	for name, c := range map[string]struct {
		when string
		// fault is what goes wrong with the n-th item.
		fault func(n int) error
		// stop is in the error that ends the run; "" for none.
		stop   string
		failed int
	}{
		"too many":               {"{failures: 3}", func(int) error { return missing }, "3 of 3 items have failed", 3},
		"not so many":            {"{failures: 3}", func(n int) error { return on(n%15 == 0, missing) }, "", 2},
		"too large a part":       {"{failures: 20%}", func(n int) error { return on(n%4 == 0, missing) }, "items have failed, which is too many", 5},
		"a part of too few":      {"{failures: 20%}", func(n int) error { return on(n < 4, missing) }, "", 3},
		"in a row":               {"{in_a_row: {not_found: 4, rejected: 2}}", func(n int) error { return on(n > 10, missing) }, "4 items in a row failed as not_found", 4},
		"in a row, of any class": {"{in_a_row: 4}", func(n int) error { return on(n > 10, missing) }, "4 items in a row failed as not_found", 4},
		"not in a row":           {"{in_a_row: {not_found: 3}}", func(n int) error { return on(n%4 == 0, missing) }, "", 7},
		"drift":                  {"{}", func(int) error { return absent() }, "all of the first 5 items failed at download[0].capture (night.yaml:6:5), where button is not to be seen", 0},
		"drift, sooner":          {"{drift: 2}", func(int) error { return absent() }, "all of the first 2 items failed at", 0},
		"no drift":               {"{drift: 0, alike: 0}", func(int) error { return absent() }, "", 30},
		"one came through":       {"{drift: 10}", func(n int) error { return on(n > 1, absent()) }, "", 29},
		"something else besides": {"{drift: 10}", func(n int) error { return on(n%3 != 0, absent()) }, "", 20},
		"drift and slips": {"{drift: 4}", func(n int) error {
			if n%2 == 0 {
				return errors.New("reset")
			}
			return absent()
		}, "all of the first 4 items failed at", 0},
		"missing and not found": {"{drift: 10}", func(n int) error {
			if n%3 == 0 {
				return missing
			}
			return absent()
		}, "", 30},
		"a value of all":         {"{}", func(int) error { return fmt.Errorf("total %w", &expr.ValueError{Reason: `is "n/a", no number`}) }, "all of the first 5 items failed at download[0].capture (night.yaml:6:5), the last: total is \"n/a\", no number", 0},
		"an error of the site's": {"{alike: 0}", func(int) error { return fmt.Errorf("%w (%w)", &steps.StatusError{Status: 500}, absent()) }, "", 30},
		"all alike":              {"{}", func(int) error { return missing }, "all of the first 10 items failed at download[0].capture (night.yaml:6:5) as not_found (stop_when.alike)", 10},
		"alike, sooner": {
			"{alike: 3}", func(int) error { return &steps.ClassError{Class: "rejected", Err: errors.New("not yours")} },
			"all of the first 3 items failed at download[0].capture (night.yaml:6:5) as rejected (stop_when.alike), the last: not yours", 3,
		},
		"alike but one": {"{alike: 3}", func(n int) error { return on(n != 2, missing) }, "", 29},
		"of two classes": {"{alike: 3}", func(n int) error {
			return pick(n == 2, &steps.ClassError{Class: "rejected", Err: errors.New("not yours")}, missing)
		}, "", 30},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, func(_ context.Context, key string, _ int) (string, error) {
				var n int
				_, _ = fmt.Sscanf(key, "R%d", &n)
				return "the file of " + key, c.fault(n)
			})
			retry := "confirm: [], attempts: 1"
			if c.stop != "" {
				retry = "confirm: [], attempts: 2" // it does not come to the second
			}
			n := newTestRun(t, s, 1, six, many(30), "retry:", "pool: {fetches: 1}\nstop_when: "+c.when+"\nretry:", "attempts: 3", retry, "initial: 1ms", "initial: 1m", "max: 2ms", "max: 1m")
			result, err := engine.Run(t.Context(), n.cfg)
			var stop *engine.StopError
			if errors.As(err, &stop) != (c.stop != "") || err != nil && !strings.Contains(err.Error(), c.stop) {
				t.Fatalf("got %v, want %q", err, c.stop)
			}
			// An item that fails overtakes those under proof, two at most.
			over := result.Totals.Failed - c.failed
			if over < 0 || over > 2 || c.stop == "" && over > 0 || c.stop != "" && result.Totals.Pending == 0 {
				t.Errorf("got %+v, want %d failed", result.Totals, c.failed)
			}
			if c.stop == "" {
				return
			}
			if told := n.kinds(pipeline.Stopping); len(told) != 1 || !strings.Contains(told[0].Reason, c.stop) {
				t.Errorf("told %+v", told)
			}
			for key, row := range n.items() {
				if row.Status == pipeline.Pending && row.Class == pipeline.Interrupted && row.Attempts > 1 {
					t.Errorf("%s was in hand and has %d attempts", key, row.Attempts)
				}
			}
		})
	}
}

// A file that is on its way while others fail shows that the run makes sense, though they
// are told first.
func TestStopWaitsForFiles(t *testing.T) {
	t.Parallel()
	for name, when := range map[string]string{"alike": "{alike: 3}", "drift": "{drift: 3}"} {
		inBubble(t, name, func(t *testing.T) {
			s := newSite(t, func(ctx context.Context, key string, _ int) (string, error) {
				switch {
				case key == "R1":
					select {
					case <-time.After(20 * time.Second):
					case <-ctx.Done():
					}
				case key < "R6" && name == "drift":
					return "", absent()
				case key < "R6":
					return "", &steps.StatusError{Status: 404}
				}
				return "the file of " + key, nil
			})
			n := newTestRun(t, s, 1, six, many(9), "retry:", "pool: {fetches: 3}\nstop_when: "+when+"\nretry:", "attempts: 3", "confirm: [], attempts: 1")
			n.want(n.run(), pipeline.Totals{In: 9, Done: 5, Failed: 4})
		})
	}
}

func on(holds bool, err error) error {
	if holds {
		return err
	}
	return nil
}
