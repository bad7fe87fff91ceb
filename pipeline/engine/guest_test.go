package engine_test

import (
	"fmt"
	"slices"
	"testing"

	"pipe/pipeline"
	"pipe/steps"
)

// However an item ends as a guest's, it is done again under a login, at no cost.
func TestGuestsItem(t *testing.T) {
	t.Parallel()
	const first = "download:\n  - set: {guest: yes}\n"
	for name, edits := range map[string][]string{
		"done":    nil,
		"skipped": {"download:\n", first + "  - {if: 'vars.guest == \"yes\"', skip: there is none}\n"},
		"failed":  {"download:\n", first + "  - {if: 'vars.guest == \"yes\"', fail: {class: not_found, reason: no such item}}\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, good)
			var ends []bool
			s.guest = func(again bool) error {
				if ends = append(ends, again); !again {
					return fmt.Errorf("%w: for guests", steps.ErrSessionLost)
				}
				return nil
			}
			n := newTestRun(t, s, 1, append([]string{"[{ref: A}, {ref: B}, {ref: C}, {ref: D}, {ref: E}, {ref: F}]", "[{ref: A}]"}, edits...)...)
			n.run()
			if !slices.Equal(ends[:2], []bool{false, true}) {
				t.Errorf("its ends were %v", ends)
			}
			failed := n.kinds(pipeline.AttemptFailed)
			if len(failed) == 0 || failed[0].Class != pipeline.SessionLost {
				t.Errorf("its attempts failed by %+v", failed)
			}
			runs, err := n.ledger.Runs(t.Context())
			if err != nil || runs[0].Uncounted == 0 {
				t.Errorf("%d attempts cost nothing (%v)", runs[0].Uncounted, err)
			}
			if row := n.items()["A"]; name == "done" && (row.Status != pipeline.Done || row.Attempts != 2) {
				t.Errorf("it is %s after %d attempts", row.Status, row.Attempts)
			}
		})
	}
}
