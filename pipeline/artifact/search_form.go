package artifact

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// What stands between two characters of a text.
const (
	noGap   = iota
	oneGap  // a space
	lineGap // the end of a line
	wideGap // more than one space
)

// searchForm is a text made ready for tolerant searches: two texts are the same
// when they differ in white space, invisible characters, the kind of a dash or
// Unicode form only.
type searchForm struct {
	text []rune // without white space
	gaps []byte // gaps[i] is what stands before text[i]
	// cells is true for a text of cells that commas part.
	cells bool
}

// The marks by which the PDF reader tells that a word goes on in the next line,
// behind a hyphen that it leaves out.
const (
	hyphenMark    = '\ufffe'
	hyphenControl = '\x02'
)

// newSearchForm makes a text ready. A hyphen at the end of a line may be part of
// the word, or only tell that the word goes on: keepHyphens says which.
func newSearchForm(text string, keepHyphens bool) searchForm {
	text = strings.Map(func(r rune) rune {
		switch {
		case r == '№':
			return '#'
		case strings.ContainsRune("⁰¹²³⁴⁵⁶⁷⁸⁹", r): // of a foot note, not of the number before it
			return ' '
		case r == hyphenControl:
			return hyphenMark
		}
		return r
	}, text)
	var f searchForm
	gap := byte(noGap)
	runes := []rune(norm.NFKC.String(text))
	for i := 0; i < len(runes); i++ {
		r := runes[i]
		switch {
		case r == hyphenMark, isDash(r) && i > 0 && unicode.IsLetter(runes[i-1]) && atLineEnd(runes[i+1:]):
			if gap = lineGap; keepHyphens {
				f.add('-', noGap)
			}
			continue
		case unicode.Is(unicode.Cf, r), r == '\u0640': // soft hyphens, marks of direction; a stroke that widens
			continue
		case !unicode.IsSpace(r) && unicode.IsGraphic(r):
			f.add(plain(r), gap)
			gap = noGap
			continue
		case strings.ContainsRune("\n\r\v\f\u0085\u2028\u2029", r):
			gap = lineGap
		case gap == oneGap:
			gap = wideGap
		case gap == noGap:
			gap = oneGap
		}
	}
	return f
}

func (f *searchForm) add(r rune, gap byte) {
	if len(f.text) == 0 {
		gap = lineGap
	}
	f.text, f.gaps = append(f.text, r), append(f.gaps, gap)
}

// atLineEnd tells whether a line ends, and a word goes on in the next.
func atLineEnd(rest []rune) bool {
	i := slices.IndexFunc(rest, func(r rune) bool { return !unicode.IsSpace(r) })
	return i > 0 && unicode.IsLetter(rest[i]) && slices.ContainsFunc(rest[:i], func(r rune) bool { return r == '\n' || r == '\r' })
}

// plain is the one of the signs that are written for it.
func plain(r rune) rune {
	switch {
	case isDash(r):
		return '-'
	case strings.ContainsRune("‘’‚‛′`´", r):
		return '\''
	case strings.ContainsRune("“”„‟″«»", r):
		return '"'
	case r >= '٠' && r <= '٩':
		return '0' + r - '٠'
	case r >= '۰' && r <= '۹':
		return '0' + r - '۰'
	}
	return r
}

func isDash(r rune) bool { return unicode.Is(unicode.Pd, r) || r == '\u2212' || r == '\u2043' }

// string is the text from one place to another, with its spaces.
func (f *searchForm) string(from, to int) string {
	var b strings.Builder
	for i := from; i < to; i++ {
		if i > from && f.gaps[i] != noGap {
			b.WriteByte(' ')
		}
		b.WriteRune(f.text[i])
	}
	return b.String()
}

// visual is the text in the order in which some programs put what is written
// from right to left into PDFs: as it is seen from left to right. Numbers and
// Latin words keep their order. It is false for a text that has nothing such.
func (f *searchForm) visual() (searchForm, bool) {
	if !slices.ContainsFunc(f.text, rightToLeft) {
		return searchForm{}, false
	}
	text, gaps := slices.Clone(f.text), slices.Clone(f.gaps)
	slices.Reverse(text)
	// The gap before a character is, in the other order, the one before the next.
	slices.Reverse(gaps)
	gaps = append([]byte{lineGap}, gaps[:len(gaps)-1]...)
	for i := 0; i < len(text); {
		j := i
		for j < len(text) && !rightToLeft(text[j]) && !unicode.IsMark(text[j]) {
			j++
		}
		slices.Reverse(text[i:j])
		if j-i > 1 {
			slices.Reverse(gaps[i+1 : j])
		}
		// A mark stays behind its letter.
		for ; j < len(text) && (rightToLeft(text[j]) || unicode.IsMark(text[j])); j++ {
			if j > i && j+1 < len(text) && unicode.IsMark(text[j]) && rightToLeft(text[j+1]) {
				text[j], text[j+1] = text[j+1], text[j]
			}
		}
		i = j
	}
	return searchForm{text: text, gaps: gaps}, true
}

func rightToLeft(r rune) bool {
	return unicode.IsLetter(r) && unicode.In(r, unicode.Hebrew, unicode.Arabic, unicode.Syriac, unicode.Thaana, unicode.Nko)
}
