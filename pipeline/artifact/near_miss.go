package artifact

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/agext/levenshtein"
)

// maxCompared is how many words are compared with one that is missing.
const maxCompared = 50_000

// nearMiss says what stands in the text that a person would take for what is
// missing: a longer word, another case, a slip. It is "" when there is none.
func (h *haystack) nearMiss(text string, longer []string) string {
	f := &h.forms[0]
	for _, other := range longer {
		if found := h.find(0, other, true); len(found) > 0 {
			return fmt.Sprintf("it holds %q, which is another item's", f.string(found[0].from, found[0].to))
		}
	}
	if found := h.find(0, text, false); len(found) > 0 {
		whole := f.wordAround(found[0])
		if got := f.string(whole.from, whole.to); f.joined(found[0]) {
			return fmt.Sprintf("it holds %s, of which this is a part", excerpt(got))
		}
		return fmt.Sprintf("it holds %q, with gaps in it", f.string(found[0].from, found[0].to))
	}
	if got, best := f.nearest(text); best != "" {
		return fmt.Sprintf("it holds %s, which is %s", excerpt(got), best)
	}
	return ""
}

// wordAround is the word that a found text is part of.
func (f *searchForm) wordAround(s span) span {
	for s.from > 0 && f.gaps[s.from] == noGap {
		s.from--
	}
	for s.to < len(f.text) && (f.gaps[s.to] == noGap || f.gaps[s.to] == lineGap && f.text[s.to-1] == '-') {
		s.to++
	}
	for s.to > s.from+1 && strings.ContainsRune(".,:;!?)", f.text[s.to-1]) {
		s.to--
	}
	for s.from+1 < s.to && strings.ContainsRune("(#", f.text[s.from]) {
		s.from++
	}
	return s
}

// nearest is the word, or as many words as the text has, that is most like it.
func (f *searchForm) nearest(text string) (got, how string) {
	needle := newSearchForm(text, true)
	sought := needle.string(0, len(needle.text))
	words := strings.Count(sought, " ") + 1
	var starts []int
	for i := range f.text {
		if i == 0 || f.gaps[i] != noGap {
			starts = append(starts, i)
		}
	}
	seen := map[string]bool{}
	for i := 0; i+words <= len(starts) && len(seen) < maxCompared; i++ {
		to := len(f.text)
		if i+words < len(starts) {
			to = starts[i+words]
		}
		s := f.trimmed(span{starts[i], to})
		if diff := s.to - s.from - len(needle.text); diff < -2 || diff > 2 {
			continue
		}
		word := f.string(s.from, s.to)
		if seen[word] {
			continue
		}
		seen[word] = true
		switch {
		case strings.EqualFold(word, sought):
			return word, "the same but for upper and lower case"
		case how == "" && alike(word, sought):
			got, how = word, "nearly the same"
		}
	}
	return got, how
}

// trimmed leaves out the signs around words.
func (f *searchForm) trimmed(s span) span {
	sign := func(r rune) bool { return unicode.IsPunct(r) || unicode.IsSymbol(r) }
	for s.from+1 < s.to && sign(f.text[s.from]) {
		s.from++
	}
	for s.to > s.from+1 && sign(f.text[s.to-1]) {
		s.to--
	}
	return s
}

// alike tells words that differ in characters that look the same, or in one.
func alike(a, b string) bool {
	n := len([]rune(b))
	if n < 5 {
		return false
	}
	if lookalikes.Replace(a) == lookalikes.Replace(b) {
		return true
	}
	most := 1
	if n >= 10 {
		most = 2
	}
	return levenshtein.Distance(a, b, nil) <= most
}

// lookalikes are characters that people, and the readers of scans, mistake.
var lookalikes = strings.NewReplacer("O", "0", "o", "0", "Q", "0", "I", "1", "l", "1", "|", "1", "S", "5", "B", "8", "Z", "2",
	"А", "A", "В", "B", "Е", "E", "К", "K", "М", "M", "Н", "H", "О", "0", "Р", "P", "С", "C", "Т", "T", "Х", "X")
