package engine

import (
	"slices"
	"testing"

	"pipe/pipeline"
)

// Which items a page that finds the session gone casts into doubt: the last of each page
// of its context, where it was not home since, and not those that were done again.
func TestUnproved(t *testing.T) {
	t.Parallel()
	one, two, other := pipeline.Worker{Name: "c1p1", Context: "c1"}, pipeline.Worker{Name: "c1p2", Context: "c1"}, pipeline.Worker{Name: "c2p1", Context: "c2"}
	u := newUnproved([]pipeline.Worker{one, two, other})
	if found := u.gone(one); found != nil {
		t.Errorf("before the first: %q", found)
	}
	u.ended(one, "A")
	u.home(one)
	u.ended(one, "B")
	u.ended(two, "C")
	u.ended(other, "D")
	if found := u.gone(two); !slices.Equal(found, []string{"B", "C"}) {
		t.Errorf("in doubt are %q", found)
	}
	if found := u.gone(one); found != nil {
		t.Errorf("again: %q", found)
	}
	u.home(one)
	u.ended(one, "B")
	if !slices.Equal(u.doubted, []string{"C"}) {
		t.Errorf("in doubt stay %q", u.doubted)
	}
	if u.leave(two) || !u.leave(one) || !u.leave(other) {
		t.Error("the last page of a context looks for its last items")
	}
}
