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
	gone := func(u *unproved, w pipeline.Worker) (keys []string) {
		for _, j := range u.gone(w) {
			keys = append(keys, j.item.Key)
		}
		slices.Sort(keys)
		return keys
	}
	item := func(key string) *job { return &job{item: pipeline.Item{Key: key}} }
	u := newUnproved([]pipeline.Worker{one, two, other})
	if found := gone(u, one); found != nil {
		t.Errorf("before the first: %q", found)
	}
	u.ended(one, item("A"))
	u.home(one)
	u.ended(one, item("B"))
	u.ended(two, item("C"))
	u.ended(other, item("D"))
	if found := gone(u, two); !slices.Equal(found, []string{"B", "C"}) {
		t.Errorf("in doubt are %q", found)
	}
	if found := gone(u, one); found != nil {
		t.Errorf("again: %q", found)
	}
	u.ended(one, item("E"))
	if u.leave(two) || !u.leave(one) || !u.leave(other) {
		t.Error("the last page of a context looks for its last items")
	}
}
