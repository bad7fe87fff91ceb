package codegen

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"pipe/specs"
)

// variable is a value of the recording, and the expression that the spec has in its place.
type variable struct{ value, expression string }

type variables []variable

// add makes an expression stand for a value, unless one does already.
func (v *variables) add(value, expression string) {
	value = strings.TrimSpace(value)
	if value == "" || slices.ContainsFunc(*v, func(is variable) bool { return is.value == value }) {
		return
	}
	*v = append(*v, variable{value, expression})
	slices.SortStableFunc(*v, func(a, b variable) int { return cmp.Compare(len(b.value), len(a.value)) })
}

// in gives a text with expressions in the values' places, the longest value first. A value
// counts where it stands by itself: A1 is not in A10.
func (v variables) in(text string) string {
	return v.replace(text, func(s string) []string { return []string{s} })
}

// inAddress is in for an address, in which values stand escaped.
func (v variables) inAddress(address string) string {
	return v.replace(address, func(s string) []string {
		return []string{url.PathEscape(s), url.QueryEscape(s), s}
	})
}

// has tells whether one of the values stands in the text.
func (v variables) has(text string) bool { return v.in(text) != literal(text) }

func (v variables) replace(text string, forms func(string) []string) string {
	var out strings.Builder
	start := 0
next:
	for i := 0; i < len(text); {
		for _, one := range v {
			for _, form := range forms(one.value) {
				if strings.HasPrefix(text[i:], form) && ends(form, text[i+len(form):]) && begins(form, text[:i]) {
					out.WriteString(literal(text[start:i]) + "${{ " + one.expression + " }}")
					i += len(form)
					start = i
					continue next
				}
			}
		}
		_, size := utf8.DecodeRuneInString(text[i:])
		i += size
	}
	out.WriteString(literal(text[start:]))
	return out.String()
}

// begins tells whether a value that follows a text is no part of a longer word.
func begins(value, before string) bool {
	first, _ := utf8.DecodeRuneInString(value)
	last, _ := utf8.DecodeLastRuneInString(before)
	return !wordRune(first) || !wordRune(last) || before == ""
}

// ends tells whether a value that a text follows is no part of a longer word.
func ends(value, after string) bool {
	last, _ := utf8.DecodeLastRuneInString(value)
	first, _ := utf8.DecodeRuneInString(after)
	return !wordRune(first) || !wordRune(last) || after == ""
}

func wordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// literal gives a text that holds no expression, whatever it looks like.
func literal(text string) string { return strings.ReplaceAll(text, "${{", "${{ '$' }}{{") }

// inLocator gives a locator with expressions in the values' places.
func (v variables) inLocator(l specs.LocatorText) specs.LocatorText {
	for _, field := range locatorTexts(&l) {
		*field = v.in(*field)
	}
	frames := slices.Clone(l.Frame)
	for i := range frames {
		frames[i] = v.in(frames[i])
	}
	l.Frame = frames
	return l
}

// hasIn tells whether one of the values stands in a locator.
func (v variables) hasIn(l specs.LocatorText) bool {
	return slices.ContainsFunc(locatorTexts(&l), func(field *string) bool { return v.has(*field) })
}

func locatorTexts(l *specs.LocatorText) []*string {
	return []*string{&l.Selector, &l.Name, &l.Label, &l.Text, &l.Placeholder, &l.TestID}
}
