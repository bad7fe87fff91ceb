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

const (
	// shortLeast is how many letters a word has at least that may be short for another,
	// shortFor how like the two are.
	shortLeast = 4
	shortFor   = 0.65
)

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
// the commonest slip; a word that is the beginning of another may be short for it.
func likeness(a, b string) float64 {
	switch {
	case a != b && letters(a) == letters(b):
		return 0.9
	case len(a) >= shortLeast && strings.HasPrefix(b, a):
		return max(shortFor, levenshtein.Similarity(a, b, nil))
	}
	return levenshtein.Similarity(a, b, nil)
}

func letters(word string) string {
	l := []byte(word)
	slices.Sort(l)
	return string(l)
}
