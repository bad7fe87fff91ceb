package document

import (
	"fmt"
	"slices"
	"strings"

	"github.com/agext/levenshtein"
)

// DidYouMean gives ` (did you mean "x"?)` when one of the names is near, or "".
func DidYouMean(name string, names []string) string {
	near := Nearest(name, names)
	if near == "" {
		return ""
	}
	return fmt.Sprintf(" (did you mean %q?)", near)
}

// Nearest gives the one of the names that is like a name, "" for none.
func Nearest(name string, names []string) string {
	if len(name) > 60 {
		return ""
	}
	best, score := "", 0.0
	for _, n := range names {
		if s := likeness(strings.ToLower(name), strings.ToLower(n)); s > score {
			best, score = n, s
		}
	}
	if score < 0.6 {
		return ""
	}
	return best
}

// likeness of two words is from 0 to 1. Letters that have changed places are
// the commonest slip.
func likeness(a, b string) float64 {
	if a != b && letters(a) == letters(b) {
		return 0.9
	}
	return levenshtein.Similarity(a, b, nil)
}

func letters(word string) string {
	l := []byte(word)
	slices.Sort(l)
	return string(l)
}
