package heal

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// textsAlike tells how much two texts are alike, from 0 to 1: by their words and, for words
// that were bent, by their pairs of letters. Capitals do not count.
func textsAlike(a, b string) float64 {
	signs := map[string]string{}
	a, b = folded(a, signs), folded(b, signs)
	switch {
	case a == b:
		return 1
	case a == "" || b == "":
		return 0
	}
	return 0.9 * max(shared(strings.Fields(a), strings.Fields(b)), shared(pairs(a), pairs(b)))
}

// expression is a value of the item's in a text.
var expression = regexp.MustCompile(`\$\{\{.*?\}\}`)

// folded gives a text in small letters, with a sign of its own for each expression: two
// values are not alike for the letters of their names.
func folded(text string, signs map[string]string) string {
	sign := '\uE000' // of the private use area
	for range signs {
		sign++
	}
	text = expression.ReplaceAllStringFunc(text, func(one string) string {
		if signs[one] == "" {
			signs[one] = strings.Repeat(string(sign), 4)
			sign++
		}
		return signs[one]
	})
	return strings.ToLower(strings.TrimSpace(text))
}

// pairs are the pairs of letters of a text.
func pairs(text string) []string {
	letters := []rune(text)
	var all []string
	for i := 0; i+1 < len(letters); i++ {
		all = append(all, string(letters[i:i+2]))
	}
	return all
}

// shared is how much of two lists is in both, as Dice has it.
func shared(a, b []string) float64 {
	if len(a)+len(b) == 0 {
		return 1
	}
	count := map[string]int{}
	for _, x := range a {
		count[x]++
	}
	both := 0
	for _, x := range b {
		if count[x] > 0 {
			count[x]--
			both++
		}
	}
	return 2 * float64(both) / float64(len(a)+len(b))
}

// inOrder is how much of two lists is in both in the same order.
func inOrder(a, b []string, alike func(x, y string) float64) float64 {
	if len(a)+len(b) == 0 {
		return 1
	}
	best := make([]float64, len(b)+1)
	for _, x := range a {
		diagonal := 0.0
		for j, y := range b {
			above := best[j+1]
			best[j+1] = max(above, best[j], diagonal+alike(x, y))
			diagonal = above
		}
	}
	return 2 * best[len(b)] / float64(len(a)+len(b))
}

// ordered gives the names of attributes, those that name an element best first.
func ordered(attributes map[string]string) []string {
	names := slices.Collect(maps.Keys(attributes))
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(cmp.Compare(attributeWeights[b], attributeWeights[a]), cmp.Compare(a, b))
	})
	return names
}
