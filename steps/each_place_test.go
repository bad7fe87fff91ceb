package steps

import (
	"strings"
	"testing"
)

func TestPlaceOf(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		before string
		i      int
		now    string
		want   int
	}{
		{"a b c", 1, "a b c", 1}, {"a b c", 1, "A b c", 1}, // as it was, and one that was done has another text
		{"a b c", 1, "b c", 0}, {"a b c", 2, "c", 0}, // those done have gone
		{"a b c", 1, "x a b c", 2}, {"a b c", 1, "c b a", 1}, // others came; they are in another order
		{"a b c", 1, "a c", -1}, {"a b c", 2, "a b", -1}, {"a b c", 1, "", -1}, // its own has gone
		{"a b c", 1, "a B c", 1},                                         // its text has changed
		{"a a", 1, "a", 0}, {"a b a", 2, "b a", 1}, {"a a", 1, "a a", 1}, // equal ones, of which those done go, or stay
		{"a a b", 1, "a b", 0}, {"b a", 1, "a b a", 2}, // equal ones come before
	} {
		if got := placeOf(strings.Fields(c.before), c.i, strings.Fields(c.now)); got != c.want {
			t.Errorf("element %d of %q in %q: %d, want %d", c.i, c.before, c.now, got, c.want)
		}
	}
}
