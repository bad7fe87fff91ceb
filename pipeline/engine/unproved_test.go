package engine_test

import (
	"fmt"
	"slices"
	"testing"

	"pipe/pipeline"
	"pipe/steps"
)

// A session that is gone without a sign when a page comes home may have been gone for the
// item before: that is pending again, and the next run does it.
func TestItemBeforeGuest(t *testing.T) {
	t.Parallel()
	s := newSite(t, good)
	visits := 0
	s.home = func() error {
		if visits++; visits == 3 {
			return &pipeline.GuestError{Err: fmt.Errorf("%w: at home", steps.ErrSessionLost)}
		}
		return nil
	}
	n := newTestRun(t, s, 1, "[{ref: A}, {ref: B}, {ref: C}, {ref: D}, {ref: E}, {ref: F}]", "[{ref: A}, {ref: B}, {ref: C}]")
	result := n.run()
	n.want(result, pipeline.Totals{In: 3, Done: 2, Pending: 1})
	if !slices.Equal(result.Doubted, []string{"B"}) {
		t.Errorf("in doubt: %q", result.Doubted)
	}
	result = n.run()
	n.want(result, pipeline.Totals{In: 3, Done: 3})
	if row := n.items()["B"]; row.Attempts != 2 || len(result.Doubted) > 0 {
		t.Errorf("B was done by %d attempts, in doubt are %q", row.Attempts, result.Doubted)
	}
}
