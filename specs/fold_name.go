package specs

import (
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// FoldName maps names that some file system takes for the same to one string.
func FoldName(name string) string {
	folded := strings.Map(leastOfCase, cases.Fold().String(norm.NFD.String(name)))
	return norm.NFD.String(folded)
}

// leastOfCase gives the least of the runes that differ in case alone. Some, as
// those of Cherokee, cases.Fold leaves as they are.
func leastOfCase(r rune) rune {
	least := r
	for other := unicode.SimpleFold(r); other != r; other = unicode.SimpleFold(other) {
		least = min(least, other)
	}
	return least
}
