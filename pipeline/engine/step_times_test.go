package engine_test

import (
	"testing"

	"pipe/pipeline"
)

// The ledger tells of each attempt which steps ran, nested ones too and in the order of
// their beginning, and of a loop no more than is of use.
func TestStepTimes(t *testing.T) {
	t.Parallel()
	n := newTestRun(t, newSite(t, good), 1,
		"{ref: A}, {ref: B}, {ref: C}, {ref: D}, {ref: E}, {ref: F}", "{ref: A}",
		"download:", "navigate: {steps: [{log: begin}, {if: \"${{ item.ref == 'B' }}\", log: never}]}\n"+
			"download:\n  - while: {if: \"${{ vars.round < 700 }}\", index: round, most: 700, do: [{log: again}]}\n    if: \"${{ item.ref == 'X' }}\"")
	n.want(n.run(), pipeline.Totals{In: 1, Done: 1})
	got := n.attempts("A")[0].Steps
	want := []string{"navigate.steps[0].log", "download[1].capture", "download[1].capture.fetch"}
	if len(got) != len(want) {
		t.Fatalf("got the times of %v, want those of %v", got, want)
	}
	for i, s := range got {
		if s.Step != want[i] || s.At < 0 || s.Took < 0 || i > 0 && s.At < got[i-1].At {
			t.Errorf("step %d: got %+v, want %s, and no time below 0", i, s, want[i])
		}
	}
}

// A step that fails was timed, and so are those that it stands in, and no more than 500
// of those of a loop.
func TestStepTimesOfALoop(t *testing.T) {
	t.Parallel()
	n := newTestRun(t, newSite(t, good), 1,
		"{ref: A}, {ref: B}, {ref: C}, {ref: D}, {ref: E}, {ref: F}", "{ref: A}", "attempts: 3", "attempts: 1",
		"download:", "download:\n  - while: {if: true, most: 700, do: [{log: again}]}")
	n.want(n.run(), pipeline.Totals{In: 1, Failed: 1})
	got := n.attempts("A")[0].Steps
	if len(got) != 500 {
		t.Fatalf("got the times of %d steps, want 500", len(got))
	}
	if got[0].Step != "download[0].while" || got[1].Step != "download[0].while.do[0].log" || got[0].Took < got[499].At-got[0].At {
		t.Errorf("got %+v, %+v … %+v: want the loop first, and it lasts as long as what is in it", got[0], got[1], got[499])
	}
}

// attempts are those at an item, in their order.
func (n *testRun) attempts(key string) (all []pipeline.AttemptRow) {
	n.Helper()
	for a, err := range n.ledger.Attempts(n.Context(), pipeline.Of{Key: key}) {
		if err != nil {
			n.Fatal(err)
		}
		all = append(all, a)
	}
	return all
}
