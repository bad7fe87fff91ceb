package artifact

import (
	"slices"
	"strings"
	"unicode"
)

// haystack is a text to search.
type haystack struct {
	forms []searchForm
	flat  []string // the forms' texts
}

// newHaystack makes a text ready; in one of cells a comma parts numbers.
func newHaystack(text string, cells bool) *haystack {
	h := &haystack{}
	for _, keep := range []bool{true, false} {
		form := newSearchForm(text, keep)
		form.cells = cells
		if keep || len(form.text) != len(h.forms[0].text) {
			h.forms, h.flat = append(h.forms, form), append(h.flat, string(form.text))
		}
	}
	return h
}

// blank is true when there is nothing to find.
func (h *haystack) blank() bool { return len(h.forms[0].text) == 0 }

// span is where a text stands in a form.
type span struct{ from, to int }

// contains tells whether a text stands in it as whole words, and not only as a
// part of one of the longer texts.
func (h *haystack) contains(text string, longer []string) bool {
	for i := range h.forms {
		var others []span
		for _, other := range longer {
			others = append(others, h.find(i, other, true)...)
		}
		for _, s := range h.find(i, text, true) {
			if !slices.ContainsFunc(others, func(o span) bool { return o.from <= s.from && s.to <= o.to }) {
				return true
			}
		}
	}
	return false
}

// mentions tells whether a text stands in it anyhow, also as a part of a word.
func (h *haystack) mentions(text string) bool {
	for i := range h.forms {
		if len(h.find(i, text, false)) > 0 {
			return true
		}
	}
	return false
}

// find gives the places of a text, those alone where it is whole words, or all.
func (h *haystack) find(form int, text string, whole bool) []span {
	needle := newSearchForm(text, true)
	found := h.places(form, needle, whole)
	if other, ok := needle.visual(); ok {
		found = append(found, h.places(form, other, whole)...)
	}
	return found
}

func (h *haystack) places(form int, needle searchForm, whole bool) (found []span) {
	f, flat, sought := &h.forms[form], h.flat[form], string(needle.text)
	if sought == "" {
		return nil
	}
	// at is in runes, and counted on from one place to the next.
	for at, byteAt := 0, 0; ; {
		next := strings.Index(flat[byteAt:], sought)
		if next < 0 {
			return found
		}
		at += len([]rune(flat[byteAt : byteAt+next]))
		byteAt += next
		s := span{at, at + len(needle.text)}
		if !whole || f.unbroken(s, needle) && !f.joined(s) {
			found = append(found, s)
		}
		at++
		byteAt += len(string(needle.text[0]))
	}
}

// mixedLeast and digitsLeast are how many characters a text has at least that is
// also found with gaps in it, one of digits alone at the end: shorter ones would be
// found in neighbouring cells of a table.
const (
	mixedLeast  = 5
	digitsLeast = 8
)

// unbroken tells whether a found text is one, for all the gaps in it: lines
// break, and PDFs space letters at will.
func (f *searchForm) unbroken(s span, needle searchForm) bool {
	broken := false
	for i := s.from + 1; i < s.to; i++ {
		broken = broken || f.gaps[i] != noGap && needle.gaps[i-s.from] == noGap
	}
	least := mixedLeast
	if !slices.ContainsFunc(needle.text, func(r rune) bool { return !unicode.IsDigit(r) }) {
		least = digitsLeast
	}
	return !broken || len(needle.text) >= least || f.spaced(s)
}

// joined tells whether a found text is part of a longer word.
func (f *searchForm) joined(s span) bool {
	if f.spaced(s) && (f.lettersGoOn(s.from-1, s.from) || f.lettersGoOn(s.to, s.to)) {
		return true
	}
	return f.joinedBefore(s.from) || f.joinedAfter(s.to)
}

func (f *searchForm) joinedBefore(i int) bool {
	if i == 0 || f.gaps[i] != noGap && (f.gaps[i] != lineGap || f.text[i-1] != '-') {
		return false
	}
	if f.gaps[i] == lineGap {
		return i > 1 && f.gaps[i-1] == noGap && isWord(f.text[i-2]) && unicode.IsDigit(f.text[i])
	}
	if isWord(f.text[i-1]) {
		return isWord(f.text[i]) || isJoint(f.text[i])
	}
	return i > 1 && f.gaps[i-1] == noGap && f.joins(i-1)
}

func (f *searchForm) joinedAfter(i int) bool {
	if i == len(f.text) || f.gaps[i] != noGap {
		return false
	}
	if isWord(f.text[i]) {
		return isWord(f.text[i-1]) || isJoint(f.text[i-1])
	}
	if i+1 == len(f.text) {
		return false
	}
	wrapped := f.gaps[i+1] == lineGap && f.text[i] == '-' && unicode.IsDigit(f.text[i+1])
	return (f.gaps[i+1] == noGap || wrapped) && f.joins(i)
}

// joins tells whether a sign makes one word of what stands before and behind it:
// a dash or a slash of any, what stands in numbers of digits.
func (f *searchForm) joins(sign int) bool {
	before, after := f.text[sign-1], f.text[sign+1]
	if !isWord(before) || !isWord(after) {
		return false
	}
	signs := ".,:'"
	if f.cells {
		signs = ".:'"
	}
	return isJoint(f.text[sign]) || strings.ContainsRune(signs, f.text[sign]) && unicode.IsDigit(before) && unicode.IsDigit(after)
}

func isJoint(r rune) bool { return r == '-' || r == '/' || r == '_' }

// isWord tells the characters that make words. Those of scripts that set no
// spaces between words stand for themselves.
func isWord(r rune) bool {
	if unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar, unicode.Tibetan) {
		return false
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)
}

// alone tells whether a character has gaps on both sides.
func (f *searchForm) alone(i int) bool {
	return i >= 0 && i < len(f.text) && f.gaps[i] != noGap && (i+1 == len(f.text) || f.gaps[i+1] != noGap)
}

// spaced tells whether all that is found are single characters in a line of such,
// some of them letters: P a g e  1 0. Digits alone are the cells of a table.
func (f *searchForm) spaced(s span) bool {
	for i := s.from; i < s.to; i++ {
		if !f.alone(i) || i > s.from && f.gaps[i] != oneGap {
			return false
		}
	}
	const reach = 30
	letters, all := 0, s.to-s.from
	count := func(i int) { // of the characters around
		if all++; unicode.IsLetter(f.text[i]) {
			letters++
		}
	}
	for i := s.from - 1; f.alone(i) && s.from-i < reach; i-- {
		count(i)
	}
	for i := s.to; f.alone(i) && i-s.to < reach; i++ {
		count(i)
	}
	for _, r := range f.text[s.from:s.to] {
		if unicode.IsLetter(r) {
			letters++
		}
	}
	return letters >= 2 && all >= 4
}

// lettersGoOn tells whether a spaced word goes on with the character i, which
// the gap before gap parts from it.
func (f *searchForm) lettersGoOn(i, gap int) bool {
	return f.alone(i) && gap < len(f.gaps) && f.gaps[gap] == oneGap && isWord(f.text[i])
}
