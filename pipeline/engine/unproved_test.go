package engine_test

import (
	"fmt"
	"testing"

	"pipe/pipeline"
	"pipe/steps"
)

// A session that is gone without a sign when a page comes home may have been gone for the
// item before: that is done again, at no cost.
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
	n := newTestRun(t, s, 1, "[{ref: A}, {ref: B}, {ref: C}, {ref: D}, {ref: E}, {ref: F}]", "[{ref: A}, {ref: B}, {ref: C}, {ref: D}]", "attempts: 3", "attempts: 1")
	result := n.run()
	n.want(result, pipeline.Totals{In: 4, Done: 4})
	if result.Done != 4 {
		t.Errorf("this run has done %d", result.Done)
	}
	for ref, attempts := range map[string]int{"A": 1, "B": 2, "C": 2, "D": 1} {
		if row := n.items()[ref]; row.Attempts != attempts {
			t.Errorf("%s was done by %d attempts, not %d", ref, row.Attempts, attempts)
		}
	}
}
